"""Published figures from the input folder to the release: what is checked, what stays out, and that the audit looks."""

from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.audit import audit
from rcs_core.contracts import check_folder
from rcs_core.councils import councils
from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records import build as building
from rcs_core.records.comparators import comparators
from rcs_core.records.ingest import ingest
from rcs_core.release import Table
from rcs_core.vocab import Severity
from tests.shared import shared_file
from tests.tiny_folder import write_tiny
from tests.workshop.comparator_cases import COLUMNS, FILES, rows

HEAD = ",".join(COLUMNS)
SIX = {"Falkirk": 20.0, "Fife": 30.0, "Moray": 10.0, "Highland": 20.0, "Angus": 25.0, "Tiny (fictional)": 5.0}


def folder(tmp_path: Path, *lines: str) -> Path:
    """A sound folder with these rows of published figures."""
    made = write_tiny(tmp_path / "in")
    (made / "comparators.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return made


def line(geography: str = "Falkirk", value: str = "20", unit: str = "%", ends: str = ",", year: str = "2020-21") -> str:
    """One row."""
    return f"T,Rate,all,{value},{unit},{ends},{year},{geography},A return"


def found(made: Path, severity: Severity) -> list[str]:
    """The findings about the published figures of one severity."""
    return [f.text() for f in check_folder(made).findings if f.file == "comparators.csv" and f.severity is severity]


def test_the_published_files_load_as_they_are_and_nothing_but_few_people_stays_out(tmp_path: Path) -> None:
    paths = [path for name in FILES if (path := shared_file(f"facts/{name}"))]
    if len(paths) < len(FILES):
        return
    texts = [path.read_text(encoding="utf-8").splitlines() for path in paths]
    assert {lines[0] for lines in texts} == {HEAD}
    report = check_folder(folder(tmp_path, *(line_ for lines in texts for line_ in lines[1:])))
    assert [f.text() for f in report.findings if f.severity is Severity.ERROR] == []
    (table,) = comparators(ingest(report))
    assert list(table.frame.columns) == COLUMNS
    few = sum(r.rows for r in report.receipts if r.table == "comparators" and r.rule == "few_people")
    assert len(table.frame) + few == sum(len(lines) - 1 for lines in texts)
    assert few == 31  # thirty of looked-after children in residential places, one of girls in S3
    assert set(table.frame["geography"]) >= {*councils().names, "Scotland"}


FAULTS = {
    line("Isla Primary"): "a whole council area, or Scotland",
    line("C01"): "a whole council area, or Scotland",
    line("ARDMORE"): "a whole council area, or Scotland",
    line("Argyll & Bute"): "",
    line("Argyll and Bute"): "one row for each figure of a council",
    line("Fife"): "",
    line("Fife", "21"): "only once",
    line("Angus", ends="21,22"): "`ci_low` <= `value` <= `ci_high`",
    line("Moray", ends="19,"): "`ci_high`",
    line("Highland", ends=",21"): "`ci_low`",
    line("Stirling", "many"): "a number",
    line("Midlothian", year="last year"): "a code such as 2019-20",
    line(""): "a filled cell",
}
"""A row, and what the check says of it; nothing of a sound one."""


def test_every_fault_is_told_at_once_on_its_own_row_and_stops_the_build(tmp_path: Path) -> None:
    report = check_folder(folder(tmp_path, *FAULTS))
    wrong = [f for f in report.findings if f.file == "comparators.csv" and f.severity is Severity.ERROR]
    for row, (text, says) in enumerate(FAULTS.items(), start=2):
        said = [f.text() for f in wrong if f.row == row]
        assert bool(said) == bool(says), text
        assert not says or any(says in one for one in said), (text, said)
    with pytest.raises(ContractError):
        ingest(report)


def test_a_number_of_people_under_ten_stays_out_with_a_receipt_that_does_not_tell_it(tmp_path: Path) -> None:
    made = folder(tmp_path, line(value="7", unit="n"), line("Fife", "70", "n"), line("Moray", "7", "%"))
    report = check_folder(made)
    (table,) = comparators(ingest(report))
    assert table.frame["geography"].tolist() == ["Fife", "Moray"]
    assert not any('"7"' in f.text() for f in report.findings)
    assert sum(r.rows for r in report.receipts if r.table == "comparators" and r.rule == "few_people") == 1


def test_a_note_says_where_our_own_figure_is_missing_and_which_places_are_no_councils(tmp_path: Path) -> None:
    said = found(folder(tmp_path, line(), line("4 councils")), Severity.NOTE)
    assert any("Tiny (fictional)" in text and "own council area" in text for text in said)
    assert any("4 councils" in text and "set beside nothing" in text for text in said)


def test_our_own_council_is_known_by_the_partnerships_name(tmp_path: Path) -> None:
    made = folder(tmp_path, line("Tiny"))
    (made / "comparators.csv").write_text(f"{HEAD},remark\n{line('Tiny')},mine\n{line('Edinburgh City')},\n", encoding="utf-8")
    assert not any("own council area" in text for text in found(made, Severity.NOTE))
    (table,) = comparators(ingest(check_folder(made)))
    assert list(table.frame.columns) == COLUMNS, "no column of the sender comes along"
    assert table.frame["geography"].tolist() == ["Tiny", "City of Edinburgh"]


def test_a_file_with_headers_only_gives_no_table(tmp_path: Path) -> None:
    assert comparators(ingest(check_folder(folder(tmp_path)))) == []


def areas() -> list[Table]:
    """Our council and a cluster, and one question."""
    places = [("999", "Tiny (fictional)", "council", ""), ("C01", "Ardmore", "cluster", "999")]
    asked = [("bullied", "Bullied in the last year", "Were you bullied?")]
    return [
        Table("areas", "t", pd.DataFrame(places, columns=["area", "name", "level", "parent"])),
        Table("indicators", "t", pd.DataFrame(asked, columns=["indicator", "title", "question"])),
    ]


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (rows(SIX | {"Ardmore": 12.0}), "figure of ours among published ones"),
        (rows(SIX | {"c01": 12.0}), "figure of ours among published ones"),
        (rows(SIX, "Bullied in the last year"), "figure of ours among published ones"),
        (rows({"Falkirk": 7.0}, unit="n"), "small base"),
        (rows(SIX), ""),
        (rows({"Falkirk": 7.0}, "Bullied in the last year"), ""),
        (rows({"Falkirk": 70.0}, unit="n"), ""),
    ],
    ids=[
        "a cluster by name",
        "a cluster by code",
        "a question asked here",
        "few people",
        "sound",
        "another's answer",
        "many people",
    ],
)
def test_the_audit_looks_at_published_figures_as_at_any_other(frame: pd.DataFrame, kind: str) -> None:
    sums = pd.DataFrame([("area", "C01", "999", "geography")], columns=["dimension", "child", "parent", "partition"])
    verdict = audit([*areas(), Table("comparators", "t", frame)], sums, 10)
    assert {leak.rule for leak in verdict.leaks} == ({kind} if kind else set())


def test_the_gate_refuses_what_the_check_did_not_see() -> None:
    leaky = Table("comparators", "t", rows(SIX | {"Ardmore": 12.0}))
    sums = pd.DataFrame([("area", "C01", "999", "geography")], columns=["dimension", "child", "parent", "partition"])
    with pytest.raises(DisclosureError, match="Ardmore is a school or a cluster"):
        building._gate([*areas(), leaky], sums, building.disclosure())


def test_the_table_survives_the_release_file_to_the_last_digit(tmp_path: Path) -> None:
    table = Table("comparators", "t", rows(SIX | {"Stirling": 24.7799}, ends={"Stirling": (20.1, 30.2)}))
    path = release.save([*areas(), table], release.Manifest("Tiny", "999", True, "2025-26", "0", 10), tmp_path)
    pd.testing.assert_frame_equal(release.load(path).frame("comparators"), table.frame)
