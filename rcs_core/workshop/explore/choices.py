"""Must have, real choice or leave out: what each preventative service is in all the plans that are nearly as good.

In: a scenario with its plan. Out: for each service and slack its kind, the least and most it may be given, and for a real
choice the best plan at either end, so that it can be said what would pay for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rcs_core.errors import ScenarioError
from rcs_core.vocab import Label
from rcs_core.workshop.explore.else_rules import numbers
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.alternatives import Alternatives, Span, alternatives
from rcs_core.workshop.scenario.contained import Paths, paths, widened
from rcs_core.workshop.scenario.format import Prevention, at
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.session import Status

_NOTHING = 1e-7
_LEEWAY = 1e-7
"""Room for rounding at the end of a range, against its size."""


class Kind(Label):
    """What a service is among the plans that are nearly as good; to gain is to have more in the last year than today."""

    MUST_HAVE = "must_have", "Must have"
    REAL_CHOICE = "real_choice", "Real choice"
    LEAVE_OUT = "leave_out", "Leave out"
    HELD = "held", "As today"
    MUST_CUT = "must_cut", "Must give"


@dataclass(frozen=True, slots=True)
class Choice:
    """One service within one slack. today, plan: spend a year before the plan, and in its last year as it is shown."""

    service: str
    slack: float
    kind: Kind
    today: float
    plan: float
    plan_total: float
    last: Span
    total: Span


@dataclass(frozen=True, slots=True)
class Choices:
    """Every service within every slack, and the figures they rest on."""

    found: Alternatives
    rows: tuple[Choice, ...]

    @property
    def slacks(self) -> tuple[float, ...]:
        """The slacks that were asked for, narrowest first."""
        return tuple(near.slack for near in self.found.near)

    def within(self, slack: float) -> tuple[Choice, ...]:
        """The services within one slack, in the order of the scenario."""
        return tuple(row for row in self.rows if row.slack == slack)

    def of(self, slack: float, kind: Kind) -> list[str]:
        """The services of one kind within one slack."""
        return [row.service for row in self.within(slack) if row.kind is kind]


@dataclass(frozen=True, slots=True)
class Trade:
    """The best plan with one service at an end of its range, beside the plan that is shown.

    amount: what the service has there in the last year. last, total: by service, how much more (or less) it has than in
    the plan, in the last year and over all years; the service itself is among them. lost: what the objective loses.
    """

    service: str
    most: bool
    amount: float
    last: Mapping[str, float]
    total: Mapping[str, float]
    lost: float


def optimises(scenario: Scenario) -> bool:
    """Whether a plan is chosen at all: where a shift is only discussed it is stated, and there is nothing to choose."""
    return scenario.depth != "discuss"


def kind_of(today: float, last: Span) -> Kind:
    """What a range says of a service: does it gain in every plan, in none, or in some?"""
    small = max(rule("material") * today, _NOTHING * (1 + today))
    if last.least >= today + small:
        return Kind.MUST_HAVE
    if last.most <= today - small:
        return Kind.MUST_CUT
    if last.most >= today + small:
        return Kind.REAL_CHOICE
    return Kind.HELD if last.least > today - small else Kind.LEAVE_OUT


def choices(
    scenario: Scenario, result: Result, slacks: Sequence[float] = (), told: Callable[[float], object] | None = None
) -> Choices:
    """What each service is within each slack (those of the contract, by default).

    Raises ScenarioError where nothing is optimised, or there is no plan.
    """
    refuse_discussion(scenario)
    found, path = alternatives(scenario, slacks or numbers("slacks"), told), paths(scenario, result)
    rows = []
    for near in found.near:
        for s, today in found.today.items():
            last, total = near.last[s], near.total[s]
            plan = path[s][-1], sum(path[s])
            rows.append(Choice(s, near.slack, kind_of(today, last), today, *plan, last, total))
    return Choices(found, tuple(rows))


def refuse_discussion(scenario: Scenario) -> None:
    """Raises ScenarioError where a shift is only discussed."""
    if not optimises(scenario):
        raise ScenarioError(
            "nothing is optimised where a shift is only discussed", "depth", scenario.depth, "estimate or evidence",
            "choose Estimate or Evidence under How deep",
        )  # fmt: skip


def trades(scenario: Scenario, result: Result, chosen: Sequence[Choice]) -> list[Trade]:
    """For each service the best plan with it at the least, and at the most, of its range in the last year.

    Of plans that are as good there, it is the one that the stages settle on. An end without limit is left out.
    """
    if not chosen:
        return []
    wide, was = widened(scenario), paths(scenario, result)
    session, found = HotSession(wide), []
    for row in chosen:
        for most in (False, True):
            amount = row.last.most if most else row.last.least
            if amount == float("inf"):
                continue
            plan = session.edit(_held(wide, row.service, amount, most))
            if plan.status is Status.OPTIMAL:
                lost = abs(float(plan.objective or 0.0) - float(result.objective or 0.0))
                found.append(Trade(row.service, most, amount, *_apart(was, paths(wide, plan)), lost))
    return found


def _held(scenario: Scenario, service: str, amount: float, most: bool) -> Scenario:
    """One service held at an end of its range in the last year: no less than its most, or no more than its least."""
    room = _LEEWAY * (1 + amount)

    def hold(one: Prevention) -> Prevention:
        if one.id != service:
            return one
        early = [at((one.floor if most else one.capacity) or 0.0, t) for t in scenario.years[:-1]]
        last = max(amount - room, at(one.floor or 0.0, scenario.horizon)) if most else amount + room
        return replace(one, floor=(*early, last)) if most else replace(one, capacity=(*early, last))

    return replace(scenario, prevention=tuple(hold(one) for one in scenario.prevention))


def _apart(was: Paths, now: Paths) -> tuple[dict[str, float], dict[str, float]]:
    """By service, what differs materially: in the last year, and over all years."""
    last = {s: now[s][-1] - was[s][-1] for s in was}
    total = {s: sum(now[s]) - sum(was[s]) for s in was}
    return ({s: v for s, v in last.items() if abs(v) > _material(was[s][-1])},
            {s: v for s, v in total.items() if abs(v) > _material(sum(was[s]))})  # fmt: skip


def _material(amount: float) -> float:
    return max(rule("material") * amount, _NOTHING * (1 + amount))
