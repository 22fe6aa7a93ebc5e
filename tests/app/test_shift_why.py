"""Why, on the page: the promises by price, each service's chain, and what is kept off the big screen."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from app import shift_why
from rcs_core.workshop.sentence import money, say
from tests.workshop.small_release import a_release


def the_section(depth: str, on_screen: bool) -> None:
    """The section on the small release."""
    from app import shift_why
    from rcs_core.workshop.couple import Levers, Preset
    from rcs_core.workshop.couple.levers import Depth
    from rcs_core.workshop.shift import try_shift
    from tests.workshop.small_release import a_release

    release = a_release()
    shift_why.section(release, try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth(depth))), on_screen)


def words(page: AppTest) -> str:
    assert not page.exception
    return " ".join(e.value for e in (*page.subheader, *page.markdown, *page.caption))


def test_the_page_says_the_dearest_promise_the_list_and_the_chain_of_the_service_that_is_chosen() -> None:
    page = AppTest.from_function(the_section, default_timeout=60, args=("estimate", False)).run()
    assert [h.value for h in page.header] == ["What do the promises cost?", "Why did each service move, or not?"]
    assert page.subheader[0].value.startswith("The dearest promise is")
    assert "Nothing is lost by the purse of Council: education" in words(page)
    assert "grows by about" in words(page)
    page.selectbox[0].select_index(1).run()
    assert "falls by about" in words(page)
    table = page.dataframe[-1].value
    assert {"Service", "What happened", "Why", "Who pays"} <= set(table.columns)


def test_amounts_beside_a_service_that_is_bought_stay_off_the_big_screen() -> None:
    release = a_release()
    one = say("{a} less for {s}", a=money(1.0), s="School counselling")
    assert shift_why.said(release, [one], on_screen=True) == ["– less for School counselling"]
    assert shift_why.said(release, [one], on_screen=False) == ["£1,000 less for School counselling"]
    rows = pd.DataFrame(
        {"Promise": ["A", "B"], "Most of it in": ["School counselling", "Foster care"], "It gains (£)": [1.0, 2.0]}
    )
    assert shift_why.veiled(release, rows, on_screen=True)["It gains (£)"].isna().tolist() == [True, False]
    assert shift_why.veiled(release, rows, on_screen=False).equals(rows)


def test_where_a_shift_is_discussed_the_page_says_that_nothing_is_chosen() -> None:
    page = AppTest.from_function(the_section, default_timeout=60, args=("discuss", False)).run()
    assert page.subheader[0].value.startswith("Nothing is chosen here")
    assert "costs care" not in words(page)
