"""A room guesses before it sees: nothing is told but the count, no guess counts after the reveal, and nobody is shamed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rcs_core.release import Release, Table, load
from rcs_core.vocab import Contact
from rcs_core.workshop import big_screen, evidence, reach, spend_map, unequal, unit_prices
from rcs_core.workshop.meeting import By, Meeting, MeetingError, guesses
from rcs_core.workshop.meeting import guess_questions as asks
from rcs_core.workshop.meeting.guess_questions import GuessQuestion, Truth, Unit
from rcs_core.workshop.meeting.guesses import Given
from rcs_core.workshop.store import Event, EventKind, Store
from tests.tiny_release import tiny_release
from tests.workshop.small_release import a_release

FACILITATOR = By("Ann Other")
TRUTH = Truth(40, 30, 50, "95% interval", "40% is prevention.", "Base: £1.")
QUESTION = GuessQuestion("prevention", "Prevention", "How many of 100?", Unit.PER_CENT, "2025-26", "money", {}, TRUTH)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small release."""
    found = load(tiny_release(tmp_path_factory.mktemp("tiny")))
    measure = {"survey": "pupil_s1_s4", "wave": "2025", "indicator": "sdq_raised", "measure": "gap", "value": None}
    told = pd.DataFrame([{**measure, "low": None, "high": None, "state": "suppressed"}])
    return replace(found, tables={**found.tables, "inequality": Table("inequality", "", told)})


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """A session of its own."""
    return Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")


def person(k: int, agency: str = "council") -> By:
    return By(f"Person {k}", agency, f"p{k}")


def now(meeting: Meeting) -> guesses.Asked:
    return guesses.asked(meeting.events())[-1]


def test_every_figure_is_the_one_that_its_page_shows(release: Release) -> None:
    found = {q.id: q for q in asks.offered(release)}
    survey = evidence.survey(release, "pupil_s1_s4")
    contact = found["contact:pupil_s1_s4"]
    need = evidence.indicator(release, survey.code, "sdq_raised")
    page = reach.reach(release, survey.code, need, Contact.EITHER)
    assert contact.truth
    assert (contact.truth.sentence, contact.truth.basis) == (page.headline, page.basis)
    assert f"({contact.truth.value}%)" in page.headline
    assert f"95% interval {contact.truth.low} to {contact.truth.high}%" in page.basis
    assert need.need in contact.text
    money = found["prevention"].truth
    said = spend_map.prevention(release, on_screen=True).view.headline
    assert money
    assert said.sentence.startswith(f"Between {money.low}% and {money.high}% of the money is prevention in 2025-26")
    assert f"as tagged it is {money.value}%" in said.sentence
    fifth = found["deprived:pupil_s1_s4"].truth
    assert fifth
    rows = unequal.every(release, survey.code).frame().set_index("Question")
    assert rows.loc[need.label, "Most deprived fifth: %"] == str(fifth.value)


def test_the_cost_of_a_place_is_of_no_service_that_the_big_screen_keeps_back(release: Release) -> None:
    question = asks.question(release, "cost")
    assert question
    assert question.truth
    rows = unit_prices.unit_prices(release, on_screen=True).view.numbers.set_index("Service")["Spend per child served (£)"]
    about = big_screen.register(release)
    hidden = {str(about[sid]["service_name"]) for sid in big_screen.kept_back(release)}
    name = question.title.removeprefix("Cost of one place: ")
    assert name not in hidden
    assert question.truth.value == round(rows[name])
    assert hidden
    assert not any(f"“{one}”" in question.text for one in hidden)


def test_what_is_hidden_or_missing_is_not_offered_and_says_why(release: Release) -> None:
    bare = a_release(spend=None)
    assert not asks.offered(bare)
    assert {q.id for q in asks.questions(bare)} == {"contact", "prevention", "deprived", "cost"}
    assert all(q.why_not for q in asks.questions(bare))
    unlinked = replace(release, tables={name: t for name, t in release.tables.items() if not name.endswith("_contact")})
    found = {q.id: q for q in asks.questions(unlinked)}
    bounds = found["contact:pupil_s1_s4"].truth
    assert bounds
    assert (bounds.value, bounds.low, bounds.high) == (None, 7, 100)
    assert "At least 36 (7%)" in bounds.sentence
    assert found["contact:pupil_p5_p7"].truth is None
    assert "Without linkage it is not known" in found["contact:pupil_p5_p7"].why_not


def test_a_hidden_fifth_is_not_asked_about(release: Release) -> None:
    simd = release.tables["pupil_s1_s4_simd"]
    rows = simd.frame.assign(pct_state="suppressed", pct=float("nan"), pct_low=float("nan"), pct_high=float("nan"))
    hidden = replace(release, tables={**release.tables, simd.name: replace(simd, frame=rows)})
    question = asks.question(hidden, "deprived:pupil_s1_s4")
    assert question
    assert question.truth is None
    assert "so that no child can be singled out" in question.why_not


def test_nothing_but_the_count_is_kept_beside_a_question_before_the_reveal(meeting: Meeting) -> None:
    id = guesses.ask(meeting, QUESTION, FACILITATOR)
    guesses.guess(meeting, id, 10, person(1), "word 1")
    assert now(meeting).count == 1
    assert now(meeting).truth is None
    assert "40" not in str(meeting.events(EventKind.GUESS_ASKED)[0].body)
    with pytest.raises(MeetingError, match="not revealed"):
        guesses.spread(now(meeting))


def test_a_later_guess_stands_and_none_counts_after_the_reveal_even_when_it_is_taken_back(meeting: Meeting) -> None:
    id = guesses.ask(meeting, QUESTION, FACILITATOR)
    guesses.guess(meeting, id, 10, person(1), "word 1")
    guesses.guess(meeting, id, 35, person(1), "word 1")
    kept = meeting.events(EventKind.GUESS_GIVEN)
    assert {(e.author, e.agency, "by" in e.body) for e in kept} == {("", "", False)}, "nothing tells whose it is"
    assert now(meeting).of(guesses.token("word 1", meeting.id, id)) == 35
    shown = guesses.reveal(meeting, id, QUESTION, FACILITATOR, "r1")
    assert now(meeting).truth == TRUTH
    for _ in range(2):
        with pytest.raises(MeetingError, match="has been revealed"):
            guesses.guess(meeting, id, 40, person(2), "word 2")
        with pytest.raises(MeetingError, match="has been revealed"):
            guesses.from_paper(meeting, id, "3, 40", FACILITATOR)
        meeting.take_back(shown, FACILITATOR)
        assert now(meeting).truth is None
        assert [g.value for g in now(meeting).given] == [35]
    with pytest.raises(MeetingError, match="asked already"):
        guesses.ask(meeting, QUESTION, FACILITATOR)
    meeting.take_back(id, FACILITATOR)
    with pytest.raises(MeetingError, match="its figure was revealed"):
        guesses.ask(meeting, QUESTION, FACILITATOR)


@pytest.mark.parametrize("value", [-1, 101, 1000])
def test_a_guess_is_a_whole_number_that_there_can_be(meeting: Meeting, value: int) -> None:
    id = guesses.ask(meeting, QUESTION, FACILITATOR)
    with pytest.raises(MeetingError, match="whole numbers from 0 to 100"):
        guesses.guess(meeting, id, value, person(1), "word 1")
    with pytest.raises(MeetingError, match="no such number"):
        guesses.from_paper(meeting, id, f"1, 20\n2, {abs(value) + 100}", FACILITATOR)
    assert now(meeting).count == 0


def test_paper_is_kept_whole_or_not_at_all_with_every_line_that_cannot_be_read(meeting: Meeting) -> None:
    id = guesses.ask(meeting, QUESTION, FACILITATOR)
    with pytest.raises(MeetingError) as refused:
        guesses.from_paper(meeting, id, "1, 20\nfour\n2 30\n1; 25\n, 7", FACILITATOR)
    assert refused.value.got == "line 2: four; line 4: table 1 stands twice; line 5: , 7"
    assert now(meeting).count == 0
    lines = "\n".join(f"Table {k}, {5 * k}%" for k in range(1, 13))
    assert guesses.from_paper(meeting, id, lines, FACILITATOR) == {str(k): 5 * k for k in range(1, 13)}
    assert guesses.from_paper(meeting, id, "12\t1", FACILITATOR) == {"12": 1}
    assert sum(g.value for g in now(meeting).given) == 5 * sum(range(1, 12)) + 1


@given(
    some.dictionaries(
        some.from_regex(r"[1-9][0-9]?|(blue|red|kirk) ?[1-9]?", fullmatch=True), some.integers(0, 2_000_000), max_size=6
    ),
    some.sampled_from([", ", ",", "; ", ": ", "\t", "  "]),
    some.booleans(),
)
def test_lines_are_read_as_they_were_meant(tables: dict[str, int], between: str, grouped: bool) -> None:
    wanted = {" ".join(t.split()): v for t, v in tables.items()}
    text = "\n".join(f"{t}{between}{v:,}" if grouped else f"{t}{between}{v}" for t, v in wanted.items())
    read, wrong = guesses.read_lines(text)
    assert (read, wrong) == (wanted, [])


Step = tuple[str, int, int]


def played(steps: Sequence[Step]) -> list[Event]:
    """A session's events as if they came in this order, whatever they were."""
    asked = {"question": "q", "title": "t", "text": "x", "unit": "per_cent", "address": "money", "choices": {}}
    found = [Event(EventKind.GUESS_ASKED, "", asked, id=1)]
    for k, (what, who, value) in enumerate(steps, start=2):
        body: dict[str, Any] = {"asked": 1}
        kind = EventKind.GUESS_GIVEN
        if what == "person":
            body |= {"value": value, "by": f"p{who}"}
        elif what == "paper":
            body |= {"tables": [[str(who), value], [str(who + 1), value]]}
        elif what == "reveal":
            kind = EventKind.GUESS_REVEALED
            body |= {"value": 1, "low": 0, "high": 2, "kind": "", "sentence": "", "basis": ""}
        else:
            kind, body = EventKind.TAKEN_BACK, {"event": 2 + value % max(1, k - 2)}
        found.append(Event(kind, "", body, "agency", id=k))
    return found


STEPS = some.lists(
    some.tuples(some.sampled_from(["person", "person", "paper", "reveal", "undo"]), some.integers(1, 3), some.integers(0, 100)),
    max_size=14,
)


@given(STEPS)
def test_the_guesses_that_count_are_those_a_patient_reader_would_count(steps: list[Step]) -> None:
    events = played(steps)
    alive = {e.id: True for e in events}
    for e in reversed(events):
        if e.kind is EventKind.TAKEN_BACK and alive[e.id]:
            alive[e.body["event"]] = False
    first = next((e.id for e in events if e.kind is EventKind.GUESS_REVEALED), 10**6)
    wanted: dict[tuple[str, str], int] = {}
    for e in events:
        if e.kind is EventKind.GUESS_GIVEN and alive[e.id] and e.id < first:
            for who, value in e.body.get("tables", [[e.body.get("by"), e.body.get("value")]]):
                wanted["table" if "tables" in e.body else "person", who] = value
    (found,) = guesses.asked(events)
    assert {("table" if g.is_table else "person", g.who): g.value for g in found.given} == wanted
    assert found.closed == (first < 10**6)
    assert bool(found.truth) == any(e.kind is EventKind.GUESS_REVEALED and alive[e.id] for e in events)


GIVEN = some.builds(
    Given,
    some.text("ab", max_size=2),
    some.sampled_from(["", "council", "nhs", "police"]),
    some.integers(0, 100),
    some.booleans(),
)


@given(some.lists(GIVEN, max_size=14))
def test_no_agency_is_told_apart_that_would_tell_what_one_or_two_people_guessed(found: list[Given]) -> None:
    told = guesses.told_apart(found)
    assert all(len(values) >= 3 for values in told.values())
    rest = len(found) - sum(map(len, told.values()))
    assert not told or rest == 0 or rest >= 3
    assert "" not in told
    for agency, values in told.items():
        assert sorted(values) == sorted(g.value for g in found if g.agency == agency and not g.is_table)


@settings(max_examples=15)
@given(some.lists(some.integers(0, 100), max_size=12), some.integers(0, 100))
def test_the_spread_shows_every_guess_once_and_no_name(values: list[int], truth: int) -> None:
    given_ = tuple(Given(f"secret{k}", "council", v, False) for k, v in enumerate(values))
    found = guesses.Asked(1, "q", "t", "x", Unit.PER_CENT, "money", {}, given_, Truth(truth, None, None, "", "", ""), True)
    spread = guesses.spread(found)
    assert sorted(spread.points["guess"]) == sorted(values)
    assert not spread.points.duplicated(["guess", "place"]).any()
    assert spread.near == sum(abs(v - truth) <= 10 for v in values)
    assert spread.frame()["Guesses"].sum() == len(values)
    assert "secret" not in spread.points.to_csv() + spread.agencies.to_csv() + spread.frame().to_csv() + spread.words


def test_near_is_measured_to_the_figure_or_to_the_nearer_end_of_a_range_without_one() -> None:
    assert TRUTH.near(50, Unit.PER_CENT)
    assert not TRUTH.near(51, Unit.PER_CENT)
    bounds = Truth(None, 70, 100, "without linkage", "", "")
    assert (bounds.away(60), bounds.away(85), bounds.near(59, Unit.PER_CENT)) == (10, 0, False)
    cost = Truth(100_000, None, None, "", "", "")
    assert cost.near(120_000, Unit.POUNDS)
    assert not cost.near(120_001, Unit.POUNDS)
