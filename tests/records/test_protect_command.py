"""`rcs protect` on csv files: same names, columns, rows and order; known costs; contradictions refused."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.audit import audit, read_folder
from rcs_core.errors import DisclosureError, SettingsError, UnreadableError
from rcs_core.records.protect import ContradictionError
from rcs_core.records.protect.command import protect_files
from tests.records import partnership_tables
from tests.shared import shared_file

SMALL = "sex,band,value\nALL,ALL,60\nALL,yes,24\nALL,no,36\nF,ALL,30\nF,yes,4\nF,no,26\nM,ALL,30\nM,yes,20\nM,no,10\n"


def written(folder: Path, **files: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    return paths


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as text:
        return list(csv.reader(text))


@pytest.mark.parametrize(("name", "share"), [("A_cluster_sex_I01_C1", 1.0), ("D_cluster_linked_I01_C1", 1.05)])
@pytest.mark.parametrize("nest", [(), ("cluster>school",)])
def test_the_known_examples_are_hidden_at_the_known_cost(tmp_path: Path, name: str, share: float, nest: tuple[str, ...]) -> None:
    source, expected = (
        shared_file(f"methods/examples/protect/{name}.csv"),
        shared_file(f"methods/examples/protect/{name}.expected.json"),
    )
    if source and expected:
        known = json.loads(expected.read_text())
        report = protect_files([source], nest=nest, out=tmp_path)
        assert report["cost"] <= share * known["best"]["cost"] + 1e-9
        assert (report["cells"], report["sums"], report["sensitive"]) == (known["cells"], known["sums"], known["primaries"])
        assert report["audit"] == {"open": 0}
        assert json.loads((tmp_path / "report.json").read_text()) == report
        before, after = rows(source), rows(tmp_path / source.name)
        assert after[0] == [*before[0], "state"]
        assert [r[:-2] for r in after] == [r[:-1] for r in before]
        assert all(r[-2] in ("", b[-1]) for r, b in zip(after[1:], before[1:], strict=True))
        assert sum(r[-2] == "" for r in after) == sum(r[-1] == "suppressed" for r in after) == report["hidden"]


def test_what_is_written_is_read_by_the_outside_reader_as_safe(tmp_path: Path) -> None:
    protect_files(written(tmp_path / "in", t=SMALL), out=tmp_path / "out")
    assert audit(*read_folder(tmp_path / "out"), 10).safe


def test_tables_that_share_cells_are_protected_together(tmp_path: Path) -> None:
    by_stage = "stage,band,n\nALL,ALL,60\nALL,yes,24\nALL,no,36\nP5,ALL,20\nP5,yes,3\nP5,no,17\nP6,ALL,40\nP6,yes,21\nP6,no,19\n"
    report = protect_files(written(tmp_path / "in", by_sex=SMALL, by_stage=by_stage), out=tmp_path / "out")
    assert report["cells"] == 15
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["by_sex.csv", "by_stage.csv", "report.json"]
    assert rows(tmp_path / "out" / "by_stage.csv")[0] == ["stage", "band", "n", "state"]


NESTED = "cluster,school,n\nALL,ALL,90\nC1,ALL,40\nC1,1,4\nC1,2,36\nC2,ALL,50\nC2,1,25\nC2,2,25\n"


def test_nested_columns_are_one_geography(tmp_path: Path) -> None:
    report = protect_files(written(tmp_path / "in", t=NESTED), nest=["cluster>school"], out=tmp_path / "out")
    assert (report["cells"], report["sums"]) == (7, 3)
    hidden = [r[:2] for r in rows(tmp_path / "out" / "t.csv") if r[-1] == "suppressed"]
    assert ["C1", "1"] in hidden
    assert len(hidden) == 2


def test_a_table_of_clusters_only_joins_the_nest_of_another(tmp_path: Path) -> None:
    clusters = "cluster,n\nALL,90\nC1,40\nC2,50\n"
    report = protect_files(written(tmp_path / "in", t=NESTED, u=clusters), nest=["cluster>school"], out=tmp_path / "out")
    assert report["cells"] == 7


def test_a_hierarchy_file_gives_several_ways_of_splitting_one_parent(tmp_path: Path) -> None:
    table = "contact,n\nALL,100\neither,40\nnone,60\nsw,36\nno_sw,64\nasl_only,4\n"
    tree = "child,parent,partition\neither,ALL,a\nnone,ALL,a\nsw,ALL,b\nno_sw,ALL,b\nnone,no_sw,c\nasl_only,no_sw,c\n"
    paths = written(tmp_path / "in", t=table)
    (hierarchy,) = written(tmp_path / "trees", contact=tree)
    report = protect_files(paths, hier={"contact": hierarchy}, out=tmp_path / "out")
    assert report["sums"] == 3
    assert report["secondary"] >= 2


def test_a_column_without_a_margin_is_only_a_label(tmp_path: Path) -> None:
    two = "wave,sex,n\n1,ALL,60\n1,F,30\n1,M,30\n2,ALL,64\n2,F,4\n2,M,60\n"
    report = protect_files(written(tmp_path / "in", t=two), out=tmp_path / "out")
    assert (report["sums"], report["hidden"]) == (2, 2)


def test_estimates_beside_a_hidden_count_go_with_it(tmp_path: Path) -> None:
    table = "band,n,pct\nALL,60,\nyes,4,7\nno,56,93\n"
    protect_files(written(tmp_path / "in", t=table), out=tmp_path / "out")
    assert [r[2] for r in rows(tmp_path / "out" / "t.csv")] == ["pct", "", "", ""]


def test_contradictions_are_refused_with_the_sums_and_nothing_is_written(tmp_path: Path) -> None:
    paths = written(tmp_path / "in", t=SMALL.replace("F,yes,4", "F,yes,5"))
    with pytest.raises(ContradictionError, match="sex F is 30, its parts by band are 31") as caught:
        protect_files(paths, out=tmp_path / "out")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_table_that_nothing_protects_is_an_answer_no(tmp_path: Path) -> None:
    table = "c,n\nALL,60\na,60\nb,0\n"
    (hierarchy,) = written(tmp_path / "trees", c="child,parent,partition\na,ALL,1\nb,ALL,1\na,ALL,2\n")
    with pytest.raises(DisclosureError, match="no pattern") as caught:
        protect_files(written(tmp_path / "in", t=table), hier={"c": hierarchy}, out=tmp_path / "out")
    assert caught.value.exit_code == 1


WRONG = {
    "a count is blank": "sex,n\nALL,40\nF,\n",
    "not a whole number": "sex,n\nALL,40\nF,about 4\n",
    "no column of counts": "sex,count\nALL,40\n",
    "no column of codes": "n\n40\n",
    "a cell stands twice": "sex,n\nALL,40\nALL,40\n",
}


@pytest.mark.parametrize("message", sorted(WRONG))
def test_what_cannot_be_read_is_named(tmp_path: Path, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        protect_files(written(tmp_path / "in", t=WRONG[message]), out=tmp_path / "out")


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    paths = written(tmp_path / "in", t=NESTED)
    with pytest.raises(SettingsError, match="no such effort"):
        protect_files(paths, effort="slow", out=tmp_path / "out")
    with pytest.raises(UnreadableError, match="names no columns"):
        protect_files(paths, nest=["cluster>class"], out=tmp_path / "out")
    with pytest.raises(UnreadableError, match="no table has"):
        protect_files(paths, hier={"sex": paths[0]}, out=tmp_path / "out")
    with pytest.raises(UnreadableError, match="replace the input"):
        protect_files(paths, out=tmp_path / "in")
    with pytest.raises(UnreadableError, match="one name"):
        protect_files([*paths, *written(tmp_path / "other", t=NESTED)], out=tmp_path / "out")
    orphan = written(tmp_path / "in", u="cluster,school,n\nALL,1,4\n")
    with pytest.raises(UnreadableError, match="without its parent"):
        protect_files(orphan, nest=["cluster>school"], out=tmp_path / "out")
    lost = written(tmp_path / "in", v="school,n\n1,4\n")
    with pytest.raises(UnreadableError, match="where it belongs"):
        protect_files([*paths, *lost], nest=["cluster>school"], out=tmp_path / "out")


def test_full_effort_is_no_worse_than_quick(tmp_path: Path) -> None:
    frames = [t.frame for t in partnership_tables.tables(2, 6, seed=8, indicators=(0 + 1, 1)) if t.name == "pupil_p5_p7_area_sex"]
    text = frames[0][["area", "sex", "band", "n"]].assign(area=frames[0]["area"].replace("999", "ALL")).to_csv(index=False)
    paths = written(tmp_path / "in", t=text)
    costs = [protect_files(paths, effort=effort, out=tmp_path / effort)["cost"] for effort in ("quick", "full")]
    assert costs[1] <= costs[0]


def test_the_same_files_are_written_twice_to_the_byte(tmp_path: Path) -> None:
    paths = written(tmp_path / "in", t=SMALL)
    for out in ("one", "two"):
        protect_files(paths, out=tmp_path / out)
    assert (tmp_path / "one" / "t.csv").read_bytes() == (tmp_path / "two" / "t.csv").read_bytes()
    assert pd.read_csv(tmp_path / "one" / "t.csv")["state"].isin(["shown", "suppressed"]).all()


def test_a_total_under_another_word_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    """Without its sums only the 4 would be hidden, and 40 less 36 gives them back."""
    files = written(tmp_path, t="sex,n\nTotal,40\nF,36\nM,4\n")
    with pytest.raises(UnreadableError, match="a total is not marked as one"):
        protect_files(files, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
