"""*Session*: prepared, started, led from step to step, closed and reviewed on its page; the data version stays locked."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import meeting_parts
from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.settings import ROOT
from rcs_core.workshop.meeting import By, Meeting, life
from rcs_core.workshop.meeting.agenda import Listed, State, about, running, sessions
from rcs_core.workshop.meeting.inputs_promised import promised
from rcs_core.workshop.meeting.interests import interests
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import open_page, serve
from tests.workshop.meeting.session_cases import prepared

NASTY = "**Big** <b>x</b> :red[y]"


def field(page: AppTest, kind: str, label: str) -> Any:
    return next(one for one in page.get(kind) if one.label.startswith(label))


def press(page: AppTest, label: str) -> AppTest:
    field(page, "button", label).click()
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def view(page: AppTest, name: str) -> AppTest:
    page.segmented_control[0].set_value(name)
    page.run()
    assert not page.exception, page.exception[0].message
    return page


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store beside the small release."""
    serve(tmp_path, monkeypatch)
    with Store.open(tmp_path / "home" / "store.sqlite") as found:
        yield found


def only(store: Store) -> Listed:
    (found,) = sessions(store)
    return found


def current() -> Release:
    return waist.load(Path(os.environ["RCS_RELEASE"]))


def test_a_session_is_prepared_run_closed_and_reviewed_on_its_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("session.py")
    assert "No session has been prepared yet." in words(page)
    press(page, "Prepare it")
    assert "it has no title; it has no facilitator" in page.error[0].value.replace("\\", "")
    field(page, "text_input", "Title").set_value(NASTY)
    field(page, "text_input", "Facilitator").set_value("Fiona")
    press(page, "Prepare it")
    one = only(store)
    assert (one.about.title, one.about.minutes, one.about.release_hash) == (NASTY, 180, current().manifest.content_hash)
    assert "The session is ready to start." in words(page)
    assert NASTY not in words(page)

    press(page, "Leave out")
    field(page, "text_input", "Who brings it").set_value("Bob")
    field(page, "date_input", "By").set_value(date(2026, 12, 1))
    press_last(page, "board_promise")
    field(page, "text_input", "Name").set_value("Dev")
    field(page, "text_input", "What the interest is").set_value("Runs one of them")
    press_last(page, "board_declare")
    meeting = Meeting.of(store, one.id)
    assert only(store).about.minutes == 170
    assert [p.owner for p in meeting.made(promised).values()] == ["Bob"]
    assert [i.name for i in meeting.made(interests)] == ["Dev"]
    assert "Dev" in words(page)

    press(view(page, "Run"), "Start the session")
    assert "Step 1 of 10: Guess first" in words(page)
    press(page, "Next: Reveal")
    press(page, "5 more minutes")
    assert "25 minutes left of the 25 of this step, 5 of them added." in words(page)
    field(page, "text_area", "A note").set_value("Ask the board")
    press_last(page, "FormSubmitter:run_notes_0-Keep it")
    assert "Ask the board" in words(page)

    packed: list[str] = []
    monkeypatch.setattr("rcs_core.workshop.meeting.pack.export", lambda asked, *_, **__: packed.append(asked.id))
    press(view(page, "Close"), "Close the session")
    assert packed == [one.id]
    assert only(store).state is State.CLOSED
    assert "Nothing was left open" in words(page)
    monkeypatch.setenv("RCS_TODAY", "2027-03-01")
    view(page, "Review")
    assert "thing is owed from this session: 1 past the day." in words(page).replace("1 thing", "thing")
    field(page, "text_area", "What the review found").set_value("Nobody brought it")
    press(page, "Keep the review")
    assert only(store).state is State.REVIEWED


def press_last(page: AppTest, key: str) -> None:
    """The button of a key, whatever stands after it."""
    next(b for b in page.button if b.key.startswith(key)).click()
    page.run()
    assert not page.exception, page.exception[0].message


def test_the_page_goes_with_the_room_and_no_further_when_another_facilitator_has_moved_on(store: Store) -> None:
    meeting = prepared(store, current())
    life.start(meeting, By("Ann"), current())
    page = open_page("session.py")
    press(page, "Open it")
    first = meeting.made(running).step
    assert first is not None
    life.onward(meeting, By("Ann"), first)
    press(page, "Next: Guess first")
    assert not page.error, "both wanted the same step"
    assert meeting.made(running).number == 1
    assert "Step 2 of 11: Guess first" in words(page)


def test_a_session_stays_on_its_release_whatever_is_built_since_and_says_so_when_it_is_gone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = current()
    meeting = prepared(store, mine)
    few = [mine.tables[name] for name in ("areas", "surveys", "indicators", "coverage", "hierarchies", "pupil_s1_s4_area")]
    newer = waist.save(few, replace(mine.manifest, notes=["later"]), tmp_path / "releases")
    later = waist.load(newer)
    store.sign_off(later.manifest.content_hash, "Cal", "lead", "", True)
    monkeypatch.setenv("RCS_RELEASE", str(tmp_path / "releases"))
    page = open_page("session.py")
    assert f"release `{later.id}`" in words(page) or later.id in words(page)
    press(page, "Open it")
    assert f"Release {later.id} is served now" in words(page)
    assert "ready to start" in words(page)
    page.switch_page(str(ROOT / "pages" / "today.py")).run()
    assert f"Release {mine.id}, built" in words(page)
    store.withdraw(mine.manifest.content_hash, "Cal", "an error in a ledger")
    page.run()
    assert page.title[0].value == "The release of this session cannot be shown"
    assert later.id not in words(page)
    press(page, "Leave the session")
    assert f"Release {later.id}, built" in words(page)
    assert meeting.made(about).release_hash == mine.manifest.content_hash


def test_today_names_a_session_that_waits_and_a_part_without_a_module_is_left_out(store: Store) -> None:
    prepared(store, current(), NASTY)
    page = open_page("today.py")
    assert "is prepared for 2026-11-24." in words(page).replace("\\", "")
    assert NASTY not in words(page)
    assert meeting_parts.module("no_such_part") is None
    assert {*meeting_parts.METHODS} >= {part.name for part in meeting_parts.parts()}
