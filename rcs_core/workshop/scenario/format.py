"""The scenario interchange file as frozen dataclasses: read, refused with every problem at once, and written back.

Money is in the scenario's own unit, need in the unit of `demand`; years are 1 to `horizon`. A key that this engine
does not know is refused by name, never ignored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from rcs_core.errors import ScenarioError
from rcs_core.vocab import InputState
from rcs_core.workshop.scenario.reading import (
    Desk,
    Yearly,
    an_id,
    choice,
    count,
    flag,
    listed,
    mapped,
    nullable,
    number,
    plain,
    record,
    take,
    text,
    yearly,
)

LONGEST = 10
"""The most years of a plan."""
_share = number(0, 1)
_amount = number(0)
_by_year = yearly(_amount)
_share_by_year = yearly(_share)


def at(value: Yearly, year: int) -> float:
    """The number that holds in a year (years start at 1)."""
    return value[year - 1] if isinstance(value, tuple) else value


class Segment(NamedTuple):
    """A stretch of a response: up to `width` of spend (None: no limit), each pound worth `slope` of effect."""

    width: float | None
    slope: float


def _segment(value: Any, where: str, desk: Desk) -> Segment:
    if not isinstance(value, list) or len(value) != 2:
        desk.note(where, "not a response segment", value, "[width or null, slope]")
        return Segment(None, 0.0)
    width = nullable(_amount)(value[0], f"{where}[0]", desk)
    return Segment(width, number(0)(value[1], f"{where}[1]", desk))


@dataclass(frozen=True, slots=True)
class Group:
    """A need group and its weight in the outcome."""

    id: Annotated[str, an_id]
    weight: Annotated[float, _amount] = 1.0


@dataclass(frozen=True, slots=True)
class Agency:
    """A payer: its budget a year (None: not modelled), what it loses to the centre, what it may carry forward."""

    id: Annotated[str, an_id]
    budget: Annotated[Yearly | None, nullable(_by_year)]
    leak: Annotated[Yearly, _share_by_year] = 0.0
    reserve_max: Annotated[Yearly, _by_year] = 0.0


@dataclass(frozen=True, slots=True)
class Prevention:
    """A preventative service: who pays, what a pound of reach does, when it acts, and how fast it may change."""

    id: Annotated[str, an_id]
    agencies: Annotated[Mapping[str, Mapping[str, float]], mapped(mapped(_amount))]
    segments: Annotated[Mapping[str, Mapping[str, tuple[Segment, ...]]], mapped(mapped(listed(_segment)))]
    lag: Annotated[int, count(0, 50)]
    retention: Annotated[float, number(0, below=1)]
    acts_on: Annotated[Mapping[str, float], mapped(_amount)]
    base_reach: Annotated[Mapping[str, Mapping[str, float]], mapped(mapped(_amount))] = field(default_factory=dict)
    outcome: Annotated[float, _amount] = 1.0
    q: Annotated[float, _share] = 1.0
    ramp_up: Annotated[Yearly | None, nullable(_by_year)] = None
    ramp_abs: Annotated[Yearly | None, nullable(_by_year)] = None
    ramp_down: Annotated[Yearly | None, nullable(_share_by_year)] = None
    capacity: Annotated[Yearly | None, nullable(_by_year)] = None
    floor: Annotated[Yearly | None, nullable(_by_year)] = None
    setup_cost: Annotated[Yearly, _by_year] = 0.0
    exit_cost: Annotated[Yearly, _by_year] = 0.0
    min_scale: Annotated[Yearly | None, nullable(_by_year)] = None

    def places(self) -> list[tuple[str, str]]:
        """The (agency, locality) pairs in which it is paid for."""
        return [(a, loc) for a, where in self.agencies.items() for loc in where]

    def reach(self) -> list[tuple[str, str]]:
        """The (group, locality) pairs that it can reach."""
        return [(g, loc) for g, where in self.segments.items() for loc in where]

    def base(self, group: str, locality: str) -> float:
        """Spend that reaches a group before the plan; its effect is already in the demand."""
        return self.base_reach.get(group, {}).get(locality, 0.0)


@dataclass(frozen=True, slots=True)
class Responsive:
    """A responsive (acute) service: its need, what a unit costs and to whom, and how its cost can fall."""

    id: Annotated[str, an_id]
    unit_cost: Annotated[Yearly, _by_year]
    payer: Annotated[Mapping[str, float], mapped(_share)]
    demand: Annotated[Mapping[str, Mapping[str, Yearly]], mapped(mapped(_by_year))]
    cashable: Annotated[Yearly, _share_by_year]
    decommission_max: Annotated[Yearly, _share_by_year]
    preventable: Annotated[Yearly, _share_by_year]
    penalty: Annotated[Yearly | None, nullable(_by_year)]
    cap0: Annotated[Mapping[str, float] | None, nullable(mapped(_amount))] = None
    cap_max: Annotated[Mapping[str, Yearly] | None, nullable(mapped(_by_year))] = None
    new_cost: Annotated[Yearly, _by_year] = 0.0
    decommission_cost: Annotated[Yearly, _by_year] = 0.0
    floor: Annotated[Yearly | None, nullable(_by_year)] = None

    def needs(self) -> list[tuple[str, str]]:
        """The (group, locality) pairs that need it; a pair left out of `demand` does not."""
        return [(g, loc) for loc, groups in self.demand.items() for g in groups]

    def need(self, group: str, locality: str, year: int) -> float:
        """Need in a year if nothing changes."""
        return at(self.demand[locality][group], year)

    def need_in(self, locality: str, year: int) -> float:
        """Need of all groups in a locality if nothing changes."""
        return sum(at(d, year) for d in self.demand[locality].values())

    def capacity_before(self, locality: str) -> float:
        """Capacity before the plan; year 1's need where the file does not say."""
        return (self.cap0 or {}).get(locality, self.need_in(locality, 1))


@dataclass(frozen=True, slots=True)
class Pool:
    """Money that agencies put together: who may pay in, who may draw for which services, and money from elsewhere."""

    id: Annotated[str, an_id]
    contrib_max: Annotated[Mapping[str, Yearly], mapped(_by_year)]
    draw: Annotated[Mapping[str, tuple[str, ...]], mapped(listed(an_id))]
    seed: Annotated[Yearly, _by_year] = 0.0


@dataclass(frozen=True, slots=True)
class Ringfence:
    """The least that an agency spends on some services."""

    id: Annotated[str, an_id]
    agency: Annotated[str, an_id]
    services: Annotated[tuple[str, ...], listed(an_id)]
    amount: Annotated[Yearly, _by_year]


@dataclass(frozen=True, slots=True)
class GroupShare:
    """Some groups get at least a share of all reach."""

    id: Annotated[str, an_id]
    kind: Annotated[str, choice("group_share")]
    groups: Annotated[tuple[str, ...], listed(an_id)]
    min: Annotated[Yearly, _share_by_year]


@dataclass(frozen=True, slots=True)
class LocalityBand:
    """Each locality's preventative spend is at least (1 - eps) of its share of need."""

    id: Annotated[str, an_id]
    kind: Annotated[str, choice("locality_band")]
    eps: Annotated[Yearly, _share_by_year]
    need_share: Annotated[Mapping[str, float], mapped(_share)]


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap between groups is not widened: the signed sum of effects is at most `max`."""

    id: Annotated[str, an_id]
    kind: Annotated[str, choice("gap")]
    per_child: Annotated[Mapping[str, float], mapped(number())]
    max: Annotated[Yearly, yearly(number())]


type Equity = GroupShare | LocalityBand | Gap
_KINDS: dict[str, type] = {"group_share": GroupShare, "locality_band": LocalityBand, "gap": Gap}


def _equity(value: Any, where: str, desk: Desk) -> Equity | None:
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        desk.note(f"{where}.kind", "not a kind of fairness rule", kind, f"one of: {', '.join(_KINDS)}")
        return None
    found: Equity | None = take(_KINDS[kind], value, where, desk)
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A service outside the shift: in every purse and total, never moved."""

    id: Annotated[str, an_id]
    agency: Annotated[str, an_id]
    amount: Annotated[Yearly, _by_year]


@dataclass(frozen=True, slots=True)
class Workforce:
    """Staff that a pound of each service needs, and how many there are."""

    id: Annotated[str, an_id]
    per_pound: Annotated[Mapping[str, float], mapped(_amount)]
    available: Annotated[Yearly, _by_year]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How well one number of the file is known, and who says so."""

    path: Annotated[str, an_id]
    state: Annotated[str, choice(*InputState)]
    low: Annotated[float | None, nullable(number())] = None
    high: Annotated[float | None, nullable(number())] = None
    owner: Annotated[str | None, nullable(text)] = None
    date: Annotated[str | None, nullable(text)] = None
    source: Annotated[str | None, nullable(text)] = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What the plan is for, how unmet need is treated, and the years after the plan whose outcome counts."""

    kind: Annotated[str, choice("outcome", "cost", "prevention_spend")]
    outcome_target: Annotated[float | None, nullable(number(0))] = None
    unmet: Annotated[str, choice("safety_first", "priced")] = "safety_first"
    terminal_credit_years: Annotated[int, count(0, 50)] = 0

    @property
    def priced(self) -> bool:
        """Whether unmet need has a price instead of coming first."""
        return self.unmet == "priced"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario: who, what, when, and the promises that hold."""

    horizon: Annotated[int, count(1, LONGEST)]
    discount_rate: Annotated[float, number(0, 1)]
    localities: Annotated[tuple[str, ...], listed(an_id)]
    groups: Annotated[tuple[Group, ...], listed(record(Group))]
    agencies: Annotated[tuple[Agency, ...], listed(record(Agency))]
    prevention: Annotated[tuple[Prevention, ...], listed(record(Prevention))]
    acute: Annotated[tuple[Responsive, ...], listed(record(Responsive))]
    objective: Annotated[Objective, record(Objective)]
    name: Annotated[str, text] = ""
    description: Annotated[str, text] = ""
    price_year: Annotated[str, text] = ""
    first_year: Annotated[str, text] = ""
    money_unit: Annotated[str, text] = ""
    pools: Annotated[tuple[Pool, ...], listed(record(Pool))] = ()
    ringfences: Annotated[tuple[Ringfence, ...], listed(record(Ringfence))] = ()
    share_target: Annotated[float | tuple[float | None, ...] | None, nullable(yearly(nullable(_share)))] = None
    share_penalty: Annotated[Yearly | None, nullable(_by_year)] = None
    equity: Annotated[tuple[Equity, ...], listed(_equity)] = ()
    held: Annotated[tuple[Held, ...], listed(record(Held))] = ()
    workforce: Annotated[tuple[Workforce, ...], listed(record(Workforce))] = ()
    cautious: Annotated[bool, flag] = False
    depth: Annotated[str, choice("discuss", "estimate", "evidence")] = "evidence"
    provenance: Annotated[tuple[Provenance, ...], listed(record(Provenance))] = ()

    @property
    def years(self) -> range:
        """The years of the plan: 1 to horizon."""
        return range(1, self.horizon + 1)

    @property
    def money(self) -> str:
        """The money unit as it is said."""
        return self.money_unit or "GBP thousand"

    def discount(self, year: int) -> float:
        """What an amount of a year counts for in the first."""
        return float((1 + self.discount_rate) ** -(year - 1))

    def share_of(self, year: int) -> float | None:
        """The preventative share asked of a year, if any."""
        return self.share_target[year - 1] if isinstance(self.share_target, tuple) else self.share_target

    def held_by(self, agency: str, year: int) -> float:
        """What an agency pays in a year for services outside the shift."""
        return sum(at(h.amount, year) for h in self.held if h.agency == agency)

    def to_dict(self) -> dict[str, Any]:
        """The interchange form; keys that stand at their default are left out."""
        content: dict[str, Any] = plain(self)
        return content


def parse_scenario(content: Any, source: str = "scenario") -> Scenario:
    """Read a scenario from plain content; raises ScenarioError with every problem of it."""
    from rcs_core.workshop.scenario.checks import check

    found = content.get("horizon") if isinstance(content, dict) else None
    desk = Desk(next((years for years in range(1, LONGEST + 1) if years == found and not isinstance(found, bool)), None))
    scenario = take(Scenario, content, "", desk)
    if scenario is not None:
        check(scenario, content, desk)
    desk.raise_all(source)
    read: Scenario = scenario
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [k for k, _ in pairs]
        twice = sorted({k for k in keys if keys.count(k) > 1})
        raise ScenarioError("a key stands twice in one object", "", ", ".join(twice), "each key once", "remove one of them")
    return found


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file (JSON); raises ScenarioError when it is unreadable or not a scenario."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise ScenarioError(
            "the file cannot be read", str(path), error.strerror or str(error), "a scenario file (JSON)"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ScenarioError("the file is not JSON", str(path), str(error).splitlines()[0], "a scenario file (JSON)") from error
    except ScenarioError as error:
        raise ScenarioError(error.what, str(path), error.got, error.expected, error.remedy) from error
    return parse_scenario(content, str(path))
