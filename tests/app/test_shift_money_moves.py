"""The part of *Try a shift* on money that moves: what pays for what, who pays and gains, what it is worth; no bought price."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import charts_money_moves as charts
from rcs_core.release import load
from rcs_core.workshop import big_screen
from rcs_core.workshop.why import payback
from tests.test_pages import words
from tests.tiny_release import serve


def page(depth: str, on_screen: bool) -> None:
    """The section by itself."""
    from app import session, shift_money_moves, shifting
    from rcs_core.workshop.couple import Levers, Preset
    from rcs_core.workshop.couple.levers import Depth

    release = session.release()
    levers = Levers.of(Preset.SHIFT_2, depth=Depth(depth))
    shift_money_moves.section(release, shifting.solved(release, levers), on_screen)


def test_each_increase_stands_beside_what_pays_for_it_and_cost_and_benefit_are_worked_out_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = load(serve(tmp_path, monkeypatch))
    shown = AppTest.from_function(page, args=("estimate", False), default_timeout=30).run()
    assert not shown.exception
    said = words(shown)
    assert [h.value for h in shown.header] == [
        "What pays for what?", "Who pays, who gains, and when does it pay back?", "What is it worth?",
    ]  # fmt: skip
    assert "is paid by" in said
    assert "double running" in said
    assert "saving" not in said.lower()
    shown.button(key="money_moves_worth").click().run()
    assert "1,000 draws, seed 2026" in words(shown)
    hidden = AppTest.from_function(page, args=("discuss", True), default_timeout=30).run()
    bought = {str(big_screen.register(release)[s]["service_name"]) for s in big_screen.bought(release)}
    lines = [line for text in hidden.markdown for line in text.value.split("\n") if "£" in line]
    assert lines
    assert not [line for line in lines if any(name in line for name in bought)]


def test_the_picture_keeps_a_colour_for_all_agencies_together_and_spoils_no_template() -> None:
    import pandas as pd

    rows = pd.DataFrame({"Year": ["1"] * 2, "Agency": ["Board", payback.TOGETHER], "Better off so far (£)": [5.0, -5000.0]})
    points = charts.so_far_points(rows)
    spec = charts.so_far(points)
    assert spec["layer"][1]["encoding"]["color"]["scale"]["range"] == [charts.COLOURS[0], charts.COLOURS[-1]]
    assert points["thousands"].tolist() == [0.005, -5.0]
    assert "scale" not in charts._so_far()["layer"][1]["encoding"]["color"]
