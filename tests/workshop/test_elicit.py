"""What would turn the plan is asked, in silence first; medians, spread and outliers are kept, and nothing is taken back."""

from pathlib import Path

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple import Levers, starting_scenario
from rcs_core.workshop.couple.levers import Answered
from rcs_core.workshop.inputs import elicit, rounds
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.test_couple import a_release, with_cell

LEVERS = Levers.of("shift_2")
RELEASE = "0123456789ab"


def questions() -> list[Question]:
    """Two questions of the small release."""
    effect = Answered("effect", "S003", "S002", 2, 5, 8)
    cash = Answered("cashable", "S001", "", 0, 40, 100)
    return [Question(effect, "How many fewer?", "children", elicit.InputState.GROUP_ESTIMATE),
            Question(cash, "How much is cash?", "per cent", elicit.InputState.GROUP_ESTIMATE)]  # fmt: skip


def asked(store: Store) -> rounds.Asked:
    found = rounds.latest(store, RELEASE)
    assert found
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which two questions were put."""
    made = Store.open(tmp_path / "store.sqlite")
    rounds.put(made, RELEASE, questions())
    return made


def give(store: Store, role: str, *threes: rounds.Three | None) -> None:
    rounds.answer(store, RELEASE, asked(store), role, {k: three for k, three in enumerate(threes) if three})


def test_gaps_are_guesses_and_what_is_missing_never_what_was_measured_or_published() -> None:
    found = {q.number.key: q for q in elicit.gaps(a_release(), LEVERS)}
    assert set(found) == {("effect", "S003", "S002"), ("cashable", "S001", ""), ("cashable", "S002", "")}
    assert found["cashable", "S001", ""].number == Answered("cashable", "S001", "", 0, 40, 100)
    blank = a_release(effects=a_release().frame("effects").assign(children_averted_per_100=[6.0, None, 1.5], lag_years=None))
    found = {q.number.key: q for q in elicit.gaps(blank, LEVERS)}
    missing = found["effect", "S003", "S002"]
    # nobody said: it is held, and tried up to the most that is claimed of another service on the same need
    assert (missing.state, missing.number.likely, missing.number.high) == ("missing", 0, 8)
    assert found["lag", "S003", ""].number == Answered("lag", "S003", "", 1, 2, 3)


def test_what_turns_the_plan_comes_first_and_an_answered_number_is_no_gap() -> None:
    found = elicit.ranked(a_release(), LEVERS)
    turns = [bool(q.turns) for q in found]
    assert turns == sorted(turns, reverse=True)
    assert elicit.asked(found) == [q for q in found if q.turns][:5]
    known = Levers.of("shift_2", answers=(found[0].number,))
    assert found[0].number.key not in {q.number.key for q in elicit.gaps(a_release(), known)}


def test_a_number_turns_the_plan_when_other_services_gain_at_its_end() -> None:
    # What a thousand pounds keep from care, in its cost: S004 0.12 x 140 / 172.4 x 38 = 3.70; S003 (0.06 x 276 + effect x 38)
    # x 64 / 486.25 = 2.43 at an effect of 5 for each 100, 2.18 at none, and 6.68 at 90: only then is S003 the first to grow.
    close = with_cell("effects", "S004", "children_averted_per_100", 12.0)
    question = Answered("effect", "S003", "S002", 0, 5, 8)
    turned = elicit.turned_by(close, LEVERS, question, {"Head teacher": 5.0, "Police": 1e-6, "NHS": 90.0})
    assert turned == {"Head teacher": False, "Police": False, "NHS": True}


def test_no_answer_is_seen_before_its_round_is_closed(store: Store) -> None:
    give(store, "Head teacher", (1, 4, 6), (0, 30, 60))
    give(store, "Police", (2, 9, 12), None)
    found = asked(store)
    assert (found.round, found.count(1), found.settled(0)) == (1, 2, {})
    assert rounds.agreed(found) == ()
    with pytest.raises(ScenarioError, match="the round is still open"):
        rounds.spread(found, 0)


def test_medians_go_into_the_plan_and_outliers_are_kept_by_role(store: Store) -> None:
    for role, three in (("Head teacher", (1, 4, 6)), ("NHS", (2, 5, 7)), ("Police", (2, 9, 12)), ("Social work", (3, 5, 8))):
        give(store, role, three, (0, 20, 40) if role == "NHS" else None)
    rounds.close(store, RELEASE, asked(store))
    found = asked(store)
    effect, cash = rounds.agreed(found)
    assert (effect.low, effect.likely, effect.high) == (2, 5, 7.5)
    assert "Median of 4 answers of the group by role, after round 1" in effect.source
    assert "likely from 4 to 9; outside the middle range: Police 9" in effect.source
    assert (cash.low, cash.likely, cash.high) == (0, 20, 40)
    seen = rounds.spread(found, 0, {"Police": True})
    assert seen["Role"].tolist() == ["Head teacher", "NHS", "Social work", "Police"]
    assert seen["Outside the middle range"].tolist() == ["No", "No", "No", "Yes"]
    assert seen["Alone would turn the plan"].tolist() == ["No", "No", "No", "Yes"]
    scenario = starting_scenario(a_release(), Levers.of("shift_2", answers=rounds.agreed(found)))
    states = {p.path: p.source for p in scenario.provenance if p.state == "group_estimate"}
    assert any("outside the middle range: Police 9" in (source or "") for source in states.values())


def test_a_second_answer_stands_for_the_first_and_a_role_that_is_silent_keeps_its_own(store: Store) -> None:
    give(store, "Head teacher", (1, 4, 6), None)
    give(store, "Police", (2, 9, 12), None)
    rounds.close(store, RELEASE, asked(store))
    give(store, "Police", (2, 6, 9), None)
    give(store, "Police", (2, 5, 9), None)
    assert asked(store).settled(0)["Police"] == (2, 9, 12)  # the second round is silent too
    rounds.close(store, RELEASE, asked(store))
    assert asked(store).settled(0) == {"Head teacher": (1, 4, 6), "Police": (2, 5, 9)}
    assert asked(store).round == 0
    assert len(store.events(EventKind.ANSWER_GIVEN)) == 4
    with pytest.raises(ScenarioError, match="both rounds are closed"):
        give(store, "NHS", (1, 2, 3), None)
    rounds.put(store, RELEASE, questions()[:1])
    assert (asked(store).round, asked(store).count(1)) == (1, 0)


def test_an_answer_sent_after_the_spread_could_be_seen_does_not_count(store: Store) -> None:
    give(store, "Head teacher", (1, 4, 6), None)
    stale = asked(store)
    rounds.close(store, RELEASE, stale)
    rounds.answer(store, RELEASE, stale, "Police", {0: (2, 9, 12)})
    assert set(asked(store).settled(0)) == {"Head teacher"}


def test_an_answer_that_cannot_be_kept_says_everything_that_is_wrong(store: Store) -> None:
    with pytest.raises(ScenarioError) as refused:
        give(store, " ", (5, 4, 6), (0, 50, 120))
    assert "a role is needed" in refused.value.got
    assert "How many fewer? (low 5, likely 4, high 6)" in refused.value.got
    assert "How much is cash? (numbers from 0 to 100)" in refused.value.got
    with pytest.raises(ScenarioError, match="no number is given"):
        give(store, "NHS")
    with pytest.raises(ScenarioError, match="nobody has answered yet"):
        rounds.close(store, RELEASE, asked(store))
    with pytest.raises(ScenarioError, match="nothing to ask"):
        rounds.put(store, RELEASE, [])


def test_only_roles_are_kept_of_who_answered(store: Store) -> None:
    give(store, "  Head   teacher ", (1, 4, 6), None)
    event = store.events(EventKind.ANSWER_GIVEN)[0]
    assert event.author == "Head teacher"
    assert set(event.body) == {"put", "round", "values"}
