"""Promises from the table: stated, put in or left, solved with every seat alike, and priced as two cold solves say."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple import Levers, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.meeting import By, Meeting, MeetingError, on_the_table, promise_cost, promises
from rcs_core.workshop.meeting.on_the_table import EASED, Laid
from rcs_core.workshop.meeting.promises import Answer, Stated
from rcs_core.workshop.promised import Side, Wish
from rcs_core.workshop.scenario import Scenario, solve
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.store import EventKind, Store
from tests.workshop.small_release import a_release

RELEASE = a_release()
LEVERS = Levers.of("shift_5", depth=Depth.ESTIMATE)
NAMES = {"S004": "Parenting programmes"}
FACILITATOR, JO = By("Ada"), By("Jo", "nhs_board", "p1")
FLOOR = Wish(Side.LEAST, "S004", 200_000.0, 2, "NHS board", "Waiting lists")


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting.of(Store.open(tmp_path / "store.sqlite"), "s1")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return starting_scenario(RELEASE, LEVERS)


def of(wish: Wish, event: int = 1) -> Stated:
    """A promise that was put in by an event."""
    return Stated(event, wish, wish.subject, "2027-28", JO, "", Answer(True, "", "", FACILITATOR, "", event))


def solved(*wishes: Wish) -> Shift:
    return try_shift(RELEASE, on_the_table.laid(RELEASE, LEVERS, [of(w, k + 1) for k, w in enumerate(wishes)]).levers)


def test_a_promise_waits_until_it_is_answered_once_and_every_step_can_be_taken_back(meeting: Meeting, scenario: Scenario) -> None:
    id = promises.state(meeting, scenario, NAMES, FLOOR, JO, 2026)
    (found,) = meeting.made(promises.waiting)
    assert (found.what, found.wish.reason) == ("At least £200,000 a year for Parenting programmes from 2027-28", "Waiting lists")
    promises.accept(meeting, id, FACILITATOR, "It costs nothing.")
    with pytest.raises(MeetingError, match="has its answer"):
        promises.leave(meeting, id, By("Ben"), "Too dear", 2026)
    assert [p.answer.cost for p in meeting.made(promises.put_in) if p.answer] == ["It costs nothing."]
    promises.reopen(meeting, id, FACILITATOR)
    promises.leave(meeting, id, By("Ben"), "Next year", 2026)
    assert (*meeting.made(promises.put_in), *meeting.made(promises.waiting)) == ()
    with pytest.raises(MeetingError, match="somebody else's"):
        promises.withdraw(meeting, id, By("Bo", "", "p2"))
    promises.withdraw(meeting, id, JO)
    assert meeting.made(promises.stated) == ()
    assert len(meeting.events()) == 5


def test_what_says_nothing_or_cannot_be_promised_is_refused_with_all_that_is_wrong(meeting: Meeting, scenario: Scenario) -> None:
    with pytest.raises(MeetingError, match="whose promise is blank; why is blank"):
        promises.state(meeting, scenario, NAMES, replace(FLOOR, owner=" ", reason=""), JO, 2026)
    with pytest.raises(ScenarioError, match="cannot be capped"):
        promises.state(meeting, scenario, NAMES, replace(FLOOR, side=Side.MOST, subject="S001"), JO, 2026)
    for pounds in (float("nan"), float("inf"), -1.0):
        with pytest.raises(MeetingError, match="no amount"):
            promises.state(meeting, scenario, NAMES, replace(FLOOR, pounds=pounds), JO, 2026)
    assert meeting.events() == ()


def test_two_facilitators_at_once_give_one_answer(meeting: Meeting, scenario: Scenario) -> None:
    id = promises.state(meeting, scenario, NAMES, FLOOR, JO, 2026)

    def answer(k: int) -> bool:
        mine = Meeting.of(meeting.store, "s1")
        try:
            promises.accept(mine, id, By(f"F{k}")) if k % 2 else promises.leave(mine, id, By(f"F{k}"), "No", 2026)
        except MeetingError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(answer, range(6))) == 1
    assert len(meeting.events(EventKind.PROMISE_ACCEPTED)) == 1


def test_whoever_reads_the_session_in_pieces_finds_the_same_table(meeting: Meeting, scenario: Scenario) -> None:
    other = Meeting.of(meeting.store, "s1")
    first = promises.state(meeting, scenario, NAMES, FLOOR, JO, 2026)
    other.made(promises.put_in)
    on_the_table.put(meeting, LEVERS, "Shift 5%", FACILITATOR)
    promises.accept(meeting, first, FACILITATOR)
    other.made(on_the_table.tabled)
    second = promises.state(meeting, scenario, NAMES, replace(FLOOR, pounds=1.0), FACILITATOR, 2026)
    promises.accept(other, second, FACILITATOR)
    on_the_table.choose(meeting, "Only if need holds.", True, FACILITATOR)
    whole = Meeting.of(meeting.store, "s1")
    for fold in (promises.stated, promises.put_in, on_the_table.tabled, on_the_table.conditions):
        assert other.made(fold) == whole.made(fold) == meeting.made(fold)
    now = whole.made(on_the_table.tabled)
    assert now is not None
    assert (now.levers, now.title) == (LEVERS, "Shift 5%")


def lifted(wish: Wish, now: float | tuple[float, ...] | None) -> tuple[float, ...]:
    """A floor or a budget by year with a promise in it."""
    years, change = now if isinstance(now, tuple) else (now or 0.0,) * LEVERS.horizon, max if wish.side is Side.LEAST else min
    return tuple(change(v, wish.pounds / 1000) if t >= wish.from_year else v for t, v in enumerate(years, 1))


def by_hand(scenario: Scenario, wishes: Sequence[Wish]) -> Scenario:
    """Floors and smaller budgets put into a scenario without the code that is tested."""
    for w in wishes:
        if w.side is Side.LEAST:
            changed = [replace(s, floor=lifted(w, s.floor)) if s.id == w.subject else s for s in scenario.prevention]
            scenario = replace(scenario, prevention=tuple(changed))
        else:
            purses = [replace(a, budget=lifted(w, a.budget)) if a.id == w.subject else a for a in scenario.agencies]
            scenario = replace(scenario, agencies=tuple(purses))
    return scenario


@pytest.mark.parametrize(
    "wishes",
    [
        (FLOOR,),
        (FLOOR, replace(FLOOR, subject="S003", pounds=640_000.0)),
        (FLOOR, Wish(Side.MOST, "council_social_work", 5_990_000.0, 1, "Council", "Less money")),
        (replace(FLOOR, subject="S003", pounds=1_000_000_000.0),),
    ],
)
def test_the_price_of_a_promise_is_that_of_two_cold_solves(scenario: Scenario, wishes: tuple[Wish, ...]) -> None:
    found = promise_cost.cost(solved(*wishes), solved(*wishes[:-1]))
    held, free = solve(by_hand(scenario, wishes)), solve(by_hand(scenario, wishes[:-1]))
    assert (found.verdict in (promise_cost.Verdict.CLASHES, promise_cost.Verdict.STUCK)) == (held.status != "optimal")
    if held.status == free.status == "optimal":
        lost = (free.outcome or 0.0) - (held.outcome or 0.0)
        assert found.gain == pytest.approx(lost, abs=1e-4 * (1 + abs(free.outcome or 0.0)))
        for service, more in found.care.items():
            kept = [sum(line.reduction for line in r.responsive if line.service == service) for r in (free, held)]
            assert sum(more) == pytest.approx(kept[0] - kept[1], abs=1e-4)


def test_a_promise_of_what_is_done_anyway_costs_nothing_and_one_that_clashes_names_a_way_out() -> None:
    small, large = replace(FLOOR, pounds=1.0), replace(FLOOR, pounds=9_000_000.0)
    told = promise_cost.sentence("Little", promise_cost.cost(solved(small), solved()), solved(small))
    assert told.text == "‘Little’ costs nothing: without it the plan would do no more."
    told = promise_cost.sentence("Much", promise_cost.cost(solved(large), solved()), solved(large))
    assert told.text.startswith("‘Much’ leaves no plan: ")
    assert "The smallest change that settles it:" in told.text


def laid(promise: Stated, edits: tuple[Edit, ...] = (), since: int = 0) -> Laid:
    return on_the_table.laid(RELEASE, LEVERS, [promise], edits, since)


def test_a_promise_that_no_longer_fits_is_listed_with_the_reason() -> None:
    gone, short = of(replace(FLOOR, subject="S999")), of(replace(FLOOR, from_year=9))
    assert "nothing to promise it for" in laid(gone).places[0].why_not
    assert "no year of the plan" in laid(short).places[0].why_not
    assert laid(gone).levers == replace(LEVERS, edits=())


def test_a_repair_after_a_promise_holds_and_is_said_and_a_promise_after_a_change_goes_on_top() -> None:
    lower = (Edit("/prevention/S004/floor/2", 10.0, "The room", "To make it fit"),)
    eased = laid(of(FLOOR, 5), lower, since=9)
    assert (eased.places[0].why_not, eased.levers.edits[-1]) == (EASED, lower[0])
    on_top = laid(of(FLOOR, 12), lower, since=9)
    assert not on_top.places[0].why_not
    assert on_the_table.holds(try_shift(RELEASE, on_top.levers).scenario, FLOOR)
    again = on_the_table.laid(RELEASE, LEVERS, [of(FLOOR, 5)], on_top.promised, 9)
    assert again.levers.edits == laid(of(FLOOR, 5)).levers.edits
