"""The life of a session: prepared whole or not at all, started when it may, one step at a time, closed once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.workshop.meeting import By, Meeting, MeetingError, life, life_open, life_words
from rcs_core.workshop.meeting.agenda import About, Running, State, about, agendas, bodies, running, sessions
from rcs_core.workshop.meeting.life_rules import letters, limit, notice
from rcs_core.workshop.meeting.steps import dropped, lasting, moved
from rcs_core.workshop.store import Event, EventKind, Store
from tests.tiny_release import tiny_release

ADA, BOB = By("Ada"), By("Bob")
THREE = agendas()["three_hours"]
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("release")))


@pytest.fixture
def store(tmp_path: Path, release: Release) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as found:
        found.sign_off(release.manifest.content_hash, "Cal", "lead", "", True)
        yield found


def wanted(release: Release, **changes: object) -> About:
    whole = About("Ours", "2026-11-24", "Town hall", "Ada", THREE.id, THREE.steps, notice=notice())
    return replace(life.locked_to(whole, release), **changes)


def test_the_three_hours_are_those_of_the_running_order_with_the_break_from_75_to_85() -> None:
    times = dict(zip([s.id for s in THREE.steps], THREE.times(), strict=True))
    assert times == {
        "welcome": (0, 10), "guess": (10, 20), "reveal": (20, 40), "drill": (40, 55), "money": (55, 75), "break": (75, 85),
        "priorities": (85, 105), "scenarios": (105, 140), "stress": (140, 155), "decide": (155, 170), "close": (170, 180),
    }  # fmt: skip
    assert {a.id: a.total for a in agendas().values()} == {"three_hours": 180, "ninety_minutes": 90, "rehearsal": 45}
    assert all(s.say and s.what_happens and s.captured and s.goes_wrong for a in agendas().values() for s in a.steps)


def test_steps_are_moved_left_out_and_given_other_minutes_and_nothing_else_changes() -> None:
    ids = [s.id for s in moved(THREE.steps, "money", -2)]
    assert ids[2:5] == ["money", "reveal", "drill"]
    assert moved(THREE.steps, "welcome", -3) == THREE.steps
    assert sum(s.minutes for s in dropped(THREE.steps, "drill")) == 165
    assert sum(s.minutes for s in lasting(THREE.steps, {"drill": 5})) == 170
    with pytest.raises(MeetingError, match="One place, one group takes 0 minutes"):
        lasting(THREE.steps, {"drill": 0})
    with pytest.raises(MeetingError, match="cannot be left out"):
        dropped(THREE.steps[:1], "welcome")


def test_a_preparation_is_refused_with_everything_that_is_wrong_at_once(store: Store) -> None:
    faulty = About("", "tomorrow", steps=(THREE.steps[0],) * 2, quorum={"martians": 2, "nhs_board": 400}, notice="x" * 3000)
    with pytest.raises(MeetingError) as refused:
        life.prepare(store, faulty, ADA)
    for part in (
        "no title",
        "no facilitator",
        "no release",
        "tomorrow",
        "welcome stands twice",
        "no agency martians",
        "400",
        "3000",
    ):
        assert part in str(refused.value)
    assert sessions(store) == []


def test_codes_are_short_without_lookalikes_and_no_two_open_sessions_share_one(
    store: Store, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = iter("CCCCC" + "CCCCC" + "DDDDD" + "CCCCC")
    monkeypatch.setattr(life, "_code_sign", lambda: next(signs))
    first, second = (life.prepare(store, wanted(release), ADA) for _ in range(2))
    assert [m.made(about).code for m in (first, second)] == ["CCCCC", "DDDDD"]
    assert not set("AEIOU01LQ") & set(letters())
    found = life.by_code(store, " ddd-dd ")
    assert found is not None
    assert found.id == second.id
    life.start(first, ADA, release)
    life.close(first, ADA)
    assert life.prepare(store, wanted(release), ADA).made(about).code == "CCCCC"


def test_a_session_lives_from_its_preparation_to_its_review(store: Store, release: Release) -> None:
    meeting = life.prepare(store, wanted(release, bodies={"nhs_board": "NHS board", "fire": " "}), ADA)
    assert bodies(meeting.made(about)) == {"nhs_board": "NHS board"}
    with pytest.raises(MeetingError, match="not running"):
        life.close(meeting, ADA)
    life.start(meeting, ADA, release)
    with pytest.raises(MeetingError, match="started already"):
        life.start(meeting, BOB, release)
    with pytest.raises(MeetingError, match="not prepared anew"):
        life.change(meeting, meeting.made(about), wanted(release, title="Other"), ADA)
    welcome = meeting.made(running).step
    assert welcome is not None
    assert welcome.id == "welcome"
    life.onward(meeting, ADA, welcome, skip=True)
    assert [s.id for s in (meeting.made(running).step,) if s] == ["reveal"]
    life_open.note(meeting, ADA, "Ask the board")
    assert [(n.step, n.words) for n in life_open.notes(meeting.events())] == [("reveal", "Ask the board")]
    with pytest.raises(MeetingError, match="the note holds"):
        life_open.note(meeting, ADA, "Her number is 010112 1234")
    life.close(meeting, ADA, ["Vote still open: x"])
    for late in (EventKind.VOTE_CAST, EventKind.REMARK_MADE, EventKind.GUESS_GIVEN, EventKind.PROMISE_STATED):
        with pytest.raises(MeetingError, match="session is closed"):
            meeting.add(late, {})
        with pytest.raises(MeetingError, match="session is closed"):
            meeting.add_after((late,), lambda _, kind=late: (kind, {}, ADA))
    life.review(meeting, BOB, "Two of three are done", "abc")
    assert meeting.made(running).state is State.REVIEWED
    assert [one.state for one in sessions(store)] == [State.REVIEWED]


def test_a_session_that_was_closed_too_early_is_opened_with_a_reason_and_its_votes_can_then_be_taken_back(
    store: Store, release: Release
) -> None:
    meeting = life.prepare(store, wanted(release), ADA)
    life.start(meeting, ADA, release)
    vote = meeting.add(EventKind.VOTE_CAST, {})
    life.close(meeting, ADA)
    with pytest.raises(MeetingError, match="session is closed"):
        meeting.take_back(vote, ADA)
    with pytest.raises(MeetingError, match="not opened again"):
        life.reopen(meeting, ADA, " ")
    life.reopen(meeting, ADA, "The wrong button")
    assert meeting.made(running).on
    meeting.take_back(vote, ADA)


def test_it_does_not_start_without_its_release_signed_and_here_and_says_every_reason(store: Store, release: Release) -> None:
    meeting = life.prepare(store, wanted(release, release_hash="f" * 64, release_id="f" * 12, rehearsal=True), ADA)
    real = replace(release, manifest=replace(release.manifest, fictional=False))
    with pytest.raises(MeetingError) as refused:
        life.start(meeting, ADA, real)
    for part in ("not in this workspace", "nobody has signed", "for the demonstration only"):
        assert part in str(refused.value)
    store.withdraw(release.manifest.content_hash, "Cal", "an error")
    other = life.prepare(store, wanted(release), ADA)
    with pytest.raises(MeetingError, match="withdrawn by Cal"):
        life.start(other, ADA, release)


def test_two_who_change_other_things_both_count_and_the_same_thing_is_never_written_over_unseen(
    store: Store, release: Release
) -> None:
    meeting = life.prepare(store, wanted(release), ADA)
    seen = meeting.made(about)
    assert life.change(meeting, seen, replace(seen, title="Theirs"), ADA)
    assert life.change(meeting, seen, replace(seen, place="Library"), BOB)
    with pytest.raises(MeetingError, match="changed the same thing meanwhile"):
        life.change(meeting, seen, replace(seen, title="His"), BOB)
    stands = meeting.made(about)
    assert (stands.title, stands.place, stands.code) == ("Theirs", "Library", seen.code)
    assert not life.change(meeting, stands, stands, ADA)


def test_of_two_facilitators_who_go_on_at_once_one_does_and_the_other_is_told(store: Store, release: Release) -> None:
    meeting = life.prepare(store, wanted(release), ADA)
    life.start(meeting, ADA, release)
    seen = meeting.made(running).step
    assert seen is not None

    def press(who: By) -> str:
        try:
            life.onward(Meeting.of(store, meeting.id), who, seen)
        except MeetingError as error:
            return error.what
        return "on"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(press, (ADA, BOB))) == ["on", "the room has moved on"]
    assert meeting.made(running).number == 1


def test_a_session_of_another_partnership_is_not_there(store: Store, release: Release) -> None:
    ours, theirs = store.of("ours"), store.of("theirs")
    ours.sign_off(release.manifest.content_hash, "Cal", "lead", "", True)
    meeting = life.prepare(ours, wanted(release), ADA)
    life.start(meeting, ADA, release)
    assert sessions(theirs) == []
    assert life.by_code(theirs, meeting.made(about).code) is None
    stranger = Meeting.of(theirs, meeting.id)
    assert stranger.events() == ()
    assert stranger.made(about) == About()
    with pytest.raises(MeetingError):
        life.close(stranger, BOB)
    with pytest.raises(MeetingError):
        life.start(stranger, BOB, release)
    assert meeting.made(running).on


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def told(*deeds: tuple[float, EventKind, dict[str, object]]) -> list[Event]:
    """A prepared session, and what happened to it at which minute."""
    first = Event(EventKind.SESSION_PREPARED, "Ada", {"title": "T", "steps": [s.plain() for s in THREE.steps]}, at=at(-60), id=1)
    return [first, *(Event(kind, "Ada", body, at=at(m), id=k) for k, (m, kind, body) in enumerate(deeds, 2))]


def test_the_timer_is_that_of_the_events_with_pauses_and_added_minutes_by_hand() -> None:
    timer, enter = EventKind.TIMER_CHANGED, EventKind.STEP_ENTERED
    events = told(
        (0, EventKind.SESSION_STARTED, {}), (4, timer, {"do": "pause"}), (6, timer, {"do": "resume"}),
        (8, timer, {"do": "add", "minutes": 5}),
        (20, enter, {"step": "guess"}), (25, timer, {"do": "pause"}), (30, enter, {"step": "welcome"}),
    )  # fmt: skip
    now, moment = running(events), START + timedelta(minutes=34)
    # welcome: 20 minutes less 2 of pause, then 4; guess: 5 until its pause. Of welcome's 10 + 5 minutes 22 are used.
    assert now.step is not None
    assert now.step.id == "welcome"
    assert now.seconds(moment) == 22 * 60
    assert now.left(moment) == -7 * 60
    assert now.spent["guess"] == 5 * 60
    assert now.all_seconds(moment) == 27 * 60
    assert now.all_left(moment) == (180 - 27) * 60
    assert now.behind(moment) == (27 - 10) * 60
    assert life_words.step_time(now, moment) == "7 minutes over the 15 of this step, 5 of them added."
    assert life_words.whole_time(now, moment).startswith("153 minutes left in all. The room is 17 minutes behind the agenda.")


def test_a_room_in_time_is_not_called_late() -> None:
    now = running(told((0, EventKind.SESSION_STARTED, {}), (9, EventKind.STEP_ENTERED, {"step": "guess"})))
    moment = START + timedelta(minutes=14)
    assert now.behind(moment) == -60
    assert life_words.whole_time(now, moment) == "166 minutes left in all."
    assert life_words.step_time(now, moment) == "5 minutes left of the 10 of this step."


def test_a_session_waits_for_its_review_from_six_weeks_after_it_was_closed() -> None:
    events = told((0, EventKind.SESSION_STARTED, {}), (170, EventKind.SESSION_CLOSED, {}))
    one = life.Listed("x", about(events), running(events))
    assert life.review_day(one.running) == date(2027, 1, 5)
    assert limit("review") == 42
    assert [life.due(one, date(2027, 1, day)) for day in (4, 5)] == [False, True]


DEEDS = st.one_of(
    st.tuples(st.sampled_from([EventKind.SESSION_STARTED, EventKind.SESSION_CLOSED, EventKind.SESSION_REVIEWED]), st.just({})),
    st.tuples(
        st.just(EventKind.STEP_ENTERED), st.fixed_dictionaries({"step": st.sampled_from(["welcome", "guess", "money", "no"])})
    ),
    st.tuples(st.just(EventKind.TIMER_CHANGED), st.fixed_dictionaries({"do": st.sampled_from(["pause", "resume", "add", "?"])})),
    st.tuples(st.just(EventKind.SESSION_CHANGED), st.just({"steps": [s.plain() for s in THREE.steps[:2]]})),
    st.tuples(st.just(EventKind.SCREEN_SHOWN), st.just({"address": "money"})),
    st.tuples(st.just(EventKind.TAKEN_BACK), st.fixed_dictionaries({"event": st.integers(1, 14)})),
)


@given(st.lists(DEEDS, max_size=14))
def test_whatever_comes_in_whatever_order_the_state_is_legal_and_no_time_is_lost(deeds: list[tuple[EventKind, dict]]) -> None:
    events = told(*((k, kind, dict(body)) for k, (kind, body) in enumerate(deeds)))
    now, moment = running(events), START + timedelta(minutes=40)
    assert now.steps == about(events).steps
    assert (now.step is not None) is now.on
    assert now.step is None or now.step in now.steps
    assert bool(now.started_at) is (now.state is not State.PREPARED)
    assert bool(now.closed_at) is now.state.over
    assert now.next is None or now.number + 1 < len(now.steps)
    assert {*now.been} <= {s.id for s in now.steps}
    assert now.all_seconds(moment) + _paused(now, events, moment) == pytest.approx(_open(now, moment))
    assert all(running(events[:k]).state in State for k in range(len(events)))


def _open(now: Running, moment: datetime) -> float:
    """Seconds from the start to the end, or to now."""
    if not now.started_at:
        return 0.0
    return (datetime.fromisoformat(now.closed_at or moment.isoformat()) - datetime.fromisoformat(now.started_at)).total_seconds()


def _paused(now: Running, events: list[Event], moment: datetime) -> float:
    """Seconds in which the timer stood still, found by walking through the minutes: a step that is entered ends a pause."""
    seconds, since = 0.0, None
    for k, event in enumerate(events):
        here = running(events[: k + 1]) if all(e.kind is not EventKind.TAKEN_BACK for e in events) else None
        if here is None:
            return _open(now, moment) - now.all_seconds(moment)
        if since is not None and not here.paused_at:
            seconds, since = seconds + (datetime.fromisoformat(event.at) - since).total_seconds(), None
        elif since is None and here.paused_at:
            since = datetime.fromisoformat(event.at)
    return seconds + ((moment - since).total_seconds() if since is not None else 0.0)
