"""The scenario as a linear programme in PuLP: named rows, each with its family, its promise and a plain-English label.

The programme always minimises. `Model` holds the variables by what they mean; `rows` says of each row, in the order
PuLP keeps them, which promise it belongs to. A row without a promise is book-keeping and is never named to a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import pulp

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at

type Terms = list[tuple[pulp.LpVariable, float]]
type Key = tuple[str | int, ...]
type Side = Literal["<=", ">=", "=="]


@dataclass(frozen=True, slots=True)
class Tilt:
    """How a row's coefficients change when the share that it promises falls by one."""

    terms: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class RowAbout:
    """What a row of the programme is: its family, the promise it belongs to (if any), and its label.

    parts: what the promise is about, as its id says (service, group, agency, locality, year). ease: the sign with
    which one unit of leeway enters the row (0 for book-keeping).
    """

    name: str
    family: str
    label: str
    promise: str | None = None
    ease: int = 0
    tilt: Tilt | None = None
    parts: tuple[str, ...] = ()


def promise_row(family: str, parts: tuple[object, ...], label: str, ease: int, tilt: Tilt | None = None) -> RowAbout:
    """A row that is (part of) a promise: its id is the family with its parts in brackets."""
    said = tuple(str(part) for part in parts)
    name = f"{family}[{','.join(said)}]" if said else family
    return RowAbout(name, family, label, name, ease, tilt, said)


@dataclass(slots=True)
class Model:
    """A built programme: variables by meaning, rows with their labels, and expressions that stages minimise."""

    scenario: Scenario
    problem: pulp.LpProblem
    rows: list[RowAbout] = field(default_factory=list)
    vars: dict[str, dict[Key, pulp.LpVariable]] = field(default_factory=lambda: defaultdict(dict))
    column: dict[int, int] = field(default_factory=dict)
    promises: dict[str, RowAbout] = field(default_factory=dict)
    preventative: dict[str, Prevention] = field(init=False)
    responsive: dict[str, Responsive] = field(init=False)

    def __post_init__(self) -> None:
        self.preventative = {s.id: s for s in self.scenario.prevention}
        self.responsive = {s.id: s for s in self.scenario.acute}

    def new(
        self, family: str, key: Key, low: float | None = 0.0, high: float | None = None, whole: bool = False
    ) -> pulp.LpVariable:
        """Make one variable, named after its family and key."""
        kind: Literal["Binary", "Continuous"] = "Binary" if whole else "Continuous"
        made = self.problem.add_variable(f"{family}[{','.join(str(k) for k in key)}]", low, high, kind)
        self.vars[family][key] = made
        self.column[made.id] = len(self.column)
        return made

    def row(self, about: RowAbout, terms: Iterable[tuple[pulp.LpVariable, float]], side: Side, bound: float) -> None:
        """Add one row `terms side bound`."""
        expression = pulp.LpAffineExpression.from_list(list(terms))
        made = expression <= bound if side == "<=" else expression >= bound if side == ">=" else expression == bound
        self.problem.addConstraint(made, about.name)
        self.rows.append(about)
        if about.promise is not None and self.promises.setdefault(about.promise, about).parts != about.parts:
            got, expected = "ids with commas in them", "ids that tell them apart"
            raise ScenarioError("two promises would have one name", about.promise, got, expected, "leave a comma out of an id")

    def spend(self, service: str, year: int, agency: str | None = None, weight: float = 1.0) -> Terms:
        """Spend on a preventative service in a year, by one agency or by all."""
        x, places = self.vars["x"], self.preventative[service].places()
        return [(x[service, a, loc, year], weight) for a, loc in places if agency in (None, a)]

    def cost(self, service: str, year: int, weight: float = 1.0) -> Terms:
        """Cost of a responsive service in a year over all localities."""
        return [(self.vars["F"][service, loc, year], weight) for loc in self.responsive[service].demand]

    def paid(self, service: str, year: int, agency: str, weight: float = 1.0) -> Terms:
        """What one agency pays in a year for a service of either sort."""
        if service in self.responsive:
            return self.cost(service, year, weight * self.responsive[service].payer.get(agency, 0.0))
        return self.spend(service, year, agency, weight)


def build(scenario: Scenario) -> Model:
    """Build the whole programme of a scenario (without an objective: the stages of `engine` set theirs)."""
    from rcs_core.workshop.scenario import rows_policy, rows_purse, rows_service

    model = Model(scenario, pulp.LpProblem("scenario", pulp.LpMinimize))
    rows_service.prevention(model)
    rows_service.responsive(model)
    rows_purse.purses(model)
    rows_policy.promises(model)
    return model


def spend_limit(scenario: Scenario, service_id: str, year: int) -> float:
    """A number that spend on a service can never pass in a year; raises ScenarioError when nothing limits it."""
    service = next(s for s in scenario.prevention if s.id == service_id)
    limits = []
    widths = [seg.width for by in service.segments.values() for segs in by.values() for seg in segs]
    if all(w is not None for w in widths):
        limits.append(sum(w for w in widths if w is not None))
    if service.capacity is not None:
        limits.append(at(service.capacity, year))
    payers = [a for a in scenario.agencies if a.id in service.agencies]
    if all(a.budget is not None for a in payers):
        own = sum(at(a.budget, year) + at(a.reserve_max, year - 1 or 1) for a in payers if a.budget is not None)
        pooled = sum(at(p.seed, year) + sum(at(c, year) for c in p.contrib_max.values()) for p in scenario.pools)
        limits.append(own + pooled)
    if not limits:
        raise ScenarioError(
            "nothing limits what may be spent, so an all-or-nothing rule cannot be built on it",
            f"prevention {service_id}",
            "min_scale, or a fairness rule of kind gap",
            "a capacity, a width for every segment, or a budget for every payer",
            "give the service a capacity",
        )
    return min(limits)
