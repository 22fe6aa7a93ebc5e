"""A release as a folder of csv files: out, in, and what is said of a folder that cannot be read."""

from pathlib import Path

import pandas as pd
import pytest

from rcs_core.audit import audit, audit_path, audit_paths, parse_hier, read_folder, write_tables
from rcs_core.errors import UnreadableError
from rcs_core.release import Manifest, Release, Table, save
from tests.count_tables import table, tree

GEOGRAPHY = tree(("area", "C1", "999", "geography"), ("area", "C2", "999", "geography"))
LABELS = ("survey", "wave", "indicator")


def a_release(path: Path) -> Release:
    """Two indicators by area, one cell of which leaks; a plain table with text that looks like a formula."""
    rows = []
    for indicator, first in (("a", 4), ("b", 14)):
        counts = {"999": (60, 20, 40), "C1": (30, first, 30 - first), "C2": (30, 20 - first, 10 + first)}
        for area, numbers in counts.items():
            rows += [("s", "2025", indicator, area, band, n) for band, n in zip(("ALL", "yes", "no"), numbers, strict=True)]
    hidden = [("s", "2025", "a", "C1", "yes"), ("s", "2025", "a", "C1", "no"), ("s", "2025", "b", "C2", "yes")]
    count = table("t", ("area", "band"), [(*row[:5], pd.NA if row[:5] in hidden else row[5]) for row in rows], LABELS)
    yes = (count.frame["band"] == "yes") & count.frame["n"].notna() & (count.frame["indicator"] != "b")
    count.frame["pct"] = count.frame["n"].astype("Float64").where(yes)
    plain = Table(
        "services", "", pd.DataFrame({"service_id": ["S1"], "name": ["=2+3"], "change": ["-4%"], "children_served": [8]})
    )
    tables = {"t": count, "services": plain, "hierarchies": Table("hierarchies", "", GEOGRAPHY)}
    return Release(Manifest("P", "999", True, "2025-26", "0", 10), tables, path)


def test_a_written_folder_gives_the_same_verdict_as_the_release(tmp_path: Path) -> None:
    release = a_release(tmp_path)
    files = write_tables(release, tmp_path / "out")
    assert sorted(f.name for f in files) == ["hierarchies.csv", "services.csv", "t.csv"]
    tables, hierarchies = read_folder(tmp_path / "out")
    before = audit(list(release.tables.values()), release.frame("hierarchies"), 10, intervals=True)
    after = audit(tables, hierarchies, 10, intervals=True)
    assert before.open
    assert before.leaks
    assert (before.cells, before.hidden, before.open, before.leaks, before.intervals) == (
        after.cells,
        after.hidden,
        after.open,
        after.leaks,
        after.intervals,
    )


def test_an_assumption_of_five_is_no_count_of_children_in_a_folder_either(tmp_path: Path) -> None:
    release = a_release(tmp_path)
    row = ("multiple_risks_from", "Needs from which risks are multiple", 5, "needs", "product_default", "To be agreed")
    names = ["id", "text", "value", "unit", "state", "source"]
    release.tables["assumptions"] = Table("assumptions", "", pd.DataFrame([row], columns=names))
    write_tables(release, tmp_path / "out")
    tables, hierarchies = read_folder(tmp_path / "out")
    assert not [leak for leak in audit(tables, hierarchies, 10).leaks if leak.table == "assumptions"]
    assert [t.name for t in tables if t.is_count] == ["t"]


def test_dimensions_and_labels_are_known_again(tmp_path: Path) -> None:
    write_tables(a_release(tmp_path), tmp_path / "out")
    read = {t.name: t for t in read_folder(tmp_path / "out")[0]}
    assert read["t"].dims == ("area", "band")
    assert read["t"].labels == LABELS
    assert not read["services"].is_count


def test_text_that_a_spreadsheet_would_run_is_written_with_an_apostrophe_and_read_back_without(tmp_path: Path) -> None:
    write_tables(a_release(tmp_path), tmp_path / "out")
    assert "'=2+3,'-4%,8" in (tmp_path / "out" / "services.csv").read_text()
    services = next(t for t in read_folder(tmp_path / "out")[0] if t.name == "services")
    assert services.frame["name"].tolist() == ["=2+3"]


def test_a_folder_of_something_else_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a\n1\n")
    with pytest.raises(UnreadableError, match="holds other tables"):
        write_tables(a_release(tmp_path), tmp_path)


def test_writing_again_into_the_same_folder_is_allowed(tmp_path: Path) -> None:
    first = [p.read_bytes() for p in write_tables(a_release(tmp_path), tmp_path / "out")]
    assert first == [p.read_bytes() for p in write_tables(a_release(tmp_path), tmp_path / "out")]


def test_a_file_split_in_two_changes_nothing(tmp_path: Path) -> None:
    release = a_release(tmp_path)
    write_tables(release, tmp_path)
    lines = (tmp_path / "t.csv").read_text().splitlines()
    whole = audit(*read_folder(tmp_path), 10, intervals=True)
    (tmp_path / "t.csv").write_text("\n".join([lines[0], *lines[2::2]]))
    (tmp_path / "u.csv").write_text("\n".join([lines[0], *lines[1::2]]))
    split = audit(*read_folder(tmp_path), 10, intervals=True)
    assert (whole.cells, whole.hidden) == (split.cells, split.hidden)
    assert {(*o.where.values(), o.low, o.high) for o in whole.open} == {(*o.where.values(), o.low, o.high) for o in split.open}


BAD = {
    "n.csv": (b"sex,n\nALL,40\nF,four\n", "not a whole number.*"),
    "half.csv": (b"sex,n\nALL,40.5\n", "not a whole number"),
    "minus.csv": (b"sex,n\nALL,-4\n", "not a whole number"),
    "blank.csv": (b"sex,n\n,40\n", "a code is blank"),
    "twice.csv": (b"sex,n\nALL,40\nALL,40\n", "a cell stands twice"),
    "header.csv": (b"sex,sex,n\nALL,ALL,40\n", "a column stands twice"),
    "latin.csv": ("sex,n\nALL,40\nGarçon,3\n".encode("latin-1"), "not UTF-8"),
    "empty.csv": (b"", "the file is empty"),
    "ragged.csv": (b"sex,n\nALL,40\nF,3,4,5\n", "too short or too long"),
    "short.csv": (b"sex,n\nALL,40\nF\n", "too short or too long"),
    "quote.csv": (b'sex,n\n"ALL,40\n', "not a csv table"),
    "semicolon.csv": (b"sex;n\nALL;40\n", "not parted by commas"),
    "hierarchies.csv": (b"a,b\n1,2\n", "a column is missing"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_malformed_file_is_named_with_what_is_wrong(tmp_path: Path, name: str) -> None:
    content, message = BAD[name]
    (tmp_path / "good.csv").write_text("sex,n\nALL,40\nF,20\nM,20\n")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableError, match=message) as caught:
        read_folder(tmp_path)
    assert name in str(caught.value)


def test_the_mark_of_a_hidden_count_is_read_as_a_blank(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex,n,state\nALL,40,shown\nF,[c],suppressed\nM,36,shown\n")
    assert [o.where["sex"] for o in audit(*read_folder(tmp_path), 10).open] == ["F"]


def test_a_missing_or_empty_folder_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match="holds no tables"):
        read_folder(tmp_path)


NESTED = "cluster,school,n\nALL,ALL,90\nC1,ALL,40\nC1,1,{}\nC1,2,36\nC2,ALL,50\nC2,1,25\nC2,2,25\n"


def test_nested_columns_are_read_as_one_geography(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(NESTED.format(""))
    (tmp_path / "u.csv").write_text("cluster,n\nALL,90\nC1,40\nC2,50\n")
    report = audit_path(tmp_path, nest=["cluster>school"])
    assert (report.cells, [(o.where, o.high) for o in report.open]) == (7, [({"cluster>school": "C1>1"}, 4.0)])
    with pytest.raises(UnreadableError, match="names no columns"):
        audit_path(tmp_path, nest=["area>school"])
    (tmp_path / "v.csv").write_text("school,n\nALL,90\n")
    with pytest.raises(UnreadableError, match="without those above it"):
        audit_path(tmp_path, nest=["cluster>school"])


def test_a_hierarchy_may_be_given_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("contact,n\nALL,100\neither,40\nnone,60\nsw,36\nno_sw,\nasl_only,\n")
    tree_file = tmp_path / "tree.csv"
    tree_file.write_text(
        "child,parent,partition\neither,ALL,a\nnone,ALL,a\nsw,ALL,b\nno_sw,ALL,b\nnone,no_sw,c\nasl_only,no_sw,c\n"
    )
    report = audit_path(tmp_path, hier=[f"contact={tree_file}"])
    assert [(o.where, o.high) for o in report.open] == [({"contact": "asl_only"}, 4.0)]
    with pytest.raises(UnreadableError, match="not given as DIM=FILE"):
        parse_hier(["contact"])


def test_the_verdict_in_words_names_the_cell_and_the_sums(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex,n\nALL,40\nF,\nM,36\n")
    report = audit_path(tmp_path)
    assert report.text().splitlines()[1:] == ["t: sex F: it is 4, because", "    t: sex ALL: 40 = ? (sex F) + 36 (sex M)"]
    assert report.to_dict()["safe"] is False


def test_a_saved_release_is_audited_as_its_tables_are(tmp_path: Path) -> None:
    made = a_release(tmp_path)
    safe = made.tables["t"].frame.assign(pct=None)
    safe.loc[safe["indicator"] == "a", "n"] = pd.NA
    safe.loc[safe["indicator"] == "b", "n"] = [60, 20, 40, 30, 14, 16, 30, pd.NA, 24]
    safe["state"] = safe["n"].isna().map({True: "suppressed", False: "shown"})
    tables = [Table("t", "t", safe, ("area", "band"), LABELS), made.tables["hierarchies"]]
    save(tables, made.manifest, tmp_path / "release")
    report = audit_path(tmp_path / "release")
    assert [(o.where["indicator"], o.low) for o in report.open] == [("b", 6.0)]


def test_two_views_of_the_same_cells_are_attacked_together(tmp_path: Path) -> None:
    for name, text in (("old", "sex,n\nALL,60\nF,\nM,\nX,30\n"), ("new", "sex,n\nALL,60\nF,\nM,26\nX,\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_text(text)
        assert audit_path(tmp_path / name).safe
    report = audit_paths([tmp_path / "old", tmp_path / "new"])
    assert [(o.where["sex"], o.low) for o in report.open] == [("F", 4.0)]
    (tmp_path / "new" / "t.csv").write_text("sex,n\nALL,61\n")
    again = audit_paths([tmp_path / "old", tmp_path / "new"])
    assert [leak.rule for leak in again.leaks] == ["re-release"]
    assert "60 in old and 61 in new: 1 child is told apart" in again.leaks[0].text


def test_a_total_under_another_word_is_refused_as_its_sums_would_not_be_attacked(tmp_path: Path) -> None:
    """40 in all and 36 girls leave 4 boys: with Total for ALL nothing would add up, and the folder would pass."""
    (tmp_path / "t.csv").write_text("sex,n\nTotal,40\nF,36\nM,\n")
    with pytest.raises(UnreadableError, match="a total is not marked as one: got Total"):
        audit_path(tmp_path)


@pytest.mark.parametrize("column", ["count", "N", "Value", "pupils"])
def test_counts_under_another_word_are_not_passed_over(tmp_path: Path, column: str) -> None:
    (tmp_path / "t.csv").write_text(f"area,sex,{column}\nX,ALL,50\nX,F,46\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="totals and no column of counts"):
        read_folder(tmp_path)
