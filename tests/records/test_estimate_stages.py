"""A question that a survey asks of some stages only: no row of the others, and every sum still adds up."""

from dataclasses import replace

import pytest

from rcs_core.records.catalogue import Catalogue, catalogue
from rcs_core.records.estimate.pupils import prepare, pupil_tables
from rcs_core.records.estimate.rules import rules
from rcs_core.records.specification import specifications
from rcs_core.release import Table
from tests.records.estimate_case import linked_from, population, respond, with_survey

SURVEY, CODE = "pupil_s1_s4", "regular_smoker"


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    """The count tables of a survey that asked one question of S3 and S4 only."""
    known = catalogue()
    asked = replace(known.indicators[CODE], stages=["S3", "S4"])
    own = Catalogue(known.surveys, known.indicators | {CODE: asked})
    people = population(seed=8)
    answers = respond(people)
    answers.loc[answers["stage"].isin(["S1", "S2"]), CODE] = ""
    linked = linked_from(people, answers, parents=False)
    linked = with_survey(linked, SURVEY, linked.surveys[SURVEY])
    survey = prepare(linked, SURVEY, own, rules())
    assert survey is not None
    return {table.name: table for table in pupil_tables(survey, linked, own, rules(), specifications()["standard"])[0]}


def test_stages_that_were_not_asked_have_no_row(tables: dict[str, Table]) -> None:
    frame = tables[f"{SURVEY}_stage"].frame
    assert set(frame.loc[frame["indicator"] == CODE, "stage"]) == {"ALL", "S3", "S4"}
    assert set(frame.loc[frame["indicator"] == "bullied_last_year", "stage"]) == {"ALL", "S1", "S2", "S3", "S4"}


def test_the_stages_that_were_asked_add_up_to_the_whole(tables: dict[str, Table]) -> None:
    stage = tables[f"{SURVEY}_stage"].frame
    mine = stage[stage["indicator"] == CODE]
    for band in ("ALL", "yes", "no"):
        rows = mine[mine["band"] == band].set_index("stage")["n"]
        assert rows["ALL"] == rows["S3"] + rows["S4"]
    area = tables[f"{SURVEY}_area"].frame
    council = area[(area["indicator"] == CODE) & (area["area"] == "999")].set_index("band")["n"]
    assert council["ALL"] == mine[(mine["stage"] == "ALL") & (mine["band"] == "ALL")]["n"].iloc[0]
