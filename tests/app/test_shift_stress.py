"""The tests of a plan on the page: a stated shift at once, a plan on demand, and no price of a bought service on the screen."""

import time
from functools import cache

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import charts_tornado, shift_stress
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.explore.tornado import Measure, tornado
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.why import tornado as why_tornado
from tests.workshop.test_couple import a_release


@cache
def a_shift(depth: str = "estimate") -> Shift:
    """A solved shift of the small release."""
    return try_shift(a_release(), Levers.of("shift_2", depth=Depth(depth)))


@pytest.fixture
def table() -> pd.DataFrame:
    shift = a_shift()
    found = tornado(shift.scenario, shift.result, anew=False)
    return why_tornado.tornado_table(shift, found, Measure.RELEASED)


def test_the_picture_has_two_bars_an_input_widest_first_and_is_a_chart_that_can_be_drawn(table: pd.DataFrame) -> None:
    points = charts_tornado.points(table)
    assert not points.empty
    assert points.groupby("order").size().eq(2).all()
    swing = points.groupby("order")["thousands"].agg(lambda v: abs(v.iloc[1] - v.iloc[0]))
    assert swing.is_monotonic_decreasing
    spec = charts_tornado.tornado(points, "Released capacity (£ thousand)")
    alt.Chart.from_dict({**spec, "data": {"values": points.to_dict("records")}})
    assert charts_tornado.tornado(points, "Other")["encoding"]["x"]["title"] == "Other"


def test_the_unit_cost_of_a_bought_service_is_not_on_the_big_screen() -> None:
    release, shift = a_release(), a_shift()
    found = tornado(shift.scenario, shift.result, anew=False)
    hidden = shift_stress._priced(release, found, Measure.RELEASED)
    bars = found.sorted(Measure.RELEASED)
    assert [bar.knob.kind == "unit_cost" for bar, off in zip(bars, hidden, strict=True) if off] == [True] * int(hidden.sum())
    assert len(hidden) == len(bars)


def page(depth: str) -> None:
    """The section by itself, on the small release."""
    from app import shift_stress
    from tests.app.test_shift_stress import a_shift
    from tests.workshop.test_couple import a_release

    shift_stress.section(a_release(), a_shift(depth), False)


def test_a_stated_shift_is_tested_at_once_and_says_what_cannot_be_tried() -> None:
    at = AppTest.from_function(page, args=("discuss",), default_timeout=30).run()
    assert not at.exception
    assert [h.value for h in at.header] == ["What if it goes otherwise?"]
    assert any("cannot be tried here" in m.value for m in at.markdown)
    assert not at.button


def test_a_plan_is_tested_beside_the_page_and_says_how_many_of_its_moves_survive() -> None:
    at = AppTest.from_function(page, args=("estimate",), default_timeout=30).run()
    assert {"go_inputs", "go_gaps"} <= {b.key for b in at.button}
    began = time.monotonic()
    while not any("survive" in h.value for h in at.subheader) and time.monotonic() - began < 30:
        time.sleep(0.3)
        at.run()
    assert not at.exception
    assert [h.value for h in at.header][:2] == ["Which moves survive?", "Which plan would we regret least?"]
    assert "survive" in at.subheader[0].value
