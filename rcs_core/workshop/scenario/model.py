"""The scenario as a linear programme in PuLP: named rows, each with its family, its promise and a plain-English label.

The programme always minimises. `Model` holds the columns by what they mean; `rows` says of each row which promise it
belongs to. A row without a promise is book-keeping and is never named to a person. Rows are written down as numbers
once, and PuLP holds the same; `write` leaves PuLP until somebody asks, for an edit that needs the new numbers only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Literal, NamedTuple

import pulp

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.format import Prevention, Responsive, Scenario, at
from rcs_core.workshop.scenario.in_pulp import in_pulp
from rcs_core.workshop.scenario.parts import Part

type Key = tuple[str | int, ...]
type Side = Literal["<=", ">=", "=="]


class Column(int):
    """A variable of the programme: its place among the columns."""

    __slots__ = ()

    @property
    def id(self) -> int:
        """Its place among the columns, which is also its id in PuLP."""
        return int(self)


type Terms = list[tuple[Column, float]]


@dataclass(frozen=True, slots=True)
class Tilt:
    """How a row's coefficients change when the share that it promises falls by one."""

    terms: tuple[tuple[int, float], ...]


class RowAbout(NamedTuple):
    """What a row of the programme is: its family, what it is about, its label, and whether it is a promise.

    about: what the row is about, as its name says (service, group, agency, locality, year). ease: the sign with which
    one unit of leeway enters the row (0 for book-keeping).
    """

    family: str
    about: tuple[object, ...]
    label: str
    promised: bool = False
    ease: int = 0
    tilt: Tilt | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What the row is about, each as text."""
        return tuple(str(part) for part in self.about)

    @property
    def name(self) -> str:
        """The family with its parts in brackets."""
        return f"{self.family}[{','.join(self.parts)}]" if self.about else self.family

    @property
    def promise(self) -> str | None:
        """The id of the promise that the row is (part of), if any."""
        return self.name if self.promised else None


def promise_row(family: str, parts: tuple[object, ...], label: str, ease: int, tilt: Tilt | None = None) -> RowAbout:
    """A row that is (part of) a promise: its id is the family with its parts in brackets."""
    return RowAbout(family, parts, label, True, ease, tilt)


@dataclass(slots=True)
class Numbers:
    """The programme as it is written down: bounds by column, and row after row its columns, weights and bounds."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[Column] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)


@dataclass
class Model:
    """A programme: columns by meaning, rows with their labels, and expressions that stages minimise.

    keys: what each column is. parts: which part of the scenario made which rows and columns. before: the programme that
    parts are taken over from while this one is written.
    """

    scenario: Scenario
    rows: list[RowAbout] = field(default_factory=list)
    vars: dict[str, dict[Key, Column]] = field(default_factory=lambda: defaultdict(dict))
    numbers: Numbers = field(default_factory=Numbers)
    keys: list[tuple[str, Key]] = field(default_factory=list)
    parts: dict[tuple[str, ...], Part] = field(default_factory=dict)
    before: "Model | None" = None
    preventative: dict[str, Prevention] = field(init=False)
    responsive: dict[str, Responsive] = field(init=False)
    _places: dict[str, list[tuple[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.preventative = {s.id: s for s in self.scenario.prevention}
        self.responsive = {s.id: s for s in self.scenario.acute}
        self._places = {s.id: s.places() for s in self.scenario.prevention}

    @property
    def column(self) -> range:
        """The place of a variable by its id: the same."""
        return range(len(self.numbers.low))

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and rows there are so far."""
        return len(self.keys), len(self.rows)

    def new(self, family: str, key: Key, low: float | None = 0.0, high: float | None = None, whole: bool = False) -> Column:
        """Make one variable, named after its family and key."""
        numbers = self.numbers
        made = Column(len(numbers.low))
        numbers.low.append(-inf if low is None else low)
        numbers.high.append(1.0 if whole else inf if high is None else high)
        numbers.whole.append(whole)
        self.vars[family][key] = made
        self.keys.append((family, key))
        return made

    def row(self, about: RowAbout, terms: Sequence[tuple[Column, float]], side: Side, bound: float) -> None:
        """Add one row `terms side bound`."""
        numbers = self.numbers
        if terms:
            columns, weights = zip(*terms, strict=True)
            numbers.columns += columns
            numbers.weights += weights
        numbers.starts.append(len(numbers.columns))
        numbers.row_low.append(-inf if side == "<=" else bound)
        numbers.row_high.append(inf if side == ">=" else bound)
        self.rows.append(about)

    @cached_property
    def promises(self) -> dict[str, RowAbout]:
        """Each promise by its id."""
        return self._promises()

    def _promises(self) -> dict[str, RowAbout]:
        found: dict[str, RowAbout] = {}
        for about in self.rows:
            if about.promised and found.setdefault(about.name, about).parts != about.parts:
                got, expected = "ids with commas in them", "ids that tell them apart"
                raise ScenarioError("two promises would have one name", about.name, got, expected, "leave a comma out of an id")
        return found

    @cached_property
    def problem(self) -> pulp.LpProblem:
        """The programme in PuLP: named variables and rows, without an objective."""
        return in_pulp(self)

    def expression(self, terms: Terms) -> pulp.LpAffineExpression:
        """An expression over the columns as PuLP takes it."""
        variables = self.problem.variables()
        return pulp.LpAffineExpression.from_list([(variables[v], weight) for v, weight in terms])

    def held(self) -> "Model":
        """The same model, which PuLP now holds."""
        if len(self.problem.constraints()) != len(self.rows):
            raise ValueError("PuLP holds other rows than the model")
        return self

    def told_apart(self) -> "Model":
        """The same model; raises ScenarioError where two promises would have one name (only a comma in an id does that)."""
        ids = {part for about in self.rows if about.promised for part in about.about}
        if any("," in part for part in ids if isinstance(part, str)):
            self._promises()
        return self

    def in_year(self, family: str, year: int) -> list[tuple[Key, Column]]:
        """The columns of a family in one year, in the order in which they were made; the key names the year last."""
        return self._by_year(family).get(year, [])

    def _by_year(self, family: str) -> dict[int, list[tuple[Key, Column]]]:
        columns = self.vars.get(family, {})
        size, found = self._sorted.get(family, (-1, {}))
        if size != len(columns):
            found = defaultdict(list)
            for key, v in columns.items():
                found[int(key[-1])].append((key, v))
            self._sorted[family] = len(columns), found
        return found

    @cached_property
    def _sorted(self) -> dict[str, tuple[int, dict[int, list[tuple[Key, Column]]]]]:
        return {}

    def spend(self, service: str, year: int, agency: str | None = None, weight: float = 1.0) -> Terms:
        """Spend on a preventative service in a year, by one agency or by all."""
        x = self.vars["x"]
        return [(x[service, a, loc, year], weight) for a, loc in self._places[service] if agency is None or a == agency]

    def cost(self, service: str, year: int, weight: float = 1.0) -> Terms:
        """Cost of a responsive service in a year over all localities."""
        costs = self.vars["F"]
        return [(costs[service, loc, year], weight) for loc in self.responsive[service].demand]

    def paid(self, service: str, year: int, agency: str, weight: float = 1.0) -> Terms:
        """What one agency pays in a year for a service of either sort."""
        if service in self.responsive:
            return self.cost(service, year, weight * self.responsive[service].payer.get(agency, 0.0))
        return self.spend(service, year, agency, weight)


def build(scenario: Scenario) -> Model:
    """Build the whole programme of a scenario in PuLP (without an objective: the stages of `engine` set theirs)."""
    return write(scenario).held()


def write(scenario: Scenario, before: Model | None = None) -> Model:
    """The whole programme of a scenario as numbers; PuLP has it when `problem` is asked for.

    before: the programme of another scenario; what both make the same is taken over from it.
    """
    from rcs_core.workshop.scenario import rows_policy, rows_purse, rows_service

    model = Model(scenario, before=before)
    rows_service.prevention(model)
    rows_service.responsive(model)
    rows_purse.purses(model)
    rows_policy.promises(model)
    model.before = None
    return model.told_apart()


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
