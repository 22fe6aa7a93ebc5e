"""In a session the numbers that would turn the plan are asked by role; a person counts once; the medians go into the plan."""

from pathlib import Path

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.inputs import rounds
from rcs_core.workshop.meeting import Meeting, elicited
from rcs_core.workshop.meeting.elicited import Elicited
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.test_couple import with_cell
from tests.workshop.test_elicit import RELEASE, questions

LEVERS = Levers.of("shift_5", protect=("S001",))


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """A session in which two questions were put."""
    made = Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")
    elicited.put(made, RELEASE, questions(), LEVERS)
    return made


def now(meeting: Meeting) -> Elicited:
    found = meeting.made(elicited.elicited)
    assert found
    return found


def give(meeting: Meeting, role: str, three: rounds.Three, private: str = "") -> None:
    elicited.answer(meeting, RELEASE, now(meeting).asked, role, {0: three}, private)


def test_the_plan_that_the_questions_turn_is_kept_with_them(meeting: Meeting) -> None:
    assert now(meeting).levers == LEVERS
    assert now(meeting).asked.session == "s1"


def test_what_a_session_closes_goes_into_the_plan_as_without_one(meeting: Meeting) -> None:
    for k, (role, three) in enumerate((("Head teacher", (1, 4, 6)), ("NHS", (2, 5, 7)), ("Police", (2, 9, 12)))):
        give(meeting, role, three, f"word {k}")
    elicited.close(meeting, RELEASE, now(meeting).asked)
    found = rounds.latest(meeting.store, RELEASE)
    assert found
    assert rounds.agreed(found) == rounds.agreed(now(meeting).asked)
    assert rounds.agreed(found)[0].likely == 5
    assert {e.session_id for e in meeting.store.events(EventKind.ANSWER_GIVEN, EventKind.ROUND_CLOSED)} == {"s1"}


def test_an_answer_on_try_a_shift_is_of_the_session_too(meeting: Meeting) -> None:
    asked = rounds.latest(meeting.store, RELEASE)
    assert asked
    rounds.answer(meeting.store, RELEASE, asked, "Police", {0: (1, 2, 3)})
    assert now(meeting).asked.count(1) == 1


def test_only_a_role_is_kept_of_a_person_and_nobody_else_answers_in_it(meeting: Meeting) -> None:
    give(meeting, " Head  teacher", (1, 4, 6), "secret of p1")
    with pytest.raises(ScenarioError, match="somebody else answers in this role") as refused:
        give(meeting, "head teacher", (1, 2, 3), "secret of p2")
    assert "head teacher 2" in refused.value.remedy
    with pytest.raises(ScenarioError, match="somebody else answers"):
        give(meeting, "Head teacher", (1, 2, 3))  # typed in from paper
    with pytest.raises(ScenarioError, match="you answer in another role"):
        give(meeting, "Police", (1, 2, 3), "secret of p1")
    give(meeting, "Head teacher", (2, 3, 4), "secret of p1")
    assert now(meeting).asked.count(1) == 1
    assert now(meeting).role("secret of p1", "s1") == "Head teacher"
    assert now(meeting).given("Head teacher")[0] == (2, 3, 4)
    for event in meeting.events(EventKind.ANSWER_GIVEN):
        assert (event.author, event.agency) == ("Head teacher", "")
        assert set(event.body) == {"put", "round", "values", "token"}
        assert "secret" not in str(event.body)


def test_what_was_typed_from_paper_may_be_typed_again_but_not_taken_over_by_a_phone(meeting: Meeting) -> None:
    give(meeting, "Police", (1, 2, 3))
    give(meeting, "Police", (1, 3, 5))
    assert now(meeting).given("Police")[0] == (1, 3, 5)
    with pytest.raises(ScenarioError, match="somebody else answers"):
        give(meeting, "Police", (1, 2, 3), "word of p1")


def test_an_answer_to_a_round_that_was_closed_meanwhile_is_refused_not_lost(meeting: Meeting) -> None:
    give(meeting, "Head teacher", (1, 4, 6), "a")
    seen = now(meeting).asked
    elicited.close(meeting, RELEASE, seen)
    with pytest.raises(ScenarioError, match="closed meanwhile"):
        elicited.answer(meeting, RELEASE, seen, "Police", {0: (1, 2, 3)}, "b")
    give(meeting, "Police", (1, 2, 3), "b")
    assert now(meeting).asked.count(2) == 1


def test_questions_are_not_put_over_a_round_that_has_answers(meeting: Meeting) -> None:
    elicited.put(meeting, RELEASE, questions()[:1], LEVERS)
    seen = now(meeting).asked
    give(meeting, "Police", (1, 2, 3), "b")
    with pytest.raises(ScenarioError, match="a round is open"):
        elicited.put(meeting, RELEASE, questions(), LEVERS)
    elicited.close(meeting, RELEASE, seen)
    elicited.put(meeting, RELEASE, questions(), LEVERS)
    with pytest.raises(ScenarioError, match="other questions have been put"):
        elicited.answer(meeting, RELEASE, seen, "Police", {0: (1, 2, 3)}, "b")
    other = Meeting.of(meeting.store, "s2")
    assert other.made(elicited.elicited) is None


def test_whose_answer_turns_the_plan_is_told_by_role() -> None:
    close = with_cell("effects", "S004", "children_averted_per_100", 12.0)
    answer = questions()[0].number
    given = (("Head teacher", (1.0, 5.0, 6.0)), ("NHS", (2.0, 90.0, 95.0)))
    assert elicited.turned(close, Levers.of("shift_2"), answer, given) == {"Head teacher": False, "NHS": True}
