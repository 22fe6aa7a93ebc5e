"""*How sure*, the draws on the page: a run goes on beside it, can be stopped, survives what is typed, and is kept."""

import threading
import time
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import background, charts_fans, shift_draws
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.explore.fans import fans
from rcs_core.workshop.explore.ranges import with_need
from rcs_core.workshop.shift import Shift, try_shift
from tests.workshop.small_release import a_release

RELEASE = a_release()


@cache
def a_shift(depth: str) -> Shift:
    """The small release's shift at a depth, solved once."""
    return try_shift(RELEASE, Levers.of("shift_2", depth=Depth(depth)))


def the_page() -> None:
    """A page with the section, a field to type in, and nothing else."""
    import streamlit as st

    from app import shift_draws
    from tests.app.test_shift_draws import RELEASE, a_shift

    st.text_input("Typed", key="typed")
    shift_draws.section(RELEASE, a_shift(st.session_state.get("depth", "estimate")), on_screen=True)


def said(page: AppTest) -> str:
    """All that a page says."""
    return " ".join(str(one.value) for one in (*page.header, *page.subheader, *page.markdown, *page.caption))


def finished(page: AppTest) -> AppTest:
    """The page, looked at again when what goes on beside it has ended."""
    for _ in range(600):
        if background._answers():
            return page.run()
        time.sleep(0.05)
    raise AssertionError(said(page.run()))


def test_a_run_goes_on_beside_the_page_and_what_is_typed_stays() -> None:
    page = AppTest.from_function(the_page, default_timeout=60).run()
    assert not page.exception
    assert "What could become of this plan?" in said(page)
    assert "In 90% of draws need for" in said(page)
    page.segmented_control(key="draws_many").set_value(50)
    page.text_input(key="typed").set_value("kept")
    page.button(key="draws_go").click().run()
    found = finished(page)
    assert "of 50 draws" in said(found)
    assert not found.exception
    assert "seed 2026" in said(found)
    assert found.text_input(key="typed").value == "kept"
    table = found.dataframe[-1].value
    assert (table.iloc[:, 1:4].sum(axis=1) <= 50).all()
    assert table.filter(like="(£)").isna().all(axis=1).any()  # on the big screen no bought service has its price
    assert not [b for b in found.button if b.key == "draws_go"]
    share = shift_draws.held(RELEASE, a_shift("estimate").levers)
    assert share is not None
    assert f"({share:.0%})" in said(found)
    again = AppTest.from_function(the_page, default_timeout=60).run()  # another session: the answer is there
    assert "of 50 draws" in said(again.segmented_control(key="draws_many").set_value(50).run())


def test_where_a_shift_is_only_discussed_nothing_is_worked_out_anew() -> None:
    page = AppTest.from_function(the_page, default_timeout=60)
    page.session_state["depth"] = "discuss"
    page.run()
    assert not page.exception
    assert "only need, and how much of its cost is cash, can be drawn" in said(page)
    assert "Would we still choose the same services?" not in said(page)


def test_work_that_is_stopped_leaves_nothing_and_work_that_fails_says_so() -> None:
    kept: dict[str, Any] = {}
    run, begun = background.Run("a"), threading.Event()

    def work(tell: background.Told, stop: background.Stop) -> str:
        tell(0.5)
        begun.set()
        while not stop():
            time.sleep(0.01)
        raise TimeoutError("stopped")

    thread = threading.Thread(target=run.go, args=(work, kept))
    thread.start()
    assert begun.wait(5)
    assert (run.share, run.done) == (0.5, False)
    run.halt.set()
    thread.join(5)
    assert (run.done, str(run.problem), kept) == (True, "stopped", {})
    done = background.Run("b")
    done.go(lambda *_: 7, kept)
    assert kept == {"b": 7}


def test_the_picture_has_bands_from_low_to_high_and_the_plan_as_a_line() -> None:
    shift = a_shift("estimate")
    fan = fans(with_need(shift.scenario), shift.result, 100)
    band = next(iter(fan.need.values()))
    rows = charts_fans.points(band, [str(y) for y in shift.scenario.years])
    wide, half = (rows[rows["part"] == part] for part in (charts_fans.WIDE, charts_fans.HALF))
    assert (wide["low"].to_numpy() <= half["low"].to_numpy()).all()
    assert rows[rows["part"] == charts_fans.PLAN]["value"].tolist() == band.likely.tolist()
    spec = charts_fans.fan("Children", ",.1f")
    assert [layer["encoding"]["y"]["title"] for layer in spec["layer"]] == ["Children"] * 4
    assert not any("data" in layer for layer in spec["layer"])


@pytest.fixture(autouse=True)
def _no_answers_of_before() -> None:
    background._answers().clear()
