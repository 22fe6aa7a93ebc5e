"""The standing stress tests of a plan, each with two answers: the plan carried out as it is, and the plan worked out anew.

What comes in is a scenario with its result; what goes out is, for each test, what purses lack and need goes unmet when
nobody reacts, whether every promise can hold, what money that would take, and which moves remain.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rcs_core.workshop.explore.carried import Carried, as_is, carry_out
from rcs_core.workshop.explore.changes import changed, grounded, trial
from rcs_core.workshop.explore.moves import moves as moved_in
from rcs_core.workshop.explore.strains import SINGLE, Strain, change_of, size
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.fixed_plan import needed_places
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.missing_money import Missing, missing_money, topped_up
from rcs_core.workshop.scenario.result import Repair
from rcs_core.workshop.scenario.session import Status

NONE = Missing({})


@dataclass(frozen=True, slots=True)
class Anew:
    """The plan worked out anew under a test.

    holds: every promise can hold as it is. missing: money that has to be found for them to hold (None where no money is
    enough). repair: where no money is enough, a change of a promise that settles the clash. moves: which services gain (1)
    and lose (-1), with that money found. outcome: of that plan; None where there is none. paid: the moves where instead
    all was found that the plan as it is lacks.
    """

    scenario: Scenario
    result: Result
    holds: bool
    missing: Missing | None
    repair: Repair | None
    moves: Mapping[str, int]
    outcome: float | None
    paid: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tested:
    """One stress test. carried: the plan carried out as it is; still: nothing moved at all. anew is None where nothing is
    worked out anew. breaks: the part of the test (0 to 1) at which a purse first runs short in the plan carried out as it
    is; None where it never does.
    """

    strain: Strain
    carried: Carried
    still: Carried
    anew: Anew | None
    breaks: float | None

    @property
    def own(self) -> bool:
        """Whether the plan lacks more than if nothing moved: what is short is not the test's doing alone."""
        return self.carried.lacking > self.still.lacking + trial("short") * (1 + self.carried.lacking)


@dataclass(frozen=True, slots=True)
class Stressed:
    """A plan and its stress tests. moves: which services gain (1) and lose (-1) materially in the plan's last year."""

    scenario: Scenario
    result: Result
    base: Carried
    moves: Mapping[str, int]
    tests: Mapping[Strain, Tested]

    def surviving(self, strains: Sequence[Strain], paid: bool = False) -> dict[str, int]:
        """The moves that go the same way in the plan worked out anew under each of these tests, each by itself.

        paid: where promises cannot hold, with all found that the plan as it is lacks, and not only with the least.
        """
        found = dict(self.moves)
        for strain in strains:
            anew = self.tests[strain].anew
            moves = {} if anew is None else anew.paid if paid else anew.moves
            found = {s: way for s, way in found.items() if moves.get(s) == way}
        return found

    @property
    def first_to_break(self) -> Tested | None:
        """The single test by which the plan runs short soonest: at the least of it, then in the earliest year, then by most.

        A test under which purses lack as much with nothing moved comes after those in which the plan makes it worse.
        """
        broken = [t for strain, t in self.tests.items() if strain in SINGLE and t.breaks is not None]
        return min(broken, key=lambda t: (not t.own, t.breaks, t.carried.first_short, -t.carried.lacking), default=None)


def stress(
    scenario: Scenario,
    result: Result,
    strains: Sequence[Strain] = tuple(Strain),
    anew: bool = True,
    told: Callable[[float], object] | None = None,
    names: Mapping[str, str] | None = None,
) -> Stressed:
    """Put the standing tests on a plan. anew: work the plan out anew too (not where a shift is only stated).

    Raises ScenarioError where the result holds no plan.
    """
    base = grounded(scenario)
    plan = needed_places(base, result)
    whole = [change_of(base, strain) for strain in strains]
    levels = {strain: _levels(strain) for strain in strains}
    parts = [change_of(base, strain, level) for strain in strains for level in levels[strain]]
    every = carry_out(base, plan, [{}, *whole, *parts])
    ran, ladder = every[: 1 + len(whole)], iter(every[1 + len(whole) :])
    still, session = carry_out(base, as_is(base), whole), HotSession(base, names)
    tests = {}
    for k, strain in enumerate(strains):
        again = worked_anew(session, changed(base, whole[k]), Missing(ran[k + 1].short)) if anew else None
        rungs = [(level, next(ladder)) for level in levels[strain]]
        broken = next((level for level, one in rungs if one.short), None)
        tests[strain] = Tested(strain, ran[k + 1], still[k], again, broken)
        if told:
            told((k + 1) / len(strains))
    return Stressed(base, result, ran[0], moved_in(base, result), tests)


def _levels(strain: Strain) -> list[float]:
    """The parts of a test that are tried, up to the whole of it; a delay in whole years."""
    steps = round(size(strain)) if strain.whole else int(trial("levels"))
    return [(k + 1) / steps for k in range(steps)]


def worked_anew(session: HotSession, scenario: Scenario, lacking: Missing) -> Anew:
    """The plan of a changed scenario; where promises cannot hold, with the least money that makes them.

    lacking: what purses lack where the plan is carried out as it is.
    """
    found = session.edit(scenario, explained=False)
    if found.status is Status.OPTIMAL:
        moves = moved_in(scenario, found)
        return Anew(scenario, found, True, NONE, None, moves, found.outcome, moves)
    missing = missing_money(scenario) if found.status is Status.INFEASIBLE else None
    none = Anew(scenario, found, False, None, None, {}, None)
    if missing is None:  # no money is enough, so what clashes is worth the time that it takes to find
        found = session.edit(scenario)
        return replace(none, result=found, repair=_smallest(found))
    more = topped_up(scenario, missing)
    again, paid = session.edit(more), session.edit(topped_up(scenario, lacking))
    if again.status is not Status.OPTIMAL:
        return none
    moved = moved_in(more, paid) if paid.status is Status.OPTIMAL else {}
    return replace(
        none, scenario=more, result=again, missing=missing, moves=moved_in(more, again), outcome=again.outcome, paid=moved
    )


def _smallest(found: Result) -> Repair | None:
    """The smallest change of a promise that settles the clash, of those in one unit; None where there is none."""
    return min(found.repairs, key=lambda r: (r.unit, round(abs(r.change), 2)), default=None)
