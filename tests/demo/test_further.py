"""Strathmere with every question: twelve more topics and the five scales, and nothing else of the folder changed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from rcs_core.cli import app
from rcs_core.contracts import CheckReport, check_folder
from rcs_core.demo import write_demo
from rcs_core.demo.parameters import parameters
from rcs_core.demo.wellbeing import ASKED
from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.link import asked_by, link
from tests.demo.conftest import Made
from tests.demo.test_pupils import facts

SCALES = {
    "emotional": ((3, 8, 13, 16, 24), 5),
    "conduct": ((5, 7, 12, 18, 22), 4),
    "hyperactivity": ((2, 10, 15, 21, 25), 6),
    "peer": ((6, 11, 14, 19, 23), 3),
}
PROSOCIAL = (1, 4, 9, 17, 20)
TIMES = ["bed_time", "wake_time"]
TOPICS = {s: [i for i in catalogue().asked(s) if catalogue().indicators[i].further and "sdq" not in i] for s in ASKED}
SHARES = parameters()["further"]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("demo") / "every"
    return Made(folder, write_demo(folder, pupils=1_000, seed=3, every_question=True))


@pytest.fixture(scope="module")
def report(every: Made) -> CheckReport:
    return check_folder(every.folder)


@pytest.fixture(scope="module")
def records(report: CheckReport) -> Records:
    return ingest(report)


@pytest.fixture(scope="module")
def found(records: Records) -> Estimates:
    return estimate(link(records))


def test_nothing_else_of_the_folder_depends_on_the_further_questions(every: Made, hamlet: Made) -> None:
    names = {p.relative_to(hamlet.folder).as_posix() for p in hamlet.folder.rglob("*") if p.is_file()}
    assert names == {p.relative_to(every.folder).as_posix() for p in every.folder.rglob("*") if p.is_file()}
    differ = {n for n in names if (every.folder / n).read_bytes() != (hamlet.folder / n).read_bytes()}
    surveys = {f"{place}survey_{s}.csv" for s in ASKED for place in ("", "wave_2023/")}
    assert differ == surveys | {"partnership.yaml", "demo_truth.json"}
    for name in surveys:
        mine, plain = (pd.read_csv(made.folder / name, dtype=str, keep_default_na=False) for made in (every, hamlet))
        assert len(mine.columns) > len(plain.columns)
        pd.testing.assert_frame_equal(mine[list(plain.columns)], plain)
    told = [json.loads((made.folder / "demo_truth.json").read_text(encoding="utf-8")) for made in (every, hamlet)]
    assert [row for row in told[1]["prevalence"] if row not in told[0]["prevalence"]] == []


def test_the_partnership_says_that_the_scales_are_told(every: Made, hamlet: Made) -> None:
    about = [yaml.safe_load((made.folder / "partnership.yaml").read_text(encoding="utf-8")) for made in (every, hamlet)]
    assert about[0] == about[1] | {"sdq_scales": True}


def test_the_command_writes_the_same_folder(every: Made, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["demo", str(tmp_path / "d"), "--pupils", "1000", "--seed", "3", "--every-question"])
    assert told.exit_code == 0, told.output
    for name in ("survey_pupil_s1_s4.csv", "demo_truth.json"):
        assert (tmp_path / "d" / name).read_bytes() == (every.folder / name).read_bytes()


def test_the_folder_passes_its_contracts_and_its_receipts_are_those_of_the_truth(report: CheckReport, every: Made) -> None:
    assert [str(finding) for finding in report.errors] == []
    rows = {(r.table, r.rule): r.rows for r in report.receipts}
    for survey in ASKED:
        assert rows[f"survey_{survey}", "rows_kept"] == every.truth.files[f"survey_{survey}.csv"]["kept"]


def test_bed_times_on_a_clock_of_twelve_hours_are_left_out_in_the_number_that_the_truth_gives(
    records: Records, every: Made
) -> None:
    for survey in ASKED:
        said = every.truth.files[f"survey_{survey}.csv"]["twelve_hour_clock"]
        told = records.receipts.set_index(["table", "rule"])["rows"]
        assert told.get((f"survey_{survey}", "unusable_sleep_hours"), 0) == said
    assert sum(every.truth.files[f"survey_{s}.csv"]["twelve_hour_clock"] for s in ASKED) > 0


def test_there_are_thirty_questions_of_pupils_and_three_of_parents(found: Estimates) -> None:
    told = found.indicators
    asked = {s: set(t.frame["indicator"]) for t in found.tables if t.name.endswith("_area") for s in [t.frame["survey"].iloc[0]]}
    assert {s: len(codes) for s, codes in asked.items()} == {"pupil_p5_p7": 20, "pupil_s1_s4": 29, "parent_0_8": 3}
    assert len(asked["pupil_p5_p7"] | asked["pupil_s1_s4"]) == 30
    for survey, codes in asked.items():
        assert codes <= set(told.loc[told["survey"] == survey, "indicator"])
    assert set(told["domain"]) == {about.domain for about in catalogue().indicators.values()}, "spread over every domain"


def test_without_the_partnerships_word_the_scales_are_scored_and_not_told(records: Records, found: Estimates) -> None:
    linked = link(records)
    silent = asked_by(replace(linked, partnership={**linked.partnership, "sdq_scales": False}))
    told = set(found.indicators.loc[found.indicators["survey"] == "pupil_s1_s4", "indicator"])
    assert told - set(silent.asked("pupil_s1_s4")) == {f"sdq_{name}_raised" for name in (*SCALES, "prosocial")}
    assert {f"sdq_{name}_raised" for name in SCALES} <= set(linked.surveys["pupil_s1_s4"])


def test_every_topic_has_its_stated_share_in_every_stage(every: Made) -> None:
    for survey, stages in ASKED.items():
        for item in TOPICS[survey]:
            truth = every.prevalence(survey, item, "stage")
            assert set(truth) == set(stages)
            for stage in stages:
                assert truth[stage] == pytest.approx(SHARES[item]["stages"][stage], abs=1.0), (item, stage)


def test_a_new_topic_was_not_asked_before_and_the_others_changed_as_stated(every: Made) -> None:
    stated = SHARES["change_since_earlier_wave"]
    assert {item for s in ASKED for item in TOPICS[s]} - set(stated) == {"upset_online"}
    [wave] = every.truth.earlier
    assert stated.items() <= dict(wave["changes"]).items()
    for survey, stages in ASKED.items():
        header = every.csv(f"wave_2023/survey_{survey}").columns
        assert "upset_online" not in header
        for item in set(TOPICS[survey]) & set(stated):
            now, then = (every.prevalence(survey, item, "stage", year) for year in ("2025", "2023"))
            for stage in stages:
                assert now[stage] - then[stage] == pytest.approx(stated[item], abs=1.5), (item, stage)


def scored(made: Made) -> pd.DataFrame:
    """Whether each scale is raised, by the published rule in words and nothing of the project's; blank without all items."""
    forms = made.tidy("survey_pupil_s1_s4")
    items = forms[[f"sdq_{k:02d}" for k in range(1, 26)]].apply(pd.to_numeric).set_axis(range(1, 26), axis=1)
    for k in (7, 11, 14, 21, 25):
        items[k] = 2 - items[k]
    sums = {name: items[list(of)].sum(axis=1, skipna=False) for name, (of, _) in SCALES.items()}
    raised = {name: (sums[name] >= cut).where(sums[name].notna()) for name, (_, cut) in SCALES.items()}
    prosocial = items[list(PROSOCIAL)].sum(axis=1, skipna=False)
    raised["prosocial"] = (prosocial <= 6).where(prosocial.notna())
    return pd.DataFrame({f"sdq_{name}_raised": said for name, said in raised.items()}).assign(pupil_id=forms["pupil_id"])


def test_the_scales_are_those_of_the_published_cuts(every: Made, records: Records) -> None:
    mine = scored(every).drop_duplicates("pupil_id").set_index("pupil_id")
    theirs = records.surveys["pupil_s1_s4"].set_index("pupil_id")
    for column in mine:
        expected = mine[column].map({True: "yes", False: "no"}).fillna("").reindex(theirs.index)
        assert (theirs[column].to_numpy() == expected.to_numpy()).all(), column
        answered = mine[column].dropna().astype(bool)
        truth = every.prevalence("pupil_s1_s4", str(column))["999"]
        assert 100 * answered.mean() == pytest.approx(truth, abs=5), column
        assert 5 < truth < 70, column


def test_estimates_come_near_the_truth_for_every_question(found: Estimates, every: Made) -> None:
    """Of the whole area's shares of both waves, few are outside their own interval."""
    told = pd.DataFrame([r for rows in (every.truth.prevalence, every.truth.earlier[0]["prevalence"]) for r in rows])
    keys = ["survey", "wave", "indicator"]
    shares = pd.concat([t.frame for t in found.tables if t.name in ("pupil_p5_p7_area", "pupil_s1_s4_area")])
    shares = shares[(shares["area"] == "999") & (shares["band"] == "yes")].set_index(keys)
    whole = told[told["by"] == "area"].set_index(keys)
    assert set(shares.index) == set(whole.index)
    truth = whole["pct"].reindex(shares.index)
    inside = (shares["pct_low"] - 0.5 <= truth) & (truth <= shares["pct_high"] + 0.5)
    assert inside.mean() > 0.9
    assert (shares["pct"] - truth).abs().max() < 6


def test_sleep_is_asked_as_two_times_and_near_the_published_mean(every: Made, records: Records) -> None:
    for survey in ASKED:
        header = every.csv(f"survey_{survey}").columns
        assert set(TIMES) <= set(header)
        assert "slept_8_hours" not in header
    forms = records.surveys["pupil_s1_s4"]
    means = forms.groupby("stage")["sleep_hours"].mean()
    for stage, age in (("S2", "age 13"), ("S4", "age 15")):
        for row in facts("A_wellbeing_need", "sleep duration weekdays", group=age):
            assert means[stage] == pytest.approx(float(row["value"]), abs=0.25), stage
    hours = records.surveys["pupil_p5_p7"]["sleep_hours"].dropna()
    assert hours.between(4, 14).all()
    assert np.allclose(4 * hours, np.round(4 * hours)), "in quarters of an hour"
