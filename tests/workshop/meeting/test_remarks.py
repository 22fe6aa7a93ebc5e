"""What the room says is kept with its view and its author, shown only when the facilitator shows it, and changes no figure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rcs_core.workshop.meeting import By, Meeting, MeetingError, parking, remarks, spoken
from rcs_core.workshop.meeting.agenda import agendas
from rcs_core.workshop.meeting.remarks import Correction, Kind
from rcs_core.workshop.store import Event, EventKind, Store

ANN, BEN, FACILITATOR = By("Ann", "nhs", "p1"), By("Ben", "council", "p2"), By("Cat Facilitator")
YEAR = 2026


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """A session of its own."""
    return Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")


def stands(meeting: Meeting) -> tuple[remarks.Remark, ...]:
    return remarks.remarks(meeting.events())


def test_a_remark_is_kept_with_its_view_and_shown_only_when_the_facilitator_shows_it(meeting: Meeting) -> None:
    id = remarks.remark(meeting, Kind.SURPRISE, "  Half have   no contact ", ANN, YEAR, "reach", "r1")
    (one,) = stands(meeting)
    assert (one.kind, one.text, one.by, one.view, one.shown) == (Kind.SURPRISE, "Half have no contact", ANN, "reach", False)
    assert not remarks.on_screen(meeting.events())
    remarks.show(meeting, id, True, FACILITATOR)
    assert [r.id for r in remarks.on_screen(meeting.events())] == [id]
    off = remarks.show(meeting, id, False, FACILITATOR)
    assert not remarks.on_screen(meeting.events())
    meeting.take_back(off, FACILITATOR)
    assert remarks.on_screen(meeting.events())


def test_an_answer_stands_beside_the_remark_until_it_is_taken_back(meeting: Meeting) -> None:
    id = remarks.remark(meeting, Kind.CHALLENGE, "Are these all children?", ANN, YEAR)
    remarks.answer(meeting, id, "Those who answered: see the foot of the page.", FACILITATOR, YEAR)
    (one,) = stands(meeting)
    assert one.answer.startswith("Those who answered")
    assert one.answered_by == FACILITATOR
    remarks.answer(meeting, id, "", FACILITATOR, YEAR)
    assert not stands(meeting)[0].answer
    with pytest.raises(MeetingError, match="no such remark"):
        remarks.answer(meeting, 999, "Yes", FACILITATOR, YEAR)


def test_only_its_author_or_the_facilitator_takes_a_remark_back_and_nothing_is_erased(meeting: Meeting) -> None:
    id = remarks.remark(meeting, Kind.HYPOTHESIS, "Transport is the reason", ANN, YEAR)
    with pytest.raises(MeetingError, match="somebody else's"):
        remarks.take_back(meeting, id, BEN)
    remarks.take_back(meeting, id, ANN, "said twice")
    assert not stands(meeting)
    assert any("Transport" in str(e.body) for e in meeting.events())
    other = remarks.remark(meeting, Kind.HYPOTHESIS, "Opening hours", ANN, YEAR)
    remarks.take_back(meeting, other, FACILITATOR)
    assert not stands(meeting)


def test_a_correction_is_a_named_variant_that_waits_for_the_next_release(meeting: Meeting) -> None:
    one = Correction("Youth work", "£250,000", "£310,000")
    id = remarks.correct(meeting, one, "our ledger, March", BEN, YEAR, "money", "r1")
    other = Meeting.of(meeting.store, "s2")
    remarks.correct(other, Correction("Counselling", "", "run by NHS"), "", ANN, YEAR, "money", "r2")
    found = remarks.to_check(meeting.store)
    assert [(t.session, t.release_id, t.remark.name) for t in found] == [
        ("s1", "r1", "Youth work: £250,000 should be £310,000"),
        ("s2", "r2", "Counselling: as it is should be run by NHS"),
    ]
    remarks.answer(meeting, id, "Put right in the ledger", FACILITATOR, YEAR)
    assert [t.session for t in remarks.to_check(meeting.store)] == ["s2"]
    with pytest.raises(MeetingError) as refused:
        remarks.correct(meeting, Correction(" ", "1", " "), "", BEN, YEAR)
    assert refused.value.got == "what it is about is blank; what it should be is blank"
    with pytest.raises(MeetingError, match="what should be what"):
        remarks.remark(meeting, Kind.CORRECTION, "wrong", BEN, YEAR)


@pytest.mark.parametrize(
    "text",
    [
        "the boy with CHI 1506141235 is missing",
        "look at FK10 1AB",
        "ask jo.bloggs@example.org",
        "ring 07700 900123",
        "ring 01259 450 000",
        "school 5752639 is wrong",
        "born 12/03/2015, she had no help",
    ],
)
def test_what_a_child_could_be_known_by_is_refused_and_not_repeated(meeting: Meeting, text: str) -> None:
    with pytest.raises(MeetingError, match="this was not kept") as refused:
        remarks.remark(meeting, Kind.SURPRISE, f"One thing:\n{text}", ANN, YEAR)
    digits = "".join(c for c in text if c.isdigit())
    assert not digits or digits not in str(refused.value)
    with pytest.raises(MeetingError):
        parking.park(meeting, text, ANN, YEAR)
    assert not meeting.events()


@pytest.mark.parametrize(
    "text",
    [
        "£1,250,000 is too much for 24 children in 2025-26",
        "898 of 1,767 pupils (51%)",
        "P5 to P7 and S1 to S4",
        "From 2024/25 to 2026/27, by 31 March 2027",
        "£3271686 of spend",
        "Ann Smith of finance knows",
    ],
)
def test_figures_money_and_years_are_no_identifiers(text: str) -> None:
    assert not spoken.kind_of(text, YEAR)


def test_too_long_and_blank_are_refused_together() -> None:
    with pytest.raises(MeetingError) as refused:
        spoken.checked({"text": "a" * 601, "who": " "}, YEAR, "here", needed=("who",))
    assert refused.value.got == "who is blank; text has 601 letters, not at most 600"


def test_the_parking_lot_names_what_nobody_takes(meeting: Meeting) -> None:
    first = parking.park(meeting, "Transport to the hub", ANN, YEAR)
    second = parking.park(meeting, "Opening hours", BEN, YEAR, "Ben", "2026-12-01")
    assert [i.id for i in parking.open(meeting.events())] == [first]
    taken = parking.take(meeting, first, "Ann", "2026-12-24", FACILITATOR, YEAR)
    assert not parking.open(meeting.events())
    meeting.take_back(taken, FACILITATOR)
    assert [i.id for i in parking.open(meeting.events())] == [first]
    parking.take(meeting, second, "Ben", "", FACILITATOR, YEAR)
    assert [i.id for i in parking.open(meeting.events())] == [first, second]
    meeting.take_back(first, ANN)
    assert [i.text for i in parking.items(meeting.events())] == ["Opening hours"]
    with pytest.raises(MeetingError, match="this is no day"):
        parking.take(meeting, second, "Ben", "next week", FACILITATOR, YEAR)
    with pytest.raises(MeetingError, match="no such item"):
        parking.take(meeting, first, "Ben", "", FACILITATOR, YEAR)


def test_a_closed_session_takes_no_more_words_but_its_corrections_are_checked_at_the_desk(meeting: Meeting) -> None:
    step = next(iter(agendas().values())).steps[0].plain()
    meeting.add(EventKind.SESSION_PREPARED, {"title": "One", "steps": [step]})
    meeting.add(EventKind.SESSION_STARTED, {})
    id = remarks.correct(meeting, Correction("Youth work", "", "£1"), "", BEN, YEAR)
    meeting.add(EventKind.SESSION_CLOSED, {})
    with pytest.raises(MeetingError, match="the session is closed"):
        remarks.remark(meeting, Kind.SURPRISE, "late", ANN, YEAR)
    with pytest.raises(MeetingError, match="the session is closed"):
        parking.park(meeting, "late", ANN, YEAR)
    before = len(meeting.events())
    with pytest.raises(MeetingError, match="this was not kept"):
        remarks.check(meeting.store, id, " ", By("Dee Desk"), YEAR)
    remarks.check(meeting.store, id, "Put right in the ledger", By("Dee Desk"), YEAR)
    assert not remarks.to_check(meeting.store)
    assert len(meeting.events()) == before
    with pytest.raises(MeetingError, match="no such correction waits"):
        remarks.check(meeting.store, id, "Again", By("Dee Desk"), YEAR)


STEPS = some.lists(
    some.tuples(some.sampled_from(["made", "shown", "hidden", "answered", "undo"]), some.integers(0, 9)), max_size=14
)


@given(STEPS)
def test_what_is_shown_and_answered_is_what_was_said_last_and_stands(steps: Sequence[tuple[str, int]]) -> None:
    events: list[Event] = []
    for k, (what, pick) in enumerate(steps, start=1):
        before = max(1, pick % k)
        body: dict[str, Any] = {"event": before}
        if what == "made":
            body = {"does": "made", "kind": "surprise", "text": str(k), "view": ""}
        elif what in ("shown", "hidden"):
            body = {"does": "shown", "remark": before, "on": what == "shown"}
        elif what == "answered":
            body = {"does": "answered", "remark": before, "words": str(k)}
        events.append(Event(EventKind.TAKEN_BACK if what == "undo" else EventKind.REMARK_MADE, "", body, id=k))
    alive = {e.id: True for e in events}
    for e in reversed(events):
        if e.kind is EventKind.TAKEN_BACK and alive[e.id]:
            alive[e.body["event"]] = False
    wanted = {}
    for e in events:
        if alive[e.id] and e.body.get("does") == "made":
            about = [o.body for o in events if alive[o.id] and o.body.get("remark") == e.id]
            shown = [b["on"] for b in about if b["does"] == "shown"]
            words = [b["words"] for b in about if b["does"] == "answered"]
            wanted[e.id] = (shown[-1] if shown else False, words[-1] if words else "")
    assert {r.id: (r.shown, r.answer) for r in remarks.remarks(events)} == wanted
