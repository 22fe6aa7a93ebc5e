"""The money, demand and evidence of a release, sorted into what a scenario can move, what it responds to, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.couple.levers import assumed
from rcs_core.workshop.evidence import number, text

_TABLES = ("services", "spend", "demand", "unit_costs", "effects")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a hundred children served keep from one responsive service, as the release has it."""

    acts_on: str
    likely: float
    low: float | None
    high: float | None
    lag: float | None
    retention: float | None
    state: InputState
    source: str


@dataclass(frozen=True, slots=True)
class Preventative:
    """A preventative service with evidence of effect: its pence by payer, whom it serves, and how free it is."""

    id: str
    pence: Mapping[str, int]
    children: float
    basis: str
    contract_end: str
    notice_months: float
    effects: tuple[Effect, ...]

    @property
    def thousand(self) -> float:
        """Today's spend in GBP thousand."""
        return sum(self.pence.values()) / 1e5


@dataclass(frozen=True, slots=True)
class Demanded:
    """A responsive service with counted demand: its pence by payer, today's need, unit cost and what of it cashes."""

    id: str
    pence: Mapping[str, int]
    need: float
    unit: str
    history: Mapping[str, float]
    unit_cost: float
    published_cost: float
    cost_source: str
    cashable: float | None
    cashable_state: InputState

    @property
    def thousand(self) -> float:
        """Today's spend in GBP thousand."""
        return sum(self.pence.values()) / 1e5

    @property
    def rest(self) -> float:
        """Spend in GBP thousand that does not follow demand: what unit cost times need leaves over."""
        return max(0.0, self.thousand - self.unit_cost * self.need)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a scenario is made of. `held` is pence by service and payer; `notes` say why a service is held."""

    names: Mapping[str, str]
    agencies: tuple[str, ...]
    preventative: tuple[Preventative, ...]
    demanded: tuple[Demanded, ...]
    held: Mapping[tuple[str, str], int]
    year: str
    price_year: str
    unmapped_pence: int
    notes: tuple[str, ...] = field(default=())


def read(release: Release) -> Inputs:
    """Sort a release's tables; raises ScenarioError when there is no money in it."""
    missing = [t for t in _TABLES[:2] if t not in release]
    if missing:
        raise ScenarioError(
            "the release holds no services and money",
            str(release.path),
            f"without {', '.join(missing)}",
            "a release with ledgers",
        )
    register = {str(r["service_id"]): r for r in _rows(release, "services")}
    pence = _pence(release)
    notes: list[str] = []
    names = {s: text(r.get("service_name")) or s for s, r in register.items()}
    demanded = _demanded(release, names, pence, notes)
    preventative = _preventative(release, register, names, pence, {d.id for d in demanded}, notes)
    moved = {d.id for d in demanded} | {s.id for s in preventative}
    held = {(s, a): v for s, by in pence.items() if s not in moved for a, v in by.items()}
    spend = release.frame("spend")
    paid: dict[str, int] = {}
    for by in pence.values():
        for agency, amount in by.items():
            paid[agency] = paid.get(agency, 0) + amount
    return Inputs(
        names=names,
        agencies=tuple(sorted(paid, key=lambda a: -paid[a])),
        preventative=tuple(preventative),
        demanded=tuple(demanded),
        held=held,
        year=release.manifest.year,
        price_year=", ".join(sorted({text(y) for y in spend["price_year"]})),
        unmapped_pence=_unmapped(release),
        notes=tuple(notes),
    )


def _rows(release: Release, table: str) -> list[dict[str, object]]:
    if table not in release:
        return []
    return [{str(k): v for k, v in row.items()} for row in release.frame(table).to_dict("records")]


def _pence(release: Release) -> dict[str, dict[str, int]]:
    """Whole pence by service and payer."""
    found: dict[str, dict[str, int]] = {}
    for row in _rows(release, "spend"):
        by = found.setdefault(str(row["service_id"]), {})
        by[str(row["agency"])] = by.get(str(row["agency"]), 0) + round((number(row["amount_gbp"]) or 0.0) * 100)
    return found


def _unmapped(release: Release) -> int:
    return sum(round((number(r.get("unmapped")) or 0.0) * 100) for r in _rows(release, "ledger_totals"))


def _named(names: Mapping[str, str], service: str) -> str:
    return f"{names[service]} ({service})" if service in names else service


def _demanded(
    release: Release, names: Mapping[str, str], pence: Mapping[str, Mapping[str, int]], notes: list[str]
) -> list[Demanded]:
    history: dict[str, dict[str, tuple[float, str]]] = {}
    for row in _rows(release, "demand"):
        count = number(row["children"])
        if count is not None:
            history.setdefault(str(row["service_id"]), {})[text(row["year"])] = (count, text(row["unit"]))
    costs = {str(r["service_id"]): r for r in _rows(release, "unit_costs")}
    found = []
    for service, by_year in sorted(history.items()):
        need, unit = by_year[max(by_year)]
        paid = {a: v for a, v in pence.get(service, {}).items() if v > 0}
        published = (number(costs.get(service, {}).get("unit_cost_gbp")) or 0.0) / 1000
        if not paid or need <= 0 or published <= 0:
            lacks = "mapped money" if not paid else "demand" if need <= 0 else "a unit cost"
            notes.append(f"{_named(names, service)} is held: its demand is counted, but {lacks} is missing.")
            continue
        found.append(_demand_of(service, paid, need, unit, {y: n for y, (n, _) in by_year.items()}, published, costs[service]))
    for service in sorted(s for s, about in costs.items() if s not in history and number(about["unit_cost_gbp"]) is None):
        notes.append(
            f"{_named(names, service)} is held: its price is confidential, so the release has neither its price nor its demand."
        )
    return found


def _demand_of(
    service: str,
    paid: dict[str, int],
    need: float,
    unit: str,
    history: dict[str, float],
    published: float,
    about: Mapping[str, object],
) -> Demanded:
    """One responsive service; its unit cost is never more than what was spent for each unit of need."""
    spent = sum(paid.values()) / 1e5
    cashable = number(about.get("cashable_pct"))
    state = _state(about.get("cashable_state")) if cashable is not None else InputState.MISSING
    return Demanded(
        service, paid, need, unit, history, min(published, spent / need), published, text(about.get("source")),
        None if cashable is None else cashable / 100, state,
    )  # fmt: skip


def _state(value: object) -> InputState:
    code = text(value)
    return InputState(code) if code in set(InputState) else InputState.MISSING


def _preventative(
    release: Release,
    register: Mapping[str, Mapping[str, object]],
    names: Mapping[str, str],
    pence: Mapping[str, Mapping[str, int]],
    demanded: set[str],
    notes: list[str],
) -> list[Preventative]:
    effects: dict[str, list[Effect]] = {}
    for row in _rows(release, "effects"):
        effects.setdefault(str(row["service_id"]), []).append(_effect(row))
    found = []
    for service, known in sorted(effects.items()):
        about, paid = register.get(service, {}), {a: v for a, v in pence.get(service, {}).items() if v > 0}
        children = number(about.get("children_served"))
        usable = [e for e in known if e.acts_on in demanded and e.likely > 0]
        if why := _why_held(service, known, demanded, paid, children, usable):
            notes.append(f"{_named(names, service)} is held: {why}.")
            continue
        found.append(
            Preventative(
                service,
                paid,
                children or 0.0,
                text(about.get("statutory_basis")),
                text(about.get("contract_end"))[:10],
                number(about.get("notice_months")) or 0.0,
                tuple(usable),
            )
        )
    return found


def _why_held(
    service: str,
    known: list[Effect],
    demanded: set[str],
    paid: Mapping[str, int],
    children: float | None,
    usable: list[Effect],
) -> str:
    """Why a service with evidence is held all the same, or nothing; what is missing is never taken for nothing."""
    if service in demanded:
        return "it is a responsive service with demand of its own"
    if not paid:
        return "no money is mapped to it"
    if not children:
        return "the children it serves are not known, so its effect is not tested"
    if usable:
        return ""
    if any(e.state is InputState.MISSING for e in known):
        return "its effect is missing, so it is not tested"
    if any(e.acts_on in demanded for e in known):
        return "the likely effect is none or harm, so this tool does not move it"
    return "what it acts on is not modelled, so its effect is not tested"


def _effect(row: Mapping[str, object]) -> Effect:
    likely = number(row["children_averted_per_100"])
    state = InputState.MISSING if likely is None else _state(row["state"])
    return Effect(
        str(row["acts_on"]), likely or 0.0, number(row["low"]), number(row["high"]), number(row["lag_years"]),
        number(row["retention"]), state, text(row["source"]),
    )  # fmt: skip


def lag_of(service: Preventative) -> int:
    """Years until the service acts: the longest of its effects, rounded up; the tool's assumption where none is given."""
    given = [e.lag for e in service.effects if e.lag is not None]
    return int(-(-max(given) // 1)) if given else int(assumed("lag"))


def retention_of(service: Preventative) -> float:
    """Share of effect kept a year later: the least of its effects, under one; the tool's assumption where none is given."""
    given = [e.retention for e in service.effects if e.retention is not None]
    return min(*given, _ALMOST_ALL) if given else assumed("retention")


_ALMOST_ALL = 0.99
"""An effect that never faded would add up without end over the years of a plan."""
