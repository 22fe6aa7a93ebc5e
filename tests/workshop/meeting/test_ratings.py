"""The room rates itself without names, as counts of each step, told only when it is closed and enough people answered."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rcs_core.errors import SettingsError
from rcs_core.workshop.meeting import By, Meeting, MeetingError, people, ratings
from rcs_core.workshop.meeting.agenda import agendas
from rcs_core.workshop.meeting.joining import Tries, agencies
from rcs_core.workshop.store import Event, EventKind, Store

FACILITATOR = By("Ann Other")
ALL = {"agencies": 3, "need": 4, "evidence": 2, "priorities": 5, "change": 1}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of its own."""
    return Store.open(tmp_path / "store.sqlite")


def now(meeting: Meeting) -> ratings.Rated:
    return ratings.rated(meeting.events())


def test_the_five_items_are_those_of_the_programme_on_one_scale() -> None:
    asked = ratings.form()
    assert [i.id for i in asked.items] == ["agencies", "need", "evidence", "priorities", "change"]
    assert (len(asked.words), asked.fewest) == (5, 3)


def test_answers_carry_no_name_and_a_person_counts_once(store: Store) -> None:
    meeting = Meeting.of(store, "s1")
    ratings.rate(meeting, ALL, "word of p1")
    ratings.rate(meeting, {**ALL, "change": 5}, "word of p1")
    ratings.rate(meeting, {"need": 1}, "word of p2")
    assert now(meeting).count == 2
    for event in meeting.events():
        assert (event.author, event.agency) == ("", "")
        assert "by" not in event.body
        assert "word of" not in str(event.body)
    with pytest.raises(MeetingError, match="private word"):
        ratings.rate(meeting, ALL, "")


def test_a_second_phone_gives_no_second_answers(store: Store) -> None:
    meeting = Meeting.of(store, "s1")
    jo = people.join(meeting, "Jo Reid", next(iter(agencies())))
    early = people.come_back(meeting, "Jo Reid", next(iter(agencies())), jo.number, Tries())
    with pytest.raises(MeetingError, match="nobody's here"):
        ratings.rate(meeting, ALL, jo.word)
    ratings.rate(meeting, ALL, early.word)
    late = people.come_back(meeting, "Jo Reid", next(iter(agencies())), jo.number, Tries())
    for word in (early.word, late.word):
        with pytest.raises(MeetingError):
            ratings.rate(meeting, {"need": 1}, word)
    ratings.rate(meeting, ALL, people.join(meeting, "Al Weir", next(iter(agencies()))).word)
    assert now(meeting).count == 2


def test_nothing_but_the_count_is_told_while_it_is_open_and_nothing_is_taken_after(store: Store) -> None:
    meeting = Meeting.of(store, "s1")
    for k in range(4):
        ratings.rate(meeting, {**ALL, "need": k + 1}, f"word {k}")
    assert (now(meeting).count, now(meeting).steps, now(meeting).words) == (4, {}, "4 answered.")
    closed = ratings.close(meeting, FACILITATOR)
    assert now(meeting).steps["need"] == (1, 1, 1, 1, 0)
    meeting.take_back(closed, FACILITATOR)
    with pytest.raises(MeetingError, match="no more answers"):
        ratings.rate(meeting, ALL, "word 5")
    assert now(meeting).steps["change"] == (4, 0, 0, 0, 0)
    assert "Need against provision: 1 not yet, 1 a little, 1 partly, 1 mostly" in now(meeting).words


def test_with_fewer_than_three_answers_only_the_count_is_told_and_so_item_by_item(store: Store) -> None:
    meeting = Meeting.of(store, "s1")
    ratings.rate(meeting, ALL, "a")
    ratings.rate(meeting, ALL, "b")
    meeting.add(EventKind.SESSION_CLOSED, {})
    assert (now(meeting).count, now(meeting).closed, now(meeting).steps) == (2, True, {})
    other = Meeting.of(store, "s2")
    for word in "abc":
        ratings.rate(other, ALL if word != "c" else {"need": 4}, word)
    ratings.close(other, FACILITATOR)
    assert set(now(other).steps) == {"need"}
    assert list(now(other).frame()["What"]) == ["Need against provision"]


def test_paper_is_kept_whole_or_not_at_all(store: Store) -> None:
    meeting = Meeting.of(store, "s1")
    with pytest.raises(MeetingError) as refused:
        ratings.from_paper(meeting, "3 4 2 5 4\n1 2 3\nx 1 1 1 1", FACILITATOR)
    assert refused.value.got == "sheet 2: 1 2 3; sheet 3: x 1 1 1 1"
    with pytest.raises(MeetingError, match="agencies: 6"):
        ratings.from_paper(meeting, "6 4 2 5 4", FACILITATOR)
    assert now(meeting).count == 0
    assert ratings.from_paper(meeting, "3 4 2 5 4\n3, 3, -, 3, 3\n\n1;1;1;1;1", FACILITATOR) == 3
    ratings.close(meeting, FACILITATOR)
    found = now(meeting)
    assert (found.count, found.papers) == (3, 3)
    assert found.steps["agencies"] == (1, 0, 2, 0, 0)
    assert "evidence" not in found.steps


def test_earlier_sessions_stand_beside_it_as_spreads_the_latest_first(store: Store) -> None:
    def held(id: str, day: str, answers: int, **more: bool) -> Meeting:
        meeting = Meeting.of(store, id)
        steps = [s.plain() for s in next(iter(agendas().values())).steps]
        meeting.add(EventKind.SESSION_PREPARED, {"title": id, "day": day, "steps": steps, **more})
        for k in range(answers):
            ratings.rate(meeting, ALL, str(k))
        if answers:
            ratings.close(meeting, FACILITATOR)
        return meeting

    held("first", "2026-03-01", 5)
    held("second", "2026-06-01", 3)
    held("few", "2026-07-01", 2)
    held("rehearsal", "2026-07-02", 5, rehearsal=True)
    held("later", "2027-01-01", 4)
    held("now", "2026-11-01", 0)
    found = ratings.earlier(store, "now")
    assert [(one.listed.id, one.rated.count) for one in found] == [("second", 3), ("first", 5)]


ANSWERS = some.dictionaries(some.sampled_from(sorted(ALL)), some.integers(1, 5), min_size=1)


@given(some.lists(some.tuples(some.integers(0, 4), ANSWERS), max_size=10), some.booleans())
def test_the_counts_are_those_of_everybodys_last_answers(given_: list[tuple[int, dict[str, int]]], closed: bool) -> None:
    events = [
        Event(EventKind.RATING_GIVEN, "", {"does": "given", "answers": a, "token": str(who)}, id=k + 1)
        for k, (who, a) in enumerate(given_)
    ]
    events += [Event(EventKind.SESSION_CLOSED, "", {}, id=99)] if closed else []
    last = dict(given_)
    found = ratings.rated(events)
    assert found.count == len(last)
    for item in ALL:
        said = Counter(a[item] for a in last.values() if item in a)
        wanted = tuple(said[k] for k in range(1, 6)) if closed and said.total() >= 3 and len(last) >= 3 else ()
        assert found.steps.get(item, ()) == wanted


def test_a_contract_in_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ratings.yaml").write_text("rules: {fewest: 3}\n", "utf-8")
    with pytest.raises(SettingsError, match="another form"):
        ratings.form(tmp_path / "ratings.yaml")
