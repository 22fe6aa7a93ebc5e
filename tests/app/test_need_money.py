"""Claims about two views of *Services and money*: need stands beside money, and questions stand with their rows."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import challenge, charts_quadrant, need_money
from rcs_core.release import load
from rcs_core.workshop.need_money import Outcome, Side, beside
from tests.tiny_release import open_page, serve, tiny_release

PAGE = "services_and_money.py"


def view(name: str) -> AppTest:
    """The page as a link to one of its views opens it."""
    page = open_page(PAGE)
    page.session_state["money_question"] = name
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def test_the_page_has_views_of_need_beside_money_and_of_the_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = view("Need")
    assert need_money.TITLE in [h.value for h in page.header]
    assert {"Pupils in P5 to P7", "Pupils in S1 to S4"} <= {tab.label for tab in page.tabs}
    page = view("Challenge")
    assert challenge.TITLE in [h.value for h in page.header]
    questions = [e.label for e in page.expander if e.label.endswith("?")]
    assert "£570,630, 3.7% of the money that should be on the map, is on no service: what is it for?" in questions
    assert f"{len(questions)} questions to ask of these services and this money." in [s.value for s in page.subheader]
    assert any(f"{len(questions)} questions to ask" in m.value for m in open_page("today.py").markdown)


def test_without_a_survey_the_money_is_still_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch, surveys=())
    page = view("Challenge")
    assert challenge.TITLE in [h.value for h in page.header]
    assert "Need" not in page.get("button_group")[0].options


def test_the_quadrant_keeps_every_dot_range_and_name_in_sight(tmp_path: Path) -> None:
    found = beside(load(tiny_release(tmp_path)), Outcome.DOMAIN, "pupil_s1_s4")
    assert found.middle_need is not None
    assert found.middle_spend is not None
    names, points = tuple(side.label for side in Side), charts_quadrant.placed(found.points())
    spec = charts_quadrant.quadrant(names, points, found.middle_need, found.middle_spend / 1e8)
    assert "data" not in spec
    assert len(points) == 6
    low, high = spec["layer"][4]["encoding"]["y"]["scale"]["domain"]
    assert (points["low"].min() > low) or (low == 0)
    assert (points["high"].max() < high) or (high == 100)
    assert spec["layer"][4]["encoding"]["x"]["scale"]["domain"][1] >= points["millions_high"].max()
    assert spec["layer"][4]["encoding"]["color"]["scale"]["domain"] == list(names)
    told = [layer["transform"][0]["filter"] for layer in spec["layer"][5:]]
    assert len(set(told)) == 4
    assert spec["layer"][0]["transform"] == [{"calculate": str(found.middle_need), "as": "pct"}]
