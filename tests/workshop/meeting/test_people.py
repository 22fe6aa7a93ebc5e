"""Claims about the people of a session: joining, being the same person again, who is here, the way in for phones."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.workshop.meeting import By, Meeting, MeetingError, code, people
from rcs_core.workshop.meeting.joining import Presence, Tries, agencies, rule
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.people import Joined
from rcs_core.workshop.store import EventKind, Store

NHS, POLICE = "nhs_board", "police_scotland"
LEAD = By("Fiona")


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    """A session of its own."""
    with Store.open(tmp_path / "store.sqlite") as store:
        yield Meeting.of(store, "s1")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many sessions."""
    with Store.open(tmp_path_factory.mktemp("people") / "store.sqlite") as found:
        yield found


def test_the_same_person_after_a_restart_by_the_private_word_of_which_the_store_has_a_hash_only(meeting: Meeting) -> None:
    ann = people.join(meeting, " Ann   Lee ", NHS)
    again = Meeting.of(meeting.store, meeting.id)
    assert people.by_word(again.events(), ann.word) == ann.person
    assert ann.person.name == "Ann Lee"
    assert people.by_word(again.events(), "") is None
    assert people.by_word(again.events(), ann.word[:-1]) is None
    kept = str([e.body for e in again.events()])
    assert ann.word not in kept
    assert ann.number not in kept


def test_a_lost_phone_comes_back_by_number_and_the_old_word_is_nobodys(meeting: Meeting) -> None:
    ann = people.join(meeting, "Ann Lee", NHS)
    again = people.come_back(meeting, "ann  LEE", NHS, ann.number, Tries())
    assert again.person.key == ann.person.key
    assert people.by_word(meeting.events(), ann.word) is None
    assert people.by_word(meeting.events(), again.word) == again.person
    assert again.person.since > ann.person.since
    assert people.come_back(meeting, "Ann Lee", NHS, ann.number, Tries()).person.key == ann.person.key
    assert people.here(people.people(meeting.events())) == {NHS: 1}


def test_nobody_becomes_another_without_the_number_and_guessing_it_is_held_up(meeting: Meeting) -> None:
    ann, now = people.join(meeting, "Ann Lee", NHS), [0.0]
    tries = Tries(lambda: now[0])
    with pytest.raises(MeetingError, match="somebody of this name and agency is here already"):
        people.join(meeting, "Ann\u200b Lee", NHS)
    wrong = f"{(int(ann.number) + 1) % 10_000:04d}"
    for _ in range(rule("tries")):
        with pytest.raises(MeetingError, match="nobody here has this name, agency and number"):
            people.come_back(meeting, "Ann Lee", NHS, wrong, tries)
    with pytest.raises(MeetingError, match="too many wrong numbers"):
        people.come_back(meeting, "Ann Lee", NHS, ann.number, tries)
    now[0] = 60 * rule("pause") + 1
    assert people.come_back(meeting, "Ann Lee", NHS, ann.number, tries).person.key == ann.person.key
    with pytest.raises(MeetingError, match="nobody here"):
        people.come_back(meeting, "Ann Lee", POLICE, ann.number, tries)


def test_two_who_join_at_once_both_survive_with_keys_of_their_own(meeting: Meeting) -> None:
    found: list[Joined] = []
    names = [f"Person {k}" for k in range(3)]
    rooms = [Meeting.of(meeting.store, meeting.id) for _ in names]
    threads = [
        threading.Thread(target=lambda m=m, n=n: found.append(people.join(m, n, NHS))) for m, n in zip(rooms, names, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(j.person.key for j in found) == [f"p{k}" for k in range(1, 4)]
    assert {people.by_word(meeting.events(), j.word) for j in found} == {j.person for j in found}


def test_the_sixty_first_is_told_and_a_place_that_was_left_is_free_again(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limit("people") == 60
    monkeypatch.setattr(people, "limit", lambda _: 3)
    first, *_ = [people.join(meeting, f"Person {k}", NHS) for k in range(3)]
    with pytest.raises(MeetingError, match=r"the session is full: got 3 people are here"):
        people.join(meeting, "One more", NHS)
    people.leave(meeting, first.person)
    people.join(meeting, "One more", NHS)
    gone = people.people(meeting.events())[0]
    assert not gone.here
    with pytest.raises(MeetingError, match="the session is full"):
        people.enter_again(meeting, gone)


def test_who_is_sent_out_stays_out_until_the_facilitator_takes_it_back(meeting: Meeting) -> None:
    ann = people.join(meeting, "Ann", NHS)
    people.send_out(meeting, ann.person.key, LEAD, "tried it out")
    out = people.by_word(meeting.events(), ann.word)
    assert out is not None
    assert out.sent_out
    for again in (
        lambda: people.enter_again(meeting, out),
        lambda: people.come_back(meeting, "Ann", NHS, ann.number, Tries()),
    ):
        with pytest.raises(MeetingError, match="the facilitator has sent you out"):
            again()
    people.let_in(meeting, ann.person.key, LEAD)
    assert people.by_word(meeting.events(), ann.word) == ann.person


def test_whoever_is_signed_in_is_the_same_participant_in_every_browser(meeting: Meeting) -> None:
    ann = people.join(meeting, "Ann", NHS, "ann@nhs.example")
    assert ann.number == ""
    again = people.join(meeting, "Somebody else", POLICE, "ann@nhs.example")
    assert (again.person.key, again.person.name) == (ann.person.key, "Ann")
    assert people.by_subject(meeting.events(), "bob@nhs.example") is None
    assert "ann@nhs.example" not in str([e.body for e in meeting.events()])


def test_everything_that_is_wrong_is_said_at_once(meeting: Meeting) -> None:
    with pytest.raises(MeetingError, match="there is no name; no agency is chosen"):
        people.join(meeting, " . ", "")
    with pytest.raises(MeetingError, match="the name has 61 letters, of 60 at most"):
        people.join(meeting, "a" * 61, NHS)


def test_quorum_is_met_by_those_who_are_here_of_each_agency(meeting: Meeting) -> None:
    ann = people.join(meeting, "Ann", NHS)
    people.join(meeting, "Jo", "Children's and young people's voice")
    wanted = {NHS: 1, POLICE: 1}
    assert people.quorum(wanted, people.people(meeting.events())).lacking == {POLICE: (0, 1)}
    people.join(meeting, "Bob", POLICE)
    assert people.quorum(wanted, people.people(meeting.events())).met
    people.leave(meeting, ann.person)
    assert people.quorum(wanted, people.people(meeting.events())).lacking == {NHS: (0, 1)}
    assert list(agencies())[-2:] == ["Children's and young people's voice", "Another organisation"]


STEPS = st.lists(st.tuples(st.sampled_from(["join", "leave", "back", "lost", "out", "in"]), st.integers(0, 3)), max_size=8)
counter = iter(range(10_000))


@settings(max_examples=10)
@given(STEPS)
def test_whatever_happens_a_key_is_one_persons_and_the_last_word_alone_opens_a_place(
    store: Store, steps: list[tuple[str, int]]
) -> None:
    meeting = Meeting.of(store, f"law-{next(counter)}")
    words: dict[int, str] = {}
    numbers: dict[int, str] = {}
    state: dict[int, str] = {}
    for deed, who in steps:
        one = people.by_word(meeting.events(), words.get(who, ""))
        if deed == "join" and who not in words:
            done = people.join(meeting, f"Name {who}", NHS)
            words[who], numbers[who], state[who] = done.word, done.number, "here"
        elif one is None:
            continue
        elif deed == "leave" and state[who] == "here":
            people.leave(meeting, one)
            state[who] = "left"
        elif deed == "back" and state[who] == "left":
            people.enter_again(meeting, one)
            state[who] = "here"
        elif deed == "lost" and state[who] != "out":
            words[who] = people.come_back(meeting, f"Name {who}", NHS, numbers[who], Tries()).word
            state[who] = "here"
        elif deed == "out":
            people.send_out(meeting, one.key, LEAD)
            state[who] = "out"
        elif deed == "in" and state[who] == "out":
            people.let_in(meeting, one.key, LEAD)
            state[who] = "here"
    found = people.people(meeting.events())
    assert [p.key for p in found] == [f"p{k}" for k in range(1, len(words) + 1)]
    for who, word in words.items():
        one = people.by_word(meeting.events(), word)
        assert one is not None
        assert (one.name, one.here, one.sent_out) == (f"Name {who}", state[who] == "here", state[who] == "out")
    assert sum(people.here(found).values()) == sum(s == "here" for s in state.values())


def test_a_closed_session_lets_nobody_in(meeting: Meeting) -> None:
    meeting.add(EventKind.SESSION_STARTED, {})
    meeting.add(EventKind.SESSION_CLOSED, {"open": []})
    with pytest.raises(MeetingError, match="the session is closed"):
        people.join(meeting, "Ann", NHS)


def test_presence_is_of_the_last_seconds_and_of_no_event(meeting: Meeting) -> None:
    now = [0.0]
    seen = Presence(lambda: now[0])
    assert not seen.away("s1", "p1"), "who was typed in has no phone that could fall silent"
    seen.seen("s1", "p1")
    now[0] = rule("away")
    assert not seen.away("s1", "p1")
    now[0] += 1
    assert seen.away("s1", "p1")
    assert meeting.events() == ()


@pytest.mark.parametrize(
    ("page", "reached", "link"),
    [
        ("http://127.0.0.1:8501/needs", False, "http://127.0.0.1:8501/join?code=ABC"),
        ("http://localhost:8501/", False, "http://localhost:8501/join?code=ABC"),
        ("http://[::1]:8501/", False, "http://[::1]:8501/join?code=ABC"),
        ("http://192.168.1.20:8501/session", True, "http://192.168.1.20:8501/join?code=ABC"),
        ("https://rcs.example.org/workbench/screen", True, "https://rcs.example.org/workbench/join?code=ABC"),
        ("", False, "http:///join?code=ABC"),
    ],
)
def test_the_way_in_for_phones_is_the_address_of_the_page_unless_it_is_of_this_machine_alone(
    page: str, reached: bool, link: str
) -> None:
    assert code.is_reached(page) is reached
    assert code.address(page, "ABC") == link


def test_the_picture_to_scan_is_dark_on_white_with_its_quiet_zone() -> None:
    drawn = code.picture("http://192.168.1.20:8501/join?code=HXTJW")
    assert drawn.startswith("<svg")
    assert "#fff" in drawn
    assert f"M{code.QUIET} {code.QUIET}" in drawn
