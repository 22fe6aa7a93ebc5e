"""Does the plan depend on what counts? The scenario solved anew with other weights on what prevention makes unnecessary.

A service's outcome weighs a unit of its effect by what it does to each responsive need, at that need's weight. In: a
scenario and sets of weights (by responsive service). Out: the plan of each set, the moves that are in every plan, and what
each agency loses when another's weights decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rcs_core.errors import ScenarioError
from rcs_core.vocab import Label
from rcs_core.workshop.explore.choices import refuse_discussion
from rcs_core.workshop.explore.else_rules import number
from rcs_core.workshop.explore.moves import moves
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.contained import paths, widened, with_floors
from rcs_core.workshop.scenario.fixed_plan import FixedPlan, plan_of
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import simulate
from rcs_core.workshop.scenario.unchanged import as_today

_ROUNDING = 1e-9


class Whose(Label):
    """Where a set of weights comes from."""

    NOW = "now", "As the scenario weighs it"
    ALIKE = "alike", "Each child or case alike"
    PURSE = "purse", "One agency's own purse"
    NEED = "need", "One need alone"
    GIVEN = "given", "Weights that were given"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much one unit of need counts that prevention makes unnecessary, by responsive service; what is left out is nothing.

    of: the agency whose purse it is, or the responsive service that alone counts.
    """

    name: str
    worth: Mapping[str, float]
    whose: Whose = Whose.GIVEN
    of: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The plan under one set of weights: its moves (1 gains, -1 loses), and spend by service and year.

    value: what the plan brings as these weights count; nothing: what doing nothing brings. regret: for each move of the
    present plan, the share of this set's gain that is lost by making it all the same (0 where it is made anyway; not worked
    out where one need alone counts).
    """

    weights: Weights
    result: Result
    moves: Mapping[str, int]
    spend: Mapping[str, list[float]]
    value: float
    nothing: float
    regret: Mapping[str, float]

    @property
    def gain(self) -> float:
        """What the plan gains over doing nothing, as these weights count."""
        return self.value - self.nothing


@dataclass(frozen=True, slots=True)
class Loss:
    """What an agency's own purse loses under the plan that another set of weights chose, against the plan of its own."""

    agency: str
    chosen_by: Weights
    lost: float
    share: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The plans of all sets of weights; the first is the present plan."""

    plans: tuple[Weighed, ...]
    losses: tuple[Loss, ...]

    @property
    def asked(self) -> tuple[Weighed, ...]:
        """The sets that somebody could hold: not those in which one need alone counts, which only show what pulls where."""
        return tuple(p for p in self.plans if p.weights.whose is not Whose.NEED)

    @property
    def present(self) -> tuple[str, ...]:
        """The services that gain in the present plan."""
        return _gaining(self.plans[0])

    @property
    def no_regret(self) -> tuple[str, ...]:
        """Moves of the present plan that are in the plan of every set that somebody could hold."""
        return tuple(s for s in self.present if all(p.moves.get(s) == 1 for p in self.asked))

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Services that gain under some of these weights, and not in the present plan."""
        found = dict.fromkeys(s for p in self.asked for s in _gaining(p))
        return tuple(s for s in found if s not in self.present)


def _gaining(plan: Weighed) -> tuple[str, ...]:
    return tuple(s for s, way in plan.moves.items() if way > 0)


def weight_sets(scenario: Scenario, names: Mapping[str, str] | None = None) -> list[Weights]:
    """As now; each case alike; each agency's own purse, where it pays for care; and each need alone.

    An agency's purse weighs a unit of need by what it costs that agency: the unit cost of the first year at its share.
    """
    told, cost = names or {}, {d.id: at(d.unit_cost, 1) for d in scenario.acute}
    alike = Weights(Whose.ALIKE.label, dict.fromkeys(cost, 1.0), Whose.ALIKE)
    found = [Weights(Whose.NOW.label, {}, Whose.NOW), *([alike] if _touches(scenario, alike.worth) else [])]
    for agency in scenario.agencies:
        own = {d.id: cost[d.id] * d.payer[agency.id] for d in scenario.acute if d.payer.get(agency.id)}
        if _touches(scenario, own):
            found.append(Weights(f"{told.get(agency.id, agency.id)}: its own purse", own, Whose.PURSE, agency.id))
    needs = [Weights(f"Only {told.get(d, d)}", {d: 1.0}, Whose.NEED, d) for d in cost]
    return found + [w for w in needs if _touches(scenario, w.worth)]


def _touches(scenario: Scenario, worth: Mapping[str, float]) -> bool:
    """Whether any service does something about what counts."""
    return any(_counted(s.acts_on, worth) > 0 for s in scenario.prevention)


def _counted(acts_on: Mapping[str, float], worth: Mapping[str, float]) -> float:
    return sum(effect * worth.get(need, 0.0) for need, effect in acts_on.items())


def by_cost(scenario: Scenario) -> bool:
    """Whether the scenario as it stands weighs effects by what the care costs that they make unnecessary."""
    cost = {d.id: at(d.unit_cost, 1) for d in scenario.acute}
    pairs = [(s.outcome, _counted(s.acts_on, cost)) for s in scenario.prevention]
    return all(abs(a - b) <= 1e-6 * (1 + abs(b)) for a, b in pairs)


def weighed(scenario: Scenario, weights: Weights, whisper: float = 0.0) -> Scenario:
    """The scenario with the outcome counted by these weights; as it stands where they are those of now.

    whisper: the share of its usual weight at which what the set leaves out still counts. Raises ScenarioError where the
    weights name no responsive service of the scenario, or touch nothing that any service does.
    """
    if weights.whose is Whose.NOW:
        return scenario
    unknown = sorted(set(weights.worth) - {d.id for d in scenario.acute})
    if unknown or not _touches(scenario, weights.worth):
        got = ", ".join(unknown) or "nothing that a service acts on"
        raise ScenarioError("these weights cannot decide a plan", weights.name, got, "responsive services of the scenario")
    pure = {s.id: _counted(s.acts_on, weights.worth) for s in scenario.prevention}
    usual = max((s.outcome for s in scenario.prevention), default=0.0)
    each = whisper * max(pure.values()) / usual if usual > 0 else 0.0
    changed = tuple(replace(s, outcome=pure[s.id] + each * s.outcome) for s in scenario.prevention)
    return replace(scenario, prevention=changed)


def sensitivity(scenario: Scenario, sets: Sequence[Weights], told: Callable[[float], object] | None = None) -> Sensitivity:
    """The plan under every set of weights, of which the first is that of now; `told` hears how far the work is.

    Raises ScenarioError where nothing is optimised, where the plan is not for an outcome, or where there is no plan.
    """
    refuse_discussion(scenario)
    if scenario.objective.kind != "outcome":
        raise ScenarioError(
            "weights decide only where the plan is for an outcome", "objective", scenario.objective.kind, "outcome"
        )
    wide, plans = widened(scenario), list[Weighed]()
    session = HotSession(wide)
    for k, weights in enumerate([w for w in sets if w.whose is Whose.NOW] + [w for w in sets if w.whose is not Whose.NOW]):
        plans.append(_plan(session, wide, weights, plans[0] if plans else None))
        if told:
            told((k + 1) / len(sets))
    return Sensitivity(tuple(plans), tuple(_losses(wide, plans)))


def _plan(session: HotSession, wide: Scenario, weights: Weights, present: Weighed | None) -> Weighed:
    asked, pure = weighed(wide, weights, number("unweighted")), weighed(wide, weights)
    result = session.edit(asked)
    if result.status is not Status.OPTIMAL:
        raise ScenarioError("there is no plan to weigh", weights.name, result.status.value, "promises that can all hold")
    value, nothing = _value(pure, plan_of(pure, result)), _value(pure, as_today(pure))
    found = Weighed(weights, result, moves(wide, result), paths(wide, result), value, nothing, {})
    if present is None:
        return replace(found, regret=dict.fromkeys(_gaining(found), 0.0))
    if weights.whose is Whose.NEED:
        return found
    regret = {s: _regret(session, asked, pure, found, present, s) for s in _gaining(present)}
    return replace(found, regret=regret)


def _regret(session: HotSession, asked: Scenario, pure: Scenario, own: Weighed, present: Weighed, service: str) -> float:
    """The share of a set's gain that is lost when a move of the present plan is made all the same, year by year."""
    if own.moves.get(service) == 1:
        return 0.0
    kept = session.edit(with_floors(asked, {service: present.spend[service]}))
    if kept.status is not Status.OPTIMAL:
        return 1.0
    lost = own.value - _value(pure, plan_of(pure, kept))
    return max(0.0, lost / own.gain) if own.gain > _ROUNDING * (1 + abs(own.value)) else 0.0


def _value(scenario: Scenario, plan: FixedPlan) -> float:
    """What a plan brings as a scenario's outcome counts it."""
    return float(simulate(scenario, plan).outcome[0])


def _losses(wide: Scenario, plans: Sequence[Weighed]) -> list[Loss]:
    """What each agency's own purse loses under the plan of every other set that somebody could hold."""
    found = []
    for own in plans:
        if own.weights.whose is not Whose.PURSE:
            continue
        pure = weighed(wide, own.weights)
        for other in plans:
            if other.weights.whose is not Whose.NEED and other is not own:
                lost = max(0.0, own.value - _value(pure, plan_of(pure, other.result)))
                found.append(Loss(own.weights.of, other.weights, lost, lost / own.gain if own.gain > _ROUNDING else 0.0))
    return found
