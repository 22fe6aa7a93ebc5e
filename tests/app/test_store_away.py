"""While the store does not answer a page says so in plain words, and it is back when the store is."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import session
from rcs_core.workshop.store import Store, StoreAwayError
from tests import tiny_release


def test_a_page_whose_store_is_away_says_so_and_is_back_when_the_store_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_release.serve(tmp_path, monkeypatch, money=False, linked=False, surveys=("pupil_p5_p7",))
    asked = []

    def away() -> Store:
        asked.append(1)
        raise StoreAwayError(
            "the store cannot be opened", "postgresql://rcs@db/session", "no route to host", "", "look at the server"
        )

    monkeypatch.setattr(session, "store", away)
    app = tiny_release.open_page("today.py")
    assert not app.exception
    assert [t.value for t in app.title] == ["The workshop's store does not answer"]
    assert "no route to host" in app.error[0].value
    assert any("Looking again every 3 seconds" in c.value for c in app.caption)
    before = len(asked)
    app.run()
    assert len(asked) > before
    # A store in which nobody has signed yet: the page that it leads to is soon drawn.
    monkeypatch.setattr(session, "store", lambda: Store.open(tmp_path / "back.sqlite"))
    app.run()
    assert not app.exception
    assert not app.error
    assert [t.value for t in app.title] == ["This release is waiting for a sign-off"]


def test_a_polled_part_of_a_page_says_in_one_line_that_the_store_is_away() -> None:
    def script() -> None:
        import streamlit as st

        from app import store_away
        from rcs_core.workshop.store import StoreAwayError

        @st.fragment
        @store_away.told
        def part(word: str) -> None:
            if "back" not in st.session_state:
                raise StoreAwayError("the store cannot be read")
            st.write(word)

        part("here again")

    app = AppTest.from_function(script, default_timeout=60).run()
    assert [w.value for w in app.warning] == [
        "The store does not answer just now. What was kept is safe; this goes on by itself when it is back."
    ]
    app.session_state["back"] = True
    app.run()
    assert [m.value for m in app.markdown] == ["here again"]
    assert not app.warning
