"""A Health and Wellbeing Census extract becomes two surveys of its own: same children, same answers, same shares; never mixed."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.contracts import check_folder
from rcs_core.records.build import build
from rcs_core.records.catalogue import catalogue
from rcs_core.records.ingest import ingest
from rcs_core.vocab import Survey
from rcs_core.workshop.asked import asked_grid
from rcs_core.workshop.evidence import surveys
from rcs_core.workshop.store import Store
from tests.conftest import Home
from tests.tiny_folder import pupil, write_lines, write_tiny, write_wave
from tests.tiny_release import open_page

CENSUS = "health_and_wellbeing_census"
OWN = {"hwc_p5_p7": "pupil_p5_p7", "hwc_s1_s6": "pupil_s1_s4"}
SAME = ["wave", "indicator", "area", "band", "n", "state", "pct", "pct_low", "pct_high", "pct_state"]


def test_the_stages_of_the_vocabulary_and_the_catalogue_part_one_file() -> None:
    census = [s for s in Survey if s.file == CENSUS]
    stages = [stage for s in census for stage in catalogue().surveys[s.value].stages]
    assert [s.value for s in census] == list(OWN)
    assert stages == ["P5", "P6", "P7", "S1", "S2", "S3", "S4", "S5", "S6"]


def test_questions_are_asked_of_the_stages_that_the_census_published() -> None:
    known = catalogue()
    assert known.stages("hwc_s1_s6", "bullied_last_year") == ["S1", "S2", "S3"]
    assert known.stages("hwc_p5_p7", "bullied_last_year") == ["P5", "P6", "P7"]
    assert known.stages("hwc_s1_s6", "sdq_raised") == ["S2", "S3", "S4", "S5", "S6"]
    assert known.stages("pupil_s1_s4", "bullied_last_year") == ["S1", "S2", "S3", "S4"]
    assert "feels_safe_in_area" not in known.asked("hwc_s1_s6")


@pytest.fixture(scope="module")
def both(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with a census extract of the same answers beside its surveys; its roll ends at S4, as its surveys do."""
    folder = tmp_path_factory.mktemp("census") / "in"
    shutil.copytree(home.folder, folder)
    shutil.rmtree(next(folder.glob("wave_*")))
    tables = check_folder(folder).tables
    answers = pd.concat([tables[f"survey_{own}"] for own in OWN.values()], ignore_index=True)
    answers = answers[answers["_mark"] == ""].fillna("")
    answers.drop(columns=["_row", "_mark", "_why"]).to_csv(folder / f"{CENSUS}.csv", index=False)
    roll = pd.read_csv(folder / "pupil_census.csv", dtype=str, keep_default_na=False)
    roll[~roll.iloc[:, 2].isin(["S5", "S6"])].to_csv(folder / "pupil_census.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def made(both: Path) -> waist.Release:
    return waist.load(build(both, both.parent / "releases").path)


def asked_alike(survey: str) -> list[str]:
    """What the census and the programme's survey asked of the same stages."""
    known = catalogue()
    stages = set(known.surveys[OWN[survey]].stages)
    own = set(known.asked(OWN[survey]))
    return [i for i in known.asked(survey) if i in own and stages <= set(known.stages(survey, i))]


@pytest.mark.parametrize("survey", OWN)
def test_the_same_answers_of_the_same_children_give_the_same_shares(made: waist.Release, survey: str) -> None:
    alike = asked_alike(survey)
    assert len(alike) >= 7
    for table in ("area", "area_sex", "stage", "simd"):
        found, own = (made.tables[f"{code}_{table}"].frame for code in (survey, OWN[survey]))
        keys = [c for c in own.columns if c not in ("survey", *SAME[4:])]
        one, other = (f[f["indicator"].isin(alike)].set_index(keys).sort_index() for f in (found, own))
        assert list(one.index) == list(other.index)
        # What is hidden beside a small cell may differ, since each survey is protected by itself.
        shown = one["pct_state"].eq("shown") & other["pct_state"].eq("shown")
        assert shown.sum() > 10
        for column in ("pct", "pct_low", "pct_high"):
            pd.testing.assert_series_equal(one.loc[shown, column], other.loc[shown, column])


def test_a_question_of_some_stages_has_rows_of_those_alone(made: waist.Release) -> None:
    rows = made.tables["hwc_s1_s6_stage"].frame
    by = rows.groupby("indicator")["stage"].unique().map(set).to_dict()
    assert by["bullied_last_year"] == {"ALL", "S1", "S2", "S3"}
    assert by["sdq_raised"] == {"ALL", "S2", "S3", "S4"}
    own = made.tables["pupil_s1_s4_stage"].frame
    asked = "area == '999' and stage == 'S2' and indicator == 'sdq_raised'"
    mine, theirs = (f.query(asked).set_index("band") for f in (rows, own))
    assert mine.loc["yes", "pct"] == theirs.loc["yes", "pct"]


def test_each_survey_stands_under_its_own_name_and_none_is_added(made: waist.Release) -> None:
    found = {s.code: s for s in surveys(made)}
    assert list(found)[:4] == ["pupil_p5_p7", "pupil_s1_s4", "hwc_p5_p7", "hwc_s1_s6"]
    assert found["hwc_p5_p7"].title == "Health and Wellbeing Census, P5 to P7"
    about = made.tables["surveys"].frame
    assert "never added or compared" in about.loc[about["survey"] == "hwc_p5_p7", "note"].item()
    for name, table in made.tables.items():
        if "survey" in table.frame.columns and name.startswith(("pupil_", "hwc_", "parent_")):
            assert table.frame["survey"].nunique() == 1
    grid = asked_grid(made)
    assert grid.state("feels_safe_in_area", "hwc_p5_p7").mark == "[z]"


def test_nothing_hidden_is_open_and_contact_is_named_for_it_too(made: waist.Release) -> None:
    assert made.manifest.audit["open"] == 0
    assert made.manifest.audit["verdict"] == "pass"
    assert {"hwc_p5_p7_contact", "hwc_s1_s6_contact"} <= set(made.tables)


def test_the_census_alone_builds_without_linkage_and_opens_on_every_page(
    both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(both, folder)
    for own in OWN.values():
        (folder / f"survey_{own}.csv").unlink(missing_ok=True)
        (folder / f"survey_{own}.xlsx").unlink(missing_ok=True)
    about = (folder / "partnership.yaml").read_text(encoding="utf-8")
    (folder / "partnership.yaml").write_text(about.replace("linkage: linked", "linkage: none"), encoding="utf-8")
    built = build(folder, tmp_path / "releases")
    alone = waist.load(built.path)
    assert [s.code for s in surveys(alone)] == ["hwc_p5_p7", "hwc_s1_s6", "parent_0_8"]
    assert "hwc_p5_p7_contact" not in alone.tables
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    monkeypatch.setenv("RCS_RELEASE", str(built.path))
    with Store.open(tmp_path / "store.sqlite") as store:
        store.sign_off(built.content_hash, "rcs build", "build", "fictional", True)
    for page in ("childrens_needs.py", "who_gets_help.py", "today.py"):
        shown = open_page(page)
        assert not shown.exception, shown.exception[0].message
        said = "\n".join(
            str(e.value) for found in (shown.title, shown.header, shown.markdown, shown.caption, shown.subheader) for e in found
        )
        choices = [str(o) for box in (*shown.selectbox, *shown.radio, *shown.segmented_control) for o in box.options]
        assert "Health and Wellbeing Census" in said + " ".join(choices), page


def census_of(folder: Path, stages: list[str], column: str = "bullied_last_year") -> None:
    """A census extract of a tiny folder: every pupil of these stages answers yes to one question."""
    rows = [line.split(",")[:3] for line in (folder / "pupil_census.csv").read_text(encoding="utf-8").splitlines()[1:]]
    kept = [[*row, "yes"] for row in rows if row[2] in stages]
    write_lines(folder / f"{CENSUS}.csv", [["pupil_id", "school_code", "stage", column], *kept])


def test_one_file_is_parted_by_stage_with_receipts_that_reconcile(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    census_of(folder, ["P4", "P5", "P6", "P7", "S1", "S2", "S3", "S4", "S5"])
    with (folder / f"{CENSUS}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{pupil(9999)},9900101,P5,no\n")
    records = ingest(check_folder(folder))
    assert (len(records.surveys["hwc_p5_p7"]), len(records.surveys["hwc_s1_s6"])) == (18, 24)
    rows = {
        name: records.receipts[(records.receipts["table"] == name) & ~records.receipts["rule"].str.contains(":|_bullied|needs")]
        .set_index("rule")["rows"].to_dict()
        for name in (CENSUS, "survey_hwc_p5_p7", "survey_hwc_s1_s6")
    }  # fmt: skip
    assert rows[CENSUS] == {"rows_in": 49, "not_in_census": 1, "wrong_stage": 6, "rows_kept": 42}
    assert rows["survey_hwc_p5_p7"] == {"rows_in": 19, "not_in_census": 1, "rows_kept": 18}
    assert rows["survey_hwc_s1_s6"] == {"rows_in": 24, "rows_kept": 24}


def test_an_answer_of_a_stage_that_was_not_asked_is_left_out_with_a_receipt(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    census_of(folder, ["S1", "S4", "S5"])
    records = ingest(check_folder(folder))
    by_stage = records.surveys["hwc_s1_s6"].groupby("stage")["bullied_last_year"].unique().map(list).to_dict()
    assert by_stage == {"S1": ["yes"], "S4": [""], "S5": [""]}
    lost = records.receipts[records.receipts["rule"] == "not_asked_bullied_last_year"]
    assert lost["rows"].tolist() == [6]


def test_a_wave_may_hold_the_census_alone(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    census_of(folder, ["P5", "P6", "P7"])
    wave = write_wave(folder, "2022")
    (wave / "survey_pupil_p5_p7.csv").unlink()
    census_of(wave, ["P5", "P6", "P7"])
    report = check_folder(folder)
    assert not report.errors
    records = ingest(report)
    assert set(records.earlier[0].surveys) == {"hwc_p5_p7"}
