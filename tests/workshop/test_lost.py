"""What hiding loses is told from published counts alone, by hand on tables small enough to add up."""

from pathlib import Path

import pandas as pd

from rcs_core import release
from rcs_core.release import Manifest, Release, Table
from rcs_core.workshop.lost import Lost, frame, lost
from tests.tiny_release import tiny_release

LABELS = ("survey", "wave", "indicator")
SUMS = [("area", "c1", "top", "geography"), ("area", "c2", "top", "geography"), ("area", "s1", "c1", "geography"),
        ("area", "s2", "c1", "geography"), ("contact", "sw", "ALL", "any"), ("contact", "none", "ALL", "any"),
        ("contact", "asl", "ALL", "asl"), ("contact", "no_asl", "ALL", "asl")]  # fmt: skip


def of(rows: list[tuple[object, ...]], dims: list[str]) -> Lost:
    table = pd.DataFrame(rows, columns=[*LABELS, *dims, "n"]).astype({"n": "Int64"})
    table["state"] = ["suppressed" if n is pd.NA else "shown" for n in table["n"]]
    sums = Table("hierarchies", "", pd.DataFrame(SUMS, columns=["dimension", "child", "parent", "partition"]))
    about = Manifest("P", "top", True, "2025-26", "0", 10)
    (found,) = lost(Release(about, {"t": Table("t", "T", table, tuple(dims), LABELS), "hierarchies": sums}, Path("x")))
    return found


def q(*codes: object, question: str = "a") -> tuple[object, ...]:
    return ("s", "1", question, *codes)


def test_what_is_lost_is_the_total_less_the_shown_cells_of_the_finest_groups() -> None:
    found = of([q("top", 100), q("c1", 70), q("c2", 30), q("s1", 58), q("s2", pd.NA)], ["area"])
    assert (found.cells, found.hidden, found.counted, found.in_hidden) == (5, 1, 100, 12)
    assert (found.hidden_pct, found.lost_pct) == (20.0, 12.0)


def test_a_question_told_of_the_council_only_loses_nothing_beside_one_told_of_schools() -> None:
    rows = [q("top", 100), q("c1", 70), q("c2", pd.NA), q("top", 90, question="sensitive")]
    found = of(rows, ["area"])
    assert (found.counted, found.in_hidden) == (190, 30)


def test_one_way_of_adding_up_is_followed_and_children_are_not_counted_twice() -> None:
    rows = [q("ALL", 100), q("sw", pd.NA), q("none", pd.NA), q("asl", 20), q("no_asl", 80)]
    assert of(rows, ["contact"]).in_hidden == 100, "contact or none; additional support is another way"


def test_a_contact_that_is_not_listed_makes_no_loss() -> None:
    assert of([q("ALL", 100), q("none", 90)], ["contact"]).in_hidden == 0


def test_a_hidden_total_says_nothing() -> None:
    found = of([q("top", pd.NA), q("c1", 70), q("c2", pd.NA)], ["area"])
    assert (found.counted, found.lost_pct) == (None, None)
    assert frame([found])["Answers in hidden cells (%)"].tolist() == ["–"]


def test_bands_and_groups_multiply_the_finest_cells() -> None:
    cells = [q(sex, band, n) for sex, counts in {"ALL": (80, 58, 22), "f": (35, pd.NA, pd.NA), "m": (45, pd.NA, pd.NA)}.items()
             for band, n in zip(("ALL", "yes", "no"), counts, strict=True)]  # fmt: skip
    found = of(cells, ["sex", "band"])
    assert (found.cells, found.hidden, found.counted, found.in_hidden) == (9, 4, 80, 80)


def test_every_cell_and_every_hidden_one_of_a_release_is_counted(tmp_path: Path) -> None:
    found = release.load(tiny_release(tmp_path / "r"))
    tables, frames = lost(found), pd.concat([t.frame for t in found.count_tables()])
    assert sum(t.cells for t in tables) == len(frames)
    assert sum(t.hidden for t in tables) == int(frames["n"].isna().sum())
    assert [t.hidden_pct for t in tables] == sorted((t.hidden_pct for t in tables), reverse=True)
