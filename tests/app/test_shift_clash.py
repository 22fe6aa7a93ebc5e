"""When promises cannot all hold, the room reads which sum is short, applies a change with one button, and takes it back."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from rcs_core.workshop import big_screen
from rcs_core.workshop.scenario.edits import Edit
from tests.workshop.small_release import a_release


def the_page(depth: str, on_screen: bool) -> None:
    """The falling budget of the small release with the changes of the room, and what clashes where there is no plan."""
    import streamlit as st

    from app import shift_clash, shift_edits
    from rcs_core.workshop.couple import Levers, Preset
    from rcs_core.workshop.couple.levers import Depth
    from rcs_core.workshop.shift import try_shift
    from tests.workshop.small_release import a_release

    release = a_release()
    levers = shift_edits.put_in(release, Levers.of(Preset.FALLING_BUDGET, depth=Depth(depth)))
    shift = try_shift(release, levers)
    shift_edits.bar(release, shift, on_screen)
    if shift.possible:
        st.markdown("Everything holds.")
    else:
        shift_clash.section(release, shift, on_screen)


def opened(edits: tuple[Edit, ...] = ()) -> AppTest:
    page = AppTest.from_function(the_page, args=("evidence", True), default_timeout=60)
    if edits:
        page.session_state["shift_edits"] = edits
    return checked(page.run())


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(e.value for e in (*page.subheader, *page.markdown, *page.caption))


def test_what_a_change_does_to_a_bought_service_is_told_without_its_price_on_the_big_screen() -> None:
    rows = pd.DataFrame({"What": ["Least spend on School counselling", "Budget of NHS board"], "From": ["£231,900", "£5"]})
    told = big_screen.without_row_sums(rows, a_release(), True)
    assert told["From"].tolist() == ["–", "£5"]
    assert big_screen.without_row_sums(rows, a_release(), False).equals(rows)


def test_a_room_applies_the_least_money_sees_a_plan_and_takes_it_back() -> None:
    page = opened()
    assert page.subheader[0].value == "2027-28, Council: social work: have £5,942,228, need £6,002,251, short by £60,023."
    assert "It settles one clash; others remain." in said(page)
    checked(page.button(key="clash_apply_0").click().run())
    assert page.subheader[0].value == "Changed in this room: one change"
    assert "Budget of Council: social work, 2027-28: from £5,942,228 to £6,002,251." in said(page)
    assert page.subheader[1].value.startswith("2028-29, Council: social work: have")
    checked(page.button(key="clash_apply_extra").click().run())
    assert "Everything holds." in said(page)
    checked(page.button(key="edits_undo").click().run())
    assert page.subheader[0].value == "Changed in this room: one change"
    checked(page.button(key="edits_remove_0").click().run())
    assert page.subheader[0].value.startswith("2027-28, Council: social work: have")


def test_a_promise_is_refused_without_an_owner_then_put_in_and_what_does_not_fit_is_listed_and_no_error() -> None:
    gone = Edit("/prevention/S999/floor", 1.0, "NHS", "gone"), Edit("/agencies/0/budget", (1.0,), "", "short")
    page = opened(edits=gone)
    assert all(f"Not used, {edit.path}:" in said(page) for edit in gone)
    checked(next(b for b in page.button if b.label == "Put it in").click().run())
    assert page.error[0].value.startswith("**A promise is somebody's, for a reason**")
    for key, text in {"promise_owner": "NHS", "promise_reason": "It keeps families together"}.items():
        page.text_input(key=key).input(text)
    page.number_input(key="promise_pounds").set_value(50_000)
    checked(next(b for b in page.button if b.label == "Put it in").click().run())
    assert page.subheader[0].value == "Changed in this room: three changes"
    assert "It keeps families together" in said(page)
    checked(page.button(key="edits_clear").click().run())
    assert "Changed in this room" not in said(page)
