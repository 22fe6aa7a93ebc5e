"""What else, on the page: worked out when asked for, by name, and without amounts of bought services on the big screen."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from app import charts_else, shift_else
from rcs_core.workshop.explore.choices import Choice, Kind
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.scenario.alternatives import Span


def the_section(depth: str, on_screen: bool) -> None:
    """The section on the small release, whose shift is solved once."""
    import streamlit as st

    from app import shift_else
    from rcs_core.workshop.couple import Levers, Preset
    from rcs_core.workshop.couple.levers import Depth
    from rcs_core.workshop.shift import try_shift
    from tests.workshop.small_release import a_release

    if "solved" not in st.session_state:
        release = a_release()
        st.session_state["solved"] = release, try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth(depth)))
    shift_else.section(*st.session_state["solved"], on_screen)


def words(page: AppTest) -> str:
    assert not page.exception
    return " ".join(e.value for e in (*page.subheader, *page.markdown, *page.caption))


def asked(page: AppTest, part: str) -> AppTest:
    """The page once a part of it was asked for and is worked out."""
    page.button(key=f"else_{part}").click().run()
    until = time.monotonic() + 60
    while any(b.key == f"else_{part}" for b in page.button):
        assert time.monotonic() < until
        time.sleep(0.1)
        page.run()
    return page


def test_where_a_shift_is_only_discussed_it_says_that_nothing_is_optimised() -> None:
    page = AppTest.from_function(the_section, args=("discuss", False), default_timeout=60).run()
    assert "nothing is optimised" in words(page)
    assert not page.button


def test_must_haves_and_weights_are_worked_out_when_they_are_asked_for() -> None:
    page = AppTest.from_function(the_section, args=("estimate", True), default_timeout=60).run()
    assert [h.value[-1] for h in page.header] == ["?", "?", "?"]
    assert not page.subheader
    said = words(asked(page, "choices"))
    assert "there is no real choice beside" in said
    assert "A plan is nearly as good here when it gives up at most 1% of what the plan gains" in said
    page.segmented_control[0].set_value("5%").run()
    assert "at most 5% of the gain" in words(page)
    table = page.dataframe[0].value
    assert table.loc[table["Service"] == "School counselling"].filter(like="(£)").isna().all(axis=None)
    assert "whatever counts" in words(asked(page, "weights"))


def test_work_that_is_stopped_ends_at_its_next_word() -> None:
    heard: list[float] = []
    with pytest.raises(Stopped):
        shift_else._until_stopped(lambda tell: [tell(0.1), tell(0.2)], heard.append, lambda: len(heard) > 0)
    assert heard == [0.1]


def test_a_range_without_end_is_drawn_to_the_furthest_and_its_kind_is_in_words() -> None:
    rows = [
        ("A", Choice("a", 0.01, Kind.REAL_CHOICE, 1.0, 2.0, 2.0, Span(1.0, float("inf")), Span(0.0, 0.0))),
        ("B", Choice("b", 0.01, Kind.MUST_HAVE, 1.0, 3.0, 3.0, Span(2.0, 9.0), Span(0.0, 0.0))),
    ]
    points = charts_else.range_points(rows)
    assert list(points["most"]) == [9.0, 9.0]
    assert list(points["label"]) == ["A: real choice", "B: must have"]
    assert {"data", "datasets"}.isdisjoint(charts_else.ranges(points))
