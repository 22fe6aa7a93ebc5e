"""Claims about the views of *Services and money*: six official questions, few controls, a big screen to rely on."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import charts_money, charts_services, money
from rcs_core.vocab import Agency
from rcs_core.workshop.contracting import LATER, Why, why_label
from rcs_core.workshop.gap_grid import Found
from tests.tiny_release import open_page, serve

PAGE = "services_and_money.py"
type Views = dict[tuple[str, bool], tuple[str, int, list[str]]]
MOST, IN_THE_ROOM = 4, 2
OFF = ("1 Total", "4 Cost", "6 Contracts")
"""The questions that are looked at off the big screen too."""


def said(page: AppTest) -> str:
    """All that can be read of it, tables too."""
    found = (page.title, page.header, page.subheader, page.markdown, page.caption)
    tables = [frame.value.to_csv() for frame in page.dataframe]
    return "\n".join([*(str(e.value) for kind in found for e in kind), *tables])


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Views:
    """Every official question on the big screen and off it: its words, how many select boxes, and what is folded away."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        serve(tmp_path_factory.mktemp("served"), monkeypatch)
        page, found = open_page(PAGE), {}
        for name, big in [*((question.name, True) for question in money.OFFICIAL), *((name, False) for name in OFF)]:
            page.session_state["money_question"], page.session_state["big_screen"] = name, big
            page.run()
            assert not page.exception, page.exception[0].message
            found[name, big] = said(page), len(page.selectbox), [e.label for e in page.expander]
    return found


@pytest.mark.parametrize("question", money.OFFICIAL, ids=lambda q: q.name)
def test_each_official_question_is_a_heading_with_a_number_and_a_table(question: money.Question, views: Views) -> None:
    words, _, folded = views[question.name, True]
    assert question.heading in words
    assert "2025-26" in words
    assert "The same numbers as a table, and both to download" in folded
    assert "£570,630 is not mapped to any service yet" in words
    assert "saving" not in words.lower()


@pytest.mark.parametrize("question", money.OFFICIAL, ids=lambda q: q.name)
def test_there_are_two_controls_in_the_room_and_four_at_most(question: money.Question, views: Views) -> None:
    assert views[question.name, True][1] <= IN_THE_ROOM
    assert all(views[name, False][1] <= MOST for name in OFF)


@pytest.mark.parametrize("question", money.OFFICIAL, ids=lambda q: q.name)
def test_providers_and_their_prices_are_not_on_the_big_screen(question: money.Question, views: Views) -> None:
    words = views[question.name, True][0]
    for told in ("Aberlea Trust", "Leven Counselling", "Strathmere Befrienders", "231900", "486250.25", "1496.13"):
        assert told not in words


def test_off_the_big_screen_they_are_there(views: Views) -> None:
    assert "Leven Counselling" in views["6 Contracts", False][0]
    assert "1496.13" in views["4 Cost", False][0]


def test_the_big_screen_is_on_until_somebody_turns_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(PAGE)
    assert page.toggle(key="big_screen").value is True


def test_every_agency_has_a_colour_of_its_own() -> None:
    assert len(set(charts_money.AGENCIES)) == len(charts_money.AGENCIES) >= len(Agency)


def test_no_template_holds_data_and_a_drawing_never_spoils_the_next() -> None:
    points = pd.DataFrame({"label": ["Foster care"], "order": [0]})
    for spec in (
        charts_services.flows(500),
        charts_services.grid(),
        charts_services.contracts(points),
        charts_services.costs(points, ("Here", "There")),
    ):
        assert "data" not in spec
        assert all("data" not in layer for layer in spec["layer"])
        spec["layer"].clear()
    assert charts_services.flows(700)["height"] == 700
    assert len(charts_services.flows(500)["layer"]) == 5
    assert len(charts_services.grid()["layer"]) == 2


def test_what_the_pictures_call_a_state_is_what_the_tables_call_it() -> None:
    assert set(charts_services.SQUARES) == {found.label for found in Found}
    assert set(charts_services.WHEN) == {*(why_label(w) for w in (Why.ENDED, Why.NOTICE, Why.ENDS)), LATER}
