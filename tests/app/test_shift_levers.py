"""A lever that the room moves stands in the list of changes, with whose it is and why as far as said, and is taken back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import shift_board
from app.typed_words import typed
from tests.test_pages import words
from tests.tiny_release import serve


def levers_page() -> None:
    """The presets, the levers, what was changed, and the five answers."""
    import streamlit as st

    from app import room, session, shift_board, shift_edits, shifting

    st.session_state[room.LARGE_KEY] = st.session_state.get("large", False)
    release = session.release()
    chosen = shifting.levers(release, *shifting.depth())
    shift = shifting.solved(release, chosen)
    shift_edits.bar(release, shift, open_form=False)
    shift_board.draw(release, shift, shift_board.standing(release, chosen, shift), whole="part" not in st.session_state)


def test_a_moved_lever_is_listed_with_its_owner_and_reason_and_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = AppTest.from_function(levers_page, default_timeout=60).run()
    assert not page.exception
    assert "Nothing cashes" not in next(g for g in page.get("button_group") if g.key == "shift_preset").options
    assert not [t for t in page.toggle if t.label == "Half the effects"]
    page.number_input(key="shift_points_shift_2").set_value(3.0).run()
    change = "**Points moved to prevention: from 2 points to 3 points.**"
    assert f"{change} Owner: not given. Reason: not given." in words(page)
    agency = page.selectbox(key="because_agency_shift_pct")
    agency.set_value(agency.options[1])
    page.text_input(key="because_person_shift_pct").set_value("A. Name")
    page.text_input(key="because_reason_shift_pct").set_value("The board asked for it")
    next(b for b in page.button if b.label == "Note it").click().run()
    assert not page.exception
    assert f"{change} Owner: {typed(agency.options[1])}, {typed('A. Name')}. Reason: The board asked for it." in words(page)
    page.button(key="lever_undo_shift_pct").click().run()
    assert "Changed in this room" not in words(page)
    assert page.number_input(key="shift_points_shift_2").value == 2.0
    page.session_state["large"] = page.session_state["part"] = True
    page.run()
    assert not page.exception
    assert [h.value for h in page.header] == ["How sure are we?"]
    assert page.subheader[0].value.startswith("**100%** of the pounds moved")


def test_the_largest_figure_of_an_answer_is_the_one_that_answers() -> None:
    for sentence, largest in {
        "By 2030-31, about £1,800,000 more a year goes to prevention: 2.0 points.": "£1,800,000",
        "No: 12 children a year would go without in 2028-29.": "No: 12",
        "68% of the pounds moved rest on guesses.": "68%",
        "Yes: all the need is met.": "Yes",
        "There is no plan to show.": "",
    }.items():
        found = shift_board.enlarged(sentence)
        assert found.replace("**", "") == sentence
        assert found.split("**")[1:2] == ([largest] if largest else [])
