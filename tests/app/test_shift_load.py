"""A workbook that comes back to *Try a shift*: its changes are read before they count, and its file is what is shown."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import serve
from tests.workshop.returned_cases import BOOKS, BUDGET, edited, typing, written


@pytest.fixture(autouse=True)
def _served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small release, served."""
    serve(tmp_path, monkeypatch)


def load_page() -> None:
    """The place for a workbook, and the scenario from a file in the place of the levers."""
    import streamlit as st

    from app import session, shift_file, shift_load
    from tests.workshop.returned_cases import NAMES, scenario

    release = session.release()
    found = shift_file.opened(release)
    if found is not None:
        shift_file.draw(release, found, False)
    st.session_state["found"] = found
    shift_load.offer(release, scenario(), NAMES)


def sent(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].upload(name, content)
    return page.run()


def press(page: AppTest, label: str, **texts: str) -> AppTest:
    for field in page.text_input:
        if field.label in texts:
            field.set_value(texts[field.label])
    next(b for b in page.button if b.label == label).click()
    return page.run()


def test_changes_are_listed_accepted_by_somebody_shown_kept_and_opened_again(tmp_path: Path) -> None:
    page = AppTest.from_function(load_page, default_timeout=60).run()
    sent(page, "edited.xlsx", edited(tmp_path, typing({BUDGET: 2800.22})).read_bytes())
    table = next(frame.value for frame in page.dataframe if "Was" in frame.value)
    assert list(table.loc[:, ["Was", "Now"]].iloc[0]) == ["2,704.22", "2,800.22"]
    assert page.session_state["found"] is None
    press(page, "Accept")
    assert "an owner and a reason" in page.error[0].value
    assert page.session_state["found"] is None, "nothing changes before somebody has said whose it is"
    press(page, "Accept", **{"Whose changes they are": "Ada", "Why they were made": "The budget of June"})
    assert not page.exception
    assert page.session_state["found"].scenario.agencies[0].budget[1] == 2800.22
    said = words(page)
    assert "From a file: pools, changed" in said
    assert "It has no levers" in said
    assert any({"As it was taken away", "pools, changed"} <= set(map(str, frame.value.columns)) for frame in page.dataframe)
    press(page, "Keep", **{"Keep this scenario as": "With the budget of June"})
    kept = Shelf(Store.open(tmp_path / "home" / "store.sqlite")).latest()[0]
    assert (kept.name, kept.author, kept.draft.levers) == ("With the budget of June", "Ada", None)
    assert page.query_params["kept"] == kept.link, "a reload would lose it"
    again = AppTest.from_function(load_page, default_timeout=60)
    again.query_params["kept"] = kept.link
    again.run()
    assert again.session_state["found"].scenario.to_dict() == page.session_state["found"].scenario.to_dict()
    next(b for b in again.button if b.label == "Back to the levers").click()
    again.run()
    assert again.session_state["found"] is None


def test_a_foreign_or_damaged_file_is_one_error_and_what_was_on_the_screen_stays() -> None:
    page = AppTest.from_function(load_page, default_timeout=60).run()
    sent(page, "ours.xlsx", written().read_bytes()[:9000])
    assert len(page.error) == 1
    assert "damaged" in page.error[0].value
    assert page.session_state["found"] is None
    assert not any(b.label == "Accept" for b in page.button)


def test_an_early_workbook_is_put_onto_the_scenario_on_the_screen() -> None:
    page = AppTest.from_function(load_page, default_timeout=60).run()
    sent(page, "early.xlsx", (BOOKS / "layout_1_pools.xlsx").read_bytes())
    assert page.selectbox(key="shift_load_onto").value == ""
    assert "No input was changed" in words(page)
