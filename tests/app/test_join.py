"""Claims about a phone's page: the notice before joining, the same person by the address alone, the step, the bar."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import meeting_timer
from rcs_core import release as waist
from rcs_core.settings import ROOT
from rcs_core.workshop.meeting import By, Meeting, life, people
from rcs_core.workshop.meeting.agenda import About, about, agendas, running
from rcs_core.workshop.meeting.life_rules import notice
from rcs_core.workshop.store import Store
from tests.tiny_release import serve

LEAD = By("Fiona")
NAME = "Ann *Lee*"


@dataclass(frozen=True)
class Room:
    """A session that was prepared on the small release."""

    meeting: Meeting
    release: waist.Release

    def open(self, page: str, **query: str) -> AppTest:
        """A page of the workbench as a browser of its own opens it."""
        app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
        app.query_params.update(query)
        found = (app if page == "join.py" else app.run()).switch_page(str(ROOT / "pages" / page))
        app.query_params.update(query)
        found.run()
        assert not found.exception, found.exception[0].message
        return found


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A session that waits to start."""
    release = waist.load(serve(tmp_path, monkeypatch))
    agenda = next(iter(agendas().values()))
    wanted = About(
        title="First <b>session</b>", day="2026-11-23", facilitator="Fiona", agenda=agenda.id, steps=agenda.steps,
        release_id=release.id, release_hash=release.manifest.content_hash, notice=notice(),
    )  # fmt: skip
    store = Store.open(tmp_path / "home" / "store.sqlite")
    return Room(life.prepare(store, wanted, LEAD), release)


def said(page: AppTest) -> str:
    """Every word of a page that is no field."""
    return "\n".join(e.value for e in (*page.title, *page.markdown, *page.caption, *page.info))


def test_the_notice_is_read_before_joining_and_the_address_alone_brings_the_person_back(room: Room) -> None:
    phone = room.open("join.py", code=room.meeting.made(about).code)
    assert "Freedom of Information" in said(phone).replace("\\", "")
    phone.text_input(key="join_name").set_value(NAME)
    phone.selectbox(key="join_agency").set_value("nhs_board")
    phone.button[0].click().run()
    assert [p.name for p in people.people(room.meeting.events())] == [NAME]
    link = {key: "".join(phone.query_params[key]) for key in ("session", "seat", "me")}
    reloaded = room.open("join.py", **link)
    assert any(r"Ann \*Lee\*" in e.label for e in reloaded.expander)
    assert "not started" in said(reloaded)
    assert not reloaded.text_input
    other = room.open("join.py", **{**link, "me": "not-mine"})
    assert other.text_input(key="join_name").value == ""


def test_a_phone_says_the_step_and_a_facilitators_bar_goes_on_from_any_page(room: Room) -> None:
    life.start(room.meeting, LEAD, room.release)
    done = people.join(room.meeting, "Ann", "nhs_board")
    seat = {"session": room.meeting.id, "seat": "facilitator"}
    lead = room.open("who_gets_help.py", **seat)
    lead.button(key="bar_next").click().run()
    lead.button(key="bar_show").click().run()
    now = room.meeting.made(running)
    assert (now.number, now.shown.address) == (1, "reach")
    phone = room.open("join.py", session=room.meeting.id, seat="participant", me=done.word)
    assert f"Step 2 of {len(now.steps)}" in said(phone)
    people.send_out(room.meeting, done.person.key, LEAD)
    phone.run()
    assert "sent you out" in said(phone)


def test_a_page_without_a_seat_has_no_bar_and_a_seat_that_does_not_exist_is_not_taken(room: Room) -> None:
    assert "Step" not in said(room.open("who_gets_help.py"))
    lost = room.open("who_gets_help.py", session="nowhere", seat="facilitator")
    assert "meeting_here" not in lost.session_state
    assert "Session not started" in said(room.open("who_gets_help.py", session=room.meeting.id, seat="facilitator"))


def test_the_big_screen_shows_no_price_whatever_its_address_says(room: Room) -> None:
    screen = room.open("who_gets_help.py", session=room.meeting.id, seat="screen", big_screen="false")
    assert screen.session_state["big_screen"] is True
    assert screen.session_state["room"] is True


def test_a_clock_stays_as_it_is_while_it_is_right(room: Room) -> None:
    life.start(room.meeting, LEAD, room.release)
    now = room.meeting.made(running)
    drawn = AppTest.from_function(_clock, default_timeout=60, kwargs={"now": now}).run()
    first = drawn.session_state["said"]
    time.sleep(1.1)
    assert drawn.run().session_state["said"] == first
    life.timer(room.meeting, LEAD, "add", 5)
    later = meeting_timer._written(round(room.meeting.made(running).left()), False, False)
    assert "--for: " in later
    assert later != first


def _clock(now: object) -> None:
    import streamlit as st

    from app import meeting_timer
    from rcs_core.workshop.meeting.agenda import Running

    assert isinstance(now, Running)
    st.session_state["said"] = meeting_timer.clock(now, "test")


def test_a_big_screen_without_a_session_has_its_heading_and_says_where_to_open_it(room: Room) -> None:
    screen = room.open("screen.py")
    assert [one.value for one in screen.title] == ["The big screen of a session"]
    assert "page of the session" in " ".join(one.value for one in screen.info)
