"""Movements from the input folder to the release: everyone accounted for, nothing under ten told, and the audit looks."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.audit import audit, audit_path
from rcs_core.audit.movements import COLUMNS, movement_leaks
from rcs_core.contracts import check_folder
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.movements import check_movements, counted, lost
from rcs_core.records.ingest import ingest
from rcs_core.records.ledgers import map_spend
from rcs_core.records.ledgers.merge import Home
from rcs_core.records.ledgers.movements import movements_table
from rcs_core.records.ledgers.tables import Context
from rcs_core.release import Table
from rcs_core.vocab import Severity
from tests.tiny_folder import write_tiny

HEAD = "financial_year,month,service_id,age_band,movement,moved_to,children"
SOUND = [
    "2024-25,,S002,all_ages,at_start,,40", "2024-25,,S002,all_ages,start,,30", "2024-25,,S002,all_ages,end,,25",
    "2025-26,,S002,all_ages,at_start,,45", "2025-26,,S002,all_ages,start,,20", "2025-26,,S002,all_ages,end,,22",
]  # fmt: skip
INPUT = HEAD.split(",")


def table(lines: list[str]) -> Mended:
    rows = [[*line.split(","), str(place)] for place, line in enumerate(lines, start=2)]
    frame = pd.DataFrame(rows, columns=[*INPUT, "_row"]).astype({"_row": "int64"})
    return Mended("movements.csv", "", frame, [], {}, [])


def said(lines: list[str]) -> list[tuple[str, tuple[int, ...], str]]:
    """Each breach: what was expected, in which rows, and the first value."""
    return [(b.rule, tuple(b.rows), b.values[0]) for b in check_movements({"movements": table(lines)})]


def published(rows: list[tuple], least: int = 10) -> tuple[pd.DataFrame | None, list[str]]:
    """The release's movements, and what the desk is told, of placements that each stand by themselves."""
    frame = pd.DataFrame(rows, columns=INPUT).astype({"children": "Int64"})
    homes = {service: Home(service, service, "", (service,)) for service in ("S001", "S002", "S003")}
    context = SimpleNamespace(
        records=SimpleNamespace(movements=frame),
        homes=SimpleNamespace(home_of=lambda: homes),
        uncounted=lambda _: False,
        min_cell=least,
    )
    found, notes = movements_table(cast(Context, context))
    return (found[0].frame if found else None), notes


def year(label: str, sid: str, at: int, came: int, went: int, band: str = "all_ages") -> list[tuple]:
    kinds = (("at_start", at), ("start", came), ("end", went))
    return [(label, "", sid, band, kind, "", n) for kind, n in kinds]


def moved(label: str, sid: str, to: str, n: int, band: str = "all_ages") -> tuple:
    return (label, "", sid, band, "move", to, n)


def test_movements_pass_from_the_folder_to_the_release(tmp_path: Path) -> None:
    made = write_tiny(tmp_path / "in")
    (made / "movements.csv").write_text("\n".join([HEAD, *SOUND]) + "\n", encoding="utf-8")
    report = check_folder(made)
    assert [f.text() for f in report.findings if f.severity is Severity.ERROR] == []
    found = next(t for t in map_spend(ingest(report)).tables if t.name == "movements").frame
    assert found["year"].tolist() == ["2024-25"] * 3 + ["2025-26"] * 3
    assert found["movement"].tolist() == ["at_start", "entry", "exit"] * 2
    assert found["children"].tolist() == [40, 30, 25, 45, 20, 22]
    assert set(found["service_id"]) == {"M_other"}, "both services of the tiny register are merged"


FAULTS = {
    ("2025-26,,S002,all_ages,at_start,,44", 3): (
        "as many children as the year before leaves",
        "44, where the year before leaves 45",
    ),
    ("2024-25,,S002,all_ages,move,S002,3", 6): ("another service of a move", "S002"),
    ("2024-25,,S002,all_ages,move,,3", 6): ("another service of a move", "(blank)"),
    ("2024-25,,S002,all_ages,start,S001,30", 1): ("a blank cell of any other movement", "S001"),
    ("2024-25,,S002,16_and_over,birthday,,3", 6): ("an age band that a child can grow out of", "16_and_over"),
    ("2024-25,,S002,1_to_4,start,,3", 6): ("age bands in every row, or all_ages in every row", "all_ages"),
    ("2024-25,6,S002,all_ages,start,,3", 6): ("months or the whole year, not both", "6"),
}


@pytest.mark.parametrize(("line", "place"), FAULTS)
def test_a_fault_is_told_with_its_row(line: str, place: int) -> None:
    found = said([*SOUND[:place], line, *SOUND[place + 1 :]])
    rule, value = FAULTS[line, place]
    assert any(rule in text and value == got for text, _, got in found), found
    assert said(SOUND) == []


def test_a_cell_that_could_not_be_read_stops_no_check() -> None:
    for line in ("2024-25,,S002,,birthday,,3", "2024-25,,S002,all_ages,start,,", ",,S002,all_ages,at_start,,40", "2024-25,,,,,,"):
        assert [rule for rule, _, _ in said([*SOUND, line]) if "the year before" in rule] == []


def test_months_are_added_up_and_a_year_that_is_not_whole_is_left_out() -> None:
    months = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    lines = ["2024-25,4,S002,all_ages,at_start,,40"]
    lines += [f"2024-25,{m},S002,all_ages,{kind},,{n}" for m in months for kind, n in (("start", 3), ("end", 2))]
    whole = counted(table(lines).frame)
    assert whole == {("2024-25", ("S002", "all_ages"), what): n for what, n in (("at_start", 40), ("entry", 36), ("exit", 24))}
    lines += ["2025-26,4,S002,all_ages,at_start,,52", "2025-26,4,S002,all_ages,start,,3"]
    assert said(lines) == [("twelve months of a year", (27, 28), "2025-26")]


def test_a_move_is_a_way_out_here_and_in_there() -> None:
    rows = [*year("2024-25", "S001", 50, 20, 15), *year("2024-25", "S002", 50, 20, 15), moved("2024-25", "S001", "S002", 4)]
    frame, notes = published(rows)
    assert frame is not None
    assert frame["children"].tolist() == [50, 20, 19, 50, 24, 15]
    assert notes == []


@pytest.mark.parametrize(
    "small", [(9, 20, 15), (50, 9, 15), (50, 20, 9), (30, 10, 31)], ids=["at start", "came", "went", "left on the last day"]
)
def test_a_placement_with_a_number_under_ten_is_left_out_whole(small: tuple[int, int, int]) -> None:
    frame, notes = published([*year("2024-25", "S001", 50, 20, 15), *year("2024-25", "S002", *small)])
    assert frame is not None
    assert set(frame["service_id"]) == {"S001"}
    assert len(notes) == 1
    assert notes[0].startswith("movements.csv: S002 is left out")


def test_ages_are_told_where_every_number_is_large_and_added_where_one_is_not() -> None:
    def rows(birthdays: int, sid: str = "S001") -> list[tuple]:
        return [
            *year("2024-25", sid, 40, 20, 12, "5_to_11"), *year("2024-25", sid, 60, 30, 25, "12_to_15"),
            ("2024-25", "", sid, "5_to_11", "birthday", "", birthdays),
        ]  # fmt: skip

    frame, _ = published(rows(6))
    assert frame is not None
    assert frame["age_band"].tolist() == ["5_to_11"] * 3 + ["12_to_15"] * 3
    assert frame["children"].tolist() == [40, 20, 18, 60, 36, 25]
    frame, notes = published([r if r[4] != "end" or r[3] != "5_to_11" else (*r[:6], 3) for r in rows(6)])
    assert frame is not None
    assert (frame["age_band"] == "all_ages").all()
    assert frame["children"].tolist() == [100, 50, 28]
    assert "told without age bands" in notes[0]
    frame, _ = published([r for r in rows(6) if r[4] != "birthday"])
    assert frame is not None
    assert (frame["age_band"] == "all_ages").all(), "who grew out of a band would follow from the rest"


def test_placements_that_are_merged_are_told_together_and_moves_between_them_are_none() -> None:
    rows = [*year("2024-25", "S001", 50, 20, 15), *year("2024-25", "S002", 50, 20, 15), moved("2024-25", "S001", "S002", 4)]
    both = counted(pd.DataFrame(rows, columns=INPUT), lambda _: "M")
    assert both == {("2024-25", ("M", "all_ages"), what): n for what, n in (("at_start", 100), ("entry", 40), ("exit", 30))}


numbers = st.integers(0, 25)


@settings(max_examples=40)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=2, max_size=3), st.integers(40, 60))
def test_whatever_is_told_no_number_under_ten_can_be_worked_out(flows: list[tuple[int, ...]], first: int) -> None:
    stock, rows = {"S001": first, "S002": first}, []
    for k, (came, went, out, back) in enumerate(flows):
        label = f"{2022 + k}-{23 + k}"
        for sid, extra in (("S001", 0), ("S002", 5)):
            rows += year(label, sid, stock[sid], came + extra, min(went, stock[sid]))
            stock[sid] += came + extra - min(went, stock[sid])
        out, back = min(out, stock["S001"]), min(back, stock["S002"])
        rows += [moved(label, "S001", "S002", out), moved(label, "S002", "S001", back)]
        stock = {"S001": stock["S001"] - out + back, "S002": stock["S002"] + out - back}
    assert lost(counted(pd.DataFrame(rows, columns=INPUT), by_age=False)) == []
    frame, _ = published(rows)
    if frame is not None:
        assert list(movement_leaks([Table("movements", "", frame)], 10)) == []
        assert int(frame["children"].min()) >= 10


def told(*rows: tuple) -> Table:
    return Table("movements", "", pd.DataFrame(rows, columns=["service_id", "age_band", "year", "movement", "children"]))


LEAKS = {
    "small": (told(("S1", "all_ages", "2024-25", "at_start", 9), ("S1", "all_ages", "2024-25", "entry", 20)), "9"),
    "last day": (
        told(*(("S1", "all_ages", "2024-25", kind, n) for kind, n in (("at_start", 30), ("entry", 12), ("exit", 38)))),
        "4 children are left on the last day",
    ),
    "gap": (
        told(("S1", "all_ages", "2024-25", "at_start", 30), ("S1", "all_ages", "2024-25", "exit", 12)),
        "left out between others",
    ),
    "not told": (
        told(
            *(("S1", "all_ages", y, kind, n) for y, at in (("2024-25", 30), ("2025-26", 33))
              for kind, n in (("at_start", at), ("entry", 12), ("exit", 12)))
        ),
        "3 children are told by no movement",
    ),
    "a word of its own": (told(("S1", "all_ages", "2024-25", "adopted", 30)), "no known movement"),
    "twice": (
        told(*(("S1", band, "2024-25", kind, 30) for band in ("all_ages", "5_to_11") for kind in ("at_start", "entry", "exit"))),
        "told in all and by age band",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_the_audit_finds_what_movements_give_away(kind: str) -> None:
    table, text = LEAKS[kind]
    nothing = pd.DataFrame(columns=["dimension", "child", "parent", "partition"])
    found = audit([table], nothing, 10)
    assert not found.safe
    assert any(text in leak.text for leak in found.leaks), [leak.text for leak in found.leaks]
    assert set(table.frame.columns) == COLUMNS


def test_movements_pass_through_csv_and_are_looked_at_there(tmp_path: Path) -> None:
    rows = [*year("2024-25", "S001", 50, 20, 15), *year("2024-25", "S002", 50, 20, 15)]
    frame, _ = published(rows)
    assert frame is not None
    for small, safe in ((False, True), (True, False)):
        place = tmp_path / str(small)
        place.mkdir()
        frame.assign(children=frame["children"].where(frame["movement"] != "entry", 7) if small else frame["children"]).to_csv(
            place / "movements.csv", index=False
        )
        assert audit_path(place).safe is safe
