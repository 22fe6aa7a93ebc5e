"""A promise goes from a phone to the table, and every seat solves the same plan; each part of a session draws for each seat."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.meeting import Seat
from rcs_core.release import Release, load
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.decide import Decisions
from rcs_core.workshop.meeting import By, Meeting, on_the_table, promises
from rcs_core.workshop.promised import Side, Wish
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.tiny_release import serve
from tests.workshop.decision_cases import CUT, GROWTH

ADA, JO = By("Ada"), By("Jo **x**", "nhs_board", "p1")
LEVERS = Levers.of("shift_5", depth=Depth.ESTIMATE)


def a_part(session_id: str, part: str, which: str, key: str) -> None:
    """A page that is one part of a session, for one seat."""
    from importlib import import_module

    from app import meeting, session
    from app.meeting import Here, Seat
    from rcs_core.workshop.meeting import By

    by = By("Jo **x**", "nhs_board", key) if key else By("Ada")
    getattr(import_module(f"app.meeting_{part}"), which)(Here(meeting.of(session_id), Seat(which), by), session.release())


def a_shift() -> None:
    """*Try a shift* in a seat: its levers, the plan and the bar of the session."""
    from app import meeting_promises, meeting_table, session, shifting

    release = session.release()
    meeting_table.follow(release)
    levers = shifting.levers(release, *shifting.depth())
    shifting.solved(release, levers)
    meeting_promises.on_shift(release, levers)


def texts(page: AppTest) -> str:
    assert not page.exception, page.exception[0].message
    return "\n".join(str(e.value) for e in (*page.header, *page.subheader, *page.markdown, *page.caption, *page.success))


def press(page: AppTest, label: str) -> AppTest:
    next(b for b in page.button if b.label == label).click().run()
    assert not page.exception, page.exception[0].message
    return page


@dataclass(frozen=True)
class Room:
    """A session on the small release."""

    meeting: Meeting
    release: Release

    def part(self, part: str, seat: Seat) -> AppTest:
        key = JO.key if seat is Seat.PARTICIPANT else ""
        return AppTest.from_function(a_part, args=(self.meeting.id, part, seat.value, key), default_timeout=60).run()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    file = serve(tmp_path, monkeypatch)
    return Room(Meeting.of(Store.open(tmp_path / "home" / "store.sqlite"), tmp_path.name), load(file))


def test_a_promise_goes_from_a_phone_to_every_seat_with_its_price(room: Room) -> None:
    on_the_table.put(room.meeting, LEVERS, "Five *points*", ADA)
    phone = room.part("promises", Seat.PARTICIPANT)
    phone.selectbox(key="promise_of_0").set_value("S004")
    phone.number_input(key="promise_pounds_0").set_value(200_000)
    phone.selectbox(key="promise_from").set_value(2)
    press(phone, "State it")
    assert "type pounds" not in texts(phone)
    assert "why is blank" in phone.error[0].value
    phone.text_input(key="promise_because_0").set_value("Waiting **lists**")
    said = texts(press(phone, "State it"))
    assert "Kept. The facilitator sees it." in said
    assert r"Waiting \*\*lists\*\*" in said
    assert not [b for b in phone.button if b.label == "Put it in"]

    desk = press(room.part("promises", Seat.FACILITATOR), "Put it in")
    (found,) = room.meeting.made(promises.put_in)
    assert (found.wish.pounds, found.by.key) == (200_000.0, "p1")
    assert found.answer is not None
    assert "costs" in found.answer.cost
    assert "with one promise of the room" in texts(desk)
    assert "‘At least £200,000 a year for Parenting programmes from 2027-28’ costs" in texts(room.part("promises", Seat.SCREEN))

    shift = AppTest.from_function(a_shift, default_timeout=60)
    shift.session_state["meeting_here"] = (room.meeting.id, Seat.PARTICIPANT, JO)
    said = texts(shift.run())
    assert shift.session_state["shift_preset"] == "Shift 5%"
    assert "Five \\*points\\*" in said
    assert "differs from it" not in said
    assert "from 2027-28’ costs care worth" in said
    assert shift.expander[-1].label == "Promises of the session in it (1 of 1)"


def test_promises_that_clash_say_so_once_and_nothing_is_tested_or_decided_on_them(room: Room) -> None:
    on_the_table.put(room.meeting, LEVERS, "Five", ADA)
    scenario = try_shift(room.release, LEVERS).scenario
    wish = Wish(Side.LEAST, "S004", 9_000_000.0, 2, "NHS", "Because")
    id = promises.state(room.meeting, scenario, {}, wish, JO, 2026)
    promises.accept(room.meeting, id, ADA)
    page = room.part("promises", Seat.SCREEN)
    assert "leaves no plan" in texts(page)
    assert "There is no plan on the table." in page.warning[0].value
    assert "no plan to test" in texts(room.part("stress", Seat.FACILITATOR))


def test_what_is_decided_is_on_the_big_screen_in_words_and_a_vote_on_it_is_one_press(room: Room) -> None:
    kept = Decisions(room.meeting.store, room.meeting.id)
    for draft in (GROWTH, CUT):
        kept.record(draft, "Ada")
    said = texts(room.part("decisions", Seat.SCREEN))
    assert "**D1. Goes ahead:** Family support grows" in said
    assert said.index("D1.") < said.index("**D2. A proposal:**")
    desk = press(room.part("decisions", Seat.FACILITATOR), "Open the vote")
    assert "The vote is open on every phone." in texts(desk)
    assert texts(room.part("weights", Seat.SCREEN)) == ""
