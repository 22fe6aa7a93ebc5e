"""Waves from folder to tables: each wave stands on its own roll, areas are today's, and one alone is as it always was."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.contracts import check_folder
from rcs_core.errors import SettingsError
from rcs_core.records.catalogue import catalogue, read_catalogue
from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.hierarchy import areas, hierarchies
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.link import Linked, link
from rcs_core.settings import CONTRACTS
from tests.records.estimate_case import linked_from, population, respond
from tests.tiny_folder import edit, pupil, write_tiny, write_wave

SCHOOLS = "school_code,school_name,cluster_code,cluster_name,sector\n"


def read(folder: Path) -> Records:
    return ingest(check_folder(folder))


def earlier(seed: int, wave: str, **answers: float) -> Linked:
    """An invented earlier wave: other pupils of the same schools, linked to no contact."""
    people = population(seed, stage_roll=60)
    made = linked_from(people, respond(people, seed, **answers), parents=False)
    about = {**made.partnership, "survey_wave": wave}
    return replace(made, partnership=about, roll=made.roll.drop(columns="contact"), linked=False, extracts=())


@pytest.fixture(scope="module")
def today() -> Linked:
    people = population(1, stage_roll=60)
    return linked_from(people, respond(people, 7))


@pytest.fixture(scope="module")
def alone(today: Linked) -> Estimates:
    return estimate(today)


def table(made: Estimates, name: str) -> pd.DataFrame:
    [found] = [t for t in made.tables if t.name == name]
    return found.frame


def test_records_hold_each_wave_by_itself_the_newest_first(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    for label in ("2021", "2023"):
        write_wave(folder, label)
    records = read(folder)
    assert [wave.partnership["survey_wave"] for wave in records.earlier] == ["2023", "2021"]
    for wave in records.earlier:
        assert set(wave.surveys) == {"pupil_p5_p7"}
        assert wave.social_work is None
        assert wave.ledgers == {}
        assert set(wave.census["pupil_id"]) == {pupil(1000 + n) for n in range(1, 49)}
    assert records.census["pupil_id"].tolist()[0] == pupil(1)


def test_receipts_of_a_wave_are_its_own_and_count_its_strangers(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    survey = write_wave(folder) / "survey_pupil_p5_p7.csv"
    first = survey.read_text(encoding="utf-8").splitlines()[1]
    edit(survey, lambda t: t + first.replace(pupil(1004), pupil(5000)) + "\n")
    linked = link(read(folder))
    shares = [wave.coverage.set_index("survey")["pct"]["pupil_p5_p7"] for wave in (linked, *linked.earlier)]
    assert shares == [100, pytest.approx(100 * 18 / 19)]


def test_an_earlier_wave_is_linked_to_its_own_roll_and_to_no_contact(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    write_wave(folder)
    linked = link(read(folder))
    [wave] = linked.earlier
    assert linked.linked
    assert not wave.linked
    assert wave.wave == "2023"
    assert wave.extracts == ()
    assert "contact" not in wave.roll.columns
    assert set(wave.surveys["pupil_p5_p7"]["pupil_id"]) <= set(wave.roll["pupil_id"])


def test_a_school_stands_where_todays_list_or_else_the_newest_has_it(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    for label, closed_in in (("2023", "C01,Ardmore"), ("2021", "C02,Brae")):
        wave = write_wave(folder, label)
        moved = "9900101,Isla Primary,C02,Brae,primary\n"
        (wave / "schools.csv").write_text(f"{SCHOOLS}{moved}9900190,Old Primary,{closed_in},primary\n", encoding="utf-8")
        edit(wave / "pupil_census.csv", lambda t: t.replace("9900201", "9900190"))
        edit(wave / "survey_pupil_p5_p7.csv", lambda t: t.replace("9900201", "9900190"))
    records = read(folder)
    parents = areas(records).set_index("area")["parent"]
    assert parents["9900101"] == "C01", "today's list"
    assert parents["9900190"] == "C01", "the newest list that has it"
    assert areas(records)["area"].is_unique
    nested = hierarchies(records).query("dimension == 'area'")
    assert nested["child"].is_unique
    assert dict(zip(nested["child"], nested["parent"], strict=True)) == parents[parents != ""].to_dict()
    for wave in link(records).earlier:
        clusters = wave.roll.drop_duplicates("school_code").set_index("school_code")["cluster_code"]
        assert clusters.to_dict() == {code: parents[code] for code in clusters.index}


def test_the_rows_of_every_wave_stand_in_the_same_tables_the_current_ones_first(today: Linked, alone: Estimates) -> None:
    made = estimate(replace(today, earlier=(earlier(2, "2023"), earlier(3, "2021"))))
    assert [t.name for t in made.tables] == [t.name for t in alone.tables]
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        for name in ("area", "area_sex", "stage", "simd"):
            assert list(dict.fromkeys(table(made, f"{survey}_{name}")["wave"])) == ["2025", "2023", "2021"]
        for name in ("contact", "contact_cluster", "contact_roll"):
            assert set(table(made, f"{survey}_{name}")["wave"]) == {"2025"}
    assert made.surveys[["wave", "current"]].drop_duplicates().to_numpy().tolist() == [
        ["2025", True],
        ["2023", False],
        ["2021", False],
    ]
    assert made.surveys["current"].tolist() == sorted(made.surveys["current"], reverse=True)
    assert set(made.coverage["wave"]) == set(made.precision["wave"]) == set(made.weighting["wave"]) == {"2025", "2023", "2021"}
    for found in made.tables:
        assert not found.frame.duplicated([*found.labels, *found.dims]).any()


def test_todays_rows_are_the_same_with_and_without_earlier_waves(today: Linked, alone: Estimates) -> None:
    made = estimate(replace(today, earlier=(earlier(2, "2023"),)))
    for found in alone.tables:
        now = table(made, found.name).query("wave == '2025'").reset_index(drop=True)
        pd.testing.assert_frame_equal(now, found.frame)
    pd.testing.assert_frame_equal(made.surveys.query("current").reset_index(drop=True), alone.surveys)
    pd.testing.assert_frame_equal(made.coverage.query("wave == '2025'").reset_index(drop=True), alone.coverage)
    pd.testing.assert_frame_equal(made.indicators, alone.indicators)


def test_an_earlier_waves_rows_are_those_it_would_have_as_the_current_one(today: Linked) -> None:
    then = earlier(2, "2023")
    both, itself = estimate(replace(today, earlier=(then,))), estimate(then)
    for found in itself.tables:
        rows = table(both, found.name).query("wave == '2023'").reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, found.frame)


def test_a_roll_or_response_that_would_tell_of_few_is_withheld_in_every_wave(today: Linked) -> None:
    then = earlier(2, "2023", rate=2.0, item_missing=0.0)
    made = estimate(replace(today, earlier=(then,))).surveys.set_index(["survey", "wave"])
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        assert made.loc[(survey, "2023"), ["roll", "response_pct"]].isna().all()
        assert made.loc[(survey, "2025"), ["roll", "response_pct"]].notna().all()


def test_a_survey_that_only_an_earlier_wave_made_is_told_as_such(today: Linked) -> None:
    surveys = {code: frame for code, frame in today.surveys.items() if code != "pupil_p5_p7"}
    made = estimate(replace(today, surveys=surveys, earlier=(earlier(2, "2023"),)))
    assert set(table(made, "pupil_p5_p7_area")["wave"]) == {"2023"}
    assert made.surveys.query("survey == 'pupil_p5_p7'")[["wave", "current"]].to_numpy().tolist() == [["2023", False]]
    assert "pupil_p5_p7" in set(made.indicators["survey"])


def test_another_edition_of_the_index_is_in_the_waves_note(today: Linked) -> None:
    now = replace(today, partnership={**today.partnership, "simd_edition": "2020v2"})
    old = earlier(2, "2023")
    notes = estimate(replace(now, earlier=(replace(old, partnership={**old.partnership, "simd_edition": "2016"}),))).surveys
    for row in notes.to_dict("records"):
        assert ("SIMD 2016" in row["note"] and "not comparable" in row["note"]) == (row["wave"] == "2023")


def test_which_wording_is_comparable_is_the_partnerships_to_say(today: Linked) -> None:
    plain = estimate(today).indicators
    assert set(plain["comparable_since"]) == {""}
    about = {**today.partnership, "comparable_since": {"choice_in_learning": 2025, "treated_fairly": None}}
    said = estimate(replace(today, partnership=about)).indicators
    since = said[said["comparable_since"] != ""]
    assert set(since["indicator"]) == {"choice_in_learning", "multiple_risks"}, "and the count of needs that it is part of"
    assert set(since["comparable_since"]) == {"2025"}


@pytest.mark.parametrize("wave", ["soon", "2025-6", "25"])
def test_a_catalogue_with_a_wave_that_is_none_is_refused(tmp_path: Path, wave: str) -> None:
    text = (CONTRACTS / "indicators.yaml").read_text(encoding="utf-8")
    path = tmp_path / "indicators.yaml"
    path.write_text(text.replace('need_band: "no"', f'need_band: "no"\n    comparable_since: "{wave}"', 1), encoding="utf-8")
    with pytest.raises(SettingsError, match="survey wave"):
        read_catalogue(path)
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{wave}"', '"2025"'), encoding="utf-8")
    assert read_catalogue(path).indicators["trusted_adult"].comparable_since == "2025"
    assert catalogue().indicators["trusted_adult"].comparable_since == ""
