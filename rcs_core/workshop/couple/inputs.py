"""The money, demand and evidence of a release, sorted into what a scenario can move, what it responds to, and what it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.vocab import InputState, PreventionLevel
from rcs_core.workshop.big_screen import ContractType
from rcs_core.workshop.couple.answers import Row, answered
from rcs_core.workshop.couple.levers import Depth, Levers
from rcs_core.workshop.couple.parts import SOURCED, Demanded, Effect, Inputs, Preventative, lag_of, retention_of
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.inputs.assumed import missing, rule
from rcs_core.workshop.inputs.release_dates import Terms
from rcs_core.workshop.response.averted import effect_rows

__all__ = ["Demanded", "Effect", "Inputs", "Preventative", "lag_of", "read", "retention_of"]

_TABLES = ("services", "spend", "demand", "unit_costs", "effects")
_SAME = 1e-6
"""Two unit costs this close, as a share, are one."""
_GUESSED = "only what was measured or published counts as evidence, and its {} is a guess"


@dataclass(frozen=True, slots=True)
class _Desk:
    """The tables of a release as they are sorted under some levers; `notes` gathers why a service is held."""

    register: Mapping[str, Row]
    names: Mapping[str, str]
    pence: Mapping[str, Mapping[str, int]]
    demand: list[Row]
    costs: Mapping[str, Row]
    effects: list[Row]
    depth: Depth
    notes: list[str] = field(default_factory=list)

    def hold(self, service: str, why: str) -> None:
        """Say why a service is held."""
        named = f"{self.names[service]} ({service})" if service in self.names else service
        self.notes.append(f"{named} is held: {why}.")

    def paid(self, service: str) -> dict[str, int]:
        """Who pays for a service, in pence."""
        return {a: v for a, v in self.pence.get(service, {}).items() if v > 0}


def read(release: Release, levers: Levers | None = None) -> Inputs:
    """Sort a release's tables as deep as the levers go; raises ScenarioError when there is no money in it."""
    lacks = [t for t in _TABLES[:2] if t not in release]
    if lacks:
        raise ScenarioError(
            "the release holds no services and money", str(release.path), f"without {', '.join(lacks)}", "a release with ledgers"
        )
    desk = _desk(release, levers or Levers())
    demanded = _demanded(desk)
    needed = {d.id for d in demanded}
    preventative = _discussed(desk, needed) if desk.depth is Depth.DISCUSS else _preventative(desk, needed)
    moved = needed | {s.id for s in preventative}
    paid: dict[str, int] = {}
    for by in desk.pence.values():
        for agency, amount in by.items():
            paid[agency] = paid.get(agency, 0) + amount
    return Inputs(
        names=desk.names,
        agencies=tuple(sorted(paid, key=lambda a: -paid[a])),
        preventative=tuple(preventative),
        demanded=tuple(demanded),
        held={(s, a): v for s, by in desk.pence.items() if s not in moved for a, v in by.items()},
        year=release.manifest.year,
        price_year=", ".join(sorted({text(y) for y in release.frame("spend")["price_year"]})),
        unmapped_pence=sum(round((number(r.get("unmapped")) or 0.0) * 100) for r in rows_of(release, "ledger_totals")),
        notes=tuple(desk.notes),
    )


def rows_of(release: Release, table: str) -> list[Row]:
    """The rows of a table; none where the release does not have it."""
    return release.rows(table) if table in release else []


def _desk(release: Release, levers: Levers) -> _Desk:
    register = {str(r["service_id"]): r for r in rows_of(release, "services")}
    costs = answered("unit_costs", rows_of(release, "unit_costs"), levers.answers)
    return _Desk(
        register,
        {s: text(r.get("service_name")) or s for s, r in register.items()},
        _pence(release),
        rows_of(release, "demand"),
        {str(r["service_id"]): r for r in costs},
        answered("effects", effect_rows(release), levers.answers),
        levers.depth,
    )


def _pence(release: Release) -> dict[str, dict[str, int]]:
    """Whole pence by service and payer."""
    found: dict[str, dict[str, int]] = {}
    for row in rows_of(release, "spend"):
        by = found.setdefault(str(row["service_id"]), {})
        by[str(row["agency"])] = by.get(str(row["agency"]), 0) + round((number(row["amount_gbp"]) or 0.0) * 100)
    return found


def _demanded(desk: _Desk) -> list[Demanded]:
    history: dict[str, dict[str, tuple[float, str]]] = {}
    for row in desk.demand:
        count = number(row["children"])
        if count is not None:
            history.setdefault(str(row["service_id"]), {})[text(row["year"])] = (count, text(row["unit"]))
    found = []
    for service, by_year in sorted(history.items()):
        need, paid = by_year[max(by_year)][0], desk.paid(service)
        published = (number(desk.costs.get(service, {}).get("unit_cost_gbp")) or 0.0) / 1000
        if not paid or need <= 0 or published <= 0:
            lacks = "mapped money" if not paid else "demand" if need <= 0 else "a unit cost"
            desk.hold(service, f"its demand is counted, but {lacks} is missing")
            continue
        one = _demand_of(desk, service, paid, by_year, published)
        if desk.depth is Depth.EVIDENCE and one.cost_state not in SOURCED:
            desk.hold(service, _GUESSED.format("unit cost"))
            continue
        found.append(one)
    for service in sorted(s for s, about in desk.costs.items() if s not in history and number(about["unit_cost_gbp"]) is None):
        desk.hold(service, "its price is confidential, so the release has neither its price nor its demand")
    return found


def _demand_of(
    desk: _Desk, service: str, paid: dict[str, int], by_year: Mapping[str, tuple[float, str]], published: float
) -> Demanded:
    """One responsive service; its unit cost is never more than what was spent for each unit of need."""
    about = desk.costs[service]
    need, unit = by_year[max(by_year)]
    spent = sum(paid.values()) / 1e5 / need
    cashable = number(about.get("cashable_pct"))
    known = _state(about.get("cashable_state")) if cashable is not None else InputState.MISSING
    if desk.depth is Depth.EVIDENCE and known not in SOURCED:
        cashable = None
    state, source = _cost_known(about, spent <= published * (1 + _SAME))
    low, high = (number(about.get(f"cashable_{end}")) for end in ("low", "high"))
    return Demanded(
        service, paid, need, unit, {y: n for y, (n, _) in by_year.items()}, min(published, spent), published, source, state,
        None if cashable is None else cashable / 100, InputState.MISSING if cashable is None else known,
        (0.0 if low is None else low / 100, 1.0 if high is None else high / 100), _places(desk.register.get(service, {}), need),
        text(about.get("cashable_source")),
    )  # fmt: skip


def _cost_known(about: Row, spent: bool) -> tuple[InputState, str]:
    """How well a unit cost is known; where it is what was spent for each unit of need, it is measured."""
    source = text(about.get("source"))
    if spent:
        return InputState.MEASURED, "spend over need"
    if text(about.get("cost_state")):
        return _state(about["cost_state"]), source
    assumption = not source or source.lower().startswith("assumption")
    return (InputState.PRODUCT_DEFAULT if assumption else InputState.PUBLISHED_ELSEWHERE), source


def _places(about: Mapping[str, object], need: float) -> float | None:
    """The most places: as counted where the funder runs it (today's need where that is more), no limit where it is bought."""
    if text(about.get("contract_type")) != ContractType.IN_HOUSE.value:
        return None
    counted = number(about.get("capacity"))
    return None if counted is None else max(counted, need)


def _state(value: object) -> InputState:
    code = text(value)
    return InputState(code) if code in set(InputState) else InputState.MISSING


def _discussed(desk: _Desk, needed: set[str]) -> list[Preventative]:
    """Where a shift is only discussed: every service that is mostly prevention by its split, whatever is known of effects."""
    levels = [f"pct_{level.value}" for level in PreventionLevel if level.preventative]
    found = []
    for service, about in sorted(desk.register.items()):
        share, paid = sum(number(about.get(level)) or 0.0 for level in levels), desk.paid(service)
        if service not in needed and paid and share >= rule("mostly"):
            children = number(about.get("children_served")) or 0.0
            found.append(Preventative(service, paid, children, Terms.of(about), (), min(1.0, share / 100)))
    return found


def _preventative(desk: _Desk, needed: set[str]) -> list[Preventative]:
    effects: dict[str, list[Effect]] = {}
    for row in desk.effects:
        effects.setdefault(str(row["service_id"]), []).append(_effect(row))
    found = []
    for service, known in sorted(effects.items()):
        about, paid = desk.register.get(service, {}), desk.paid(service)
        children = number(about.get("children_served"))
        sourced = [e for e in known if desk.depth is not Depth.EVIDENCE or e.state in SOURCED]
        usable = [e for e in sourced if e.acts_on in needed and e.likely > 0]
        if why := _why_held(service, known, sourced, needed, paid, children, usable):
            desk.hold(service, why)
            continue
        found.append(Preventative(service, paid, children or 0.0, Terms.of(about), tuple(usable)))
    return found


def _why_held(
    service: str,
    known: list[Effect],
    sourced: Iterable[Effect],
    needed: set[str],
    paid: Mapping[str, int],
    children: float | None,
    usable: list[Effect],
) -> str:
    """Why a service with evidence is held all the same, or nothing; what is missing is never taken for nothing."""
    if service in needed:
        return "it is a responsive service with demand of its own"
    if not paid:
        return "no money is mapped to it"
    if not children:
        return "the children it serves are not known, so its effect is not tested"
    if usable:
        return ""
    if any(e.state is InputState.MISSING for e in known):
        return "its effect is missing, so it is not tested"
    if not any(sourced):
        return f"{_GUESSED.format('effect')}, so it is not tested"
    if any(e.acts_on in needed for e in known):
        return "the likely effect is none or harm, so this tool does not move it"
    return "what it acts on is not modelled, so its effect is not tested"


def _effect(row: Mapping[str, object]) -> Effect:
    """One effect; what was found in another place ranges here from none to what was published."""
    likely, low, high = (number(row[c]) for c in ("children_averted_per_100", "low", "high"))
    state = InputState.MISSING if likely is None else _state(row["state"])
    if state is InputState.PUBLISHED_ELSEWHERE and likely is not None and likely > 0:
        reach = missing()["transferred"]
        low, high = min(low or 0.0, likely * float(reach.low or 0.0)), likely * float(reach.high or 1.0)
    return Effect(
        str(row["acts_on"]), likely or 0.0, low, high, number(row["lag_years"]), number(row["retention"]), state,
        text(row["source"]),
    )  # fmt: skip
