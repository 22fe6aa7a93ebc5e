"""One of the scenarios that are set side by side: its plan, what it is called, and of which release and depth it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rcs_core.workshop.couple import Comparison, Levers, compare
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.scenario import Result, Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.fixed_plan import plan_of
from rcs_core.workshop.scenario.own_plan import Scored, Scorer
from rcs_core.workshop.scenario.own_spend import Table, plan_from
from rcs_core.workshop.scenario.promises_kept import counted, how_many
from rcs_core.workshop.shift import Shift

__all__ = ["MOST", "Side", "of_kept", "of_own", "of_scenario", "of_shift", "told_apart"]

MOST = 4
"""Scenarios that can be read side by side."""


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario with its plan. release_id: what it was worked out on. code: the program that kept it (blank: this one).

    scored: what became of a plan of one's own; then `result` and `found` are that plan's, and nothing was optimised.
    """

    title: str
    scenario: Scenario
    result: Result
    found: Comparison
    names: Mapping[str, str]
    levers: Levers | None = None
    release_id: str = ""
    code: str = ""
    scored: Scored | None = None

    @property
    def possible(self) -> bool:
        """Whether there is a plan."""
        return self.result.status == "optimal"

    @property
    def rough(self) -> bool:
        """Whether its figures are for discussion only, and so said in two figures."""
        return self.found.discussion_only

    @property
    def broken(self) -> int:
        """How many promises a plan of one's own breaks; a solved plan breaks none."""
        return how_many(counted(self.scenario, self.scored.broken)) if self.scored else 0

    @property
    def last(self) -> str:
        """Its last year as people say it."""
        return self.found.years[-1]

    def like(self, other: "Side") -> bool:
        """Whether its figures can be set against another's: the same release, at the same depth, in the same money."""
        return (self.release_id, self.scenario.depth, self.scenario.money) == (
            other.release_id, other.scenario.depth, other.scenario.money,
        )  # fmt: skip


def of_shift(title: str, shift: Shift, release_id: str) -> Side:
    """A shift as it is on the screen, or of a preset."""
    return Side(title, shift.scenario, shift.result, shift.found, shift.names, shift.levers, release_id)


def of_own(side: Side, title: str, table: Table, scorer: Scorer | None = None) -> Side:
    """A plan of one's own beside the scenario that it was made in."""
    scorer = scorer or Scorer(side.scenario, side.result)
    scored = scorer.score(plan_from(side.scenario, table, plan_of(side.scenario, side.result)))
    found = compare(side.scenario, scored.result, side.names)
    return replace(side, title=title, result=scored.result, found=found, scored=scored)


def of_kept(kept: Kept, levers: Levers | None = None) -> Side:
    """A kept version, worked out anew from the scenario that was kept: on the release that it was kept on.

    Raises ScenarioError where the program no longer reads it.
    """
    scenario = parse_scenario(dict(kept.draft.scenario), f"the kept scenario {kept.title}")
    side = of_scenario(kept.title, scenario, dict(kept.draft.names), kept.draft.release_id)
    side = replace(side, levers=levers, code=kept.code)
    if kept.draft.plan and side.possible:
        return of_own(side, kept.title, {s: tuple(line) for s, line in kept.draft.plan.items()})
    return side


def of_scenario(title: str, scenario: Scenario, names: Mapping[str, str], release_id: str = "") -> Side:
    """A scenario of which only the file is known, solved."""
    result = solve(scenario, names)
    return Side(title, scenario, result, compare(scenario, result, names), names, None, release_id)


def told_apart(sides: Sequence[Side]) -> list[Side]:
    """The same scenarios under titles of which no two are the same."""
    found: list[Side] = []
    for side in sides:
        title, k = side.title, 2
        while title in {s.title for s in found}:
            title, k = f"{side.title}, again" if k == 2 else f"{side.title}, again ({k - 1})", k + 1
        found.append(replace(side, title=title))
    return found
