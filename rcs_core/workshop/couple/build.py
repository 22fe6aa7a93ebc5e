"""From a release to the starting scenario of the whole map: everything is in a purse, little of it moves.

One locality and one group. Purses add up to the mapped money to the penny; what has no evidence or no demand is held.
Money is in GBP thousand.
"""

from collections.abc import Mapping
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.known import GROUP, PLACE, provenance
from rcs_core.workshop.couple.levers import Course, Depth, Levers
from rcs_core.workshop.couple.parts import Demanded, Effect, Inputs, Preventative, lag_of, retention_of
from rcs_core.workshop.couple.purses import NEW, eased, held_of, known_purses, read_purses, ring_names, ringfences, said
from rcs_core.workshop.couple.room import said_by_the_room
from rcs_core.workshop.couple.stated import stated
from rcs_core.workshop.demand import DemandUnit, History, Method, forecast
from rcs_core.workshop.inputs.assumed import assumed, missing
from rcs_core.workshop.inputs.release_dates import kept
from rcs_core.workshop.response.repair import Repaired, repaired
from rcs_core.workshop.scenario.edits import edited
from rcs_core.workshop.scenario.format import Scenario, parse_scenario

REST = ":rest"
"""What follows the id of a responsive service where part of its spend does not follow demand."""
PACE = "pace_of_shift"


def starting_scenario(release: Release, levers: Levers) -> Scenario:
    """The scenario of the whole map under some levers.

    Raises ScenarioError when the release holds no money, nothing that can move, or not the services to protect.
    """
    return scenario_of(read(release, levers), levers, release)


def scenario_of(inputs: Inputs, levers: Levers, release: Release) -> Scenario:
    """The scenario of inputs that were read under these levers."""
    discussed = levers.depth is Depth.DISCUSS
    if not inputs.preventative or not (inputs.demanded or discussed):
        lacks = "preventative service with evidence of effect" if inputs.demanded else "responsive service with demand"
        lacks = "service that is mostly prevention" if discussed else lacks
        raise ScenarioError(
            f"nothing can move: the release has no {lacks}", str(release.path), " ".join(inputs.notes),
            "evidence of effect, demand and unit costs", "add them to the input folder and build the release again",
        )  # fmt: skip
    unknown = sorted({*levers.protect, *levers.grow} - set(inputs.names))
    if unknown:
        raise ScenarioError("no such service to protect or to grow", "levers", ", ".join(unknown), "a service of the release")
    start = parse_scenario(_content(inputs, levers, release), "the starting scenario")
    return said_by_the_room(edited(start, levers.edits), levers.edits) if levers.edits else start


def names_of(release: Release) -> dict[str, str]:
    """What ids of a starting scenario are called: services, the parts of them that are held, funds, place and group."""
    return names_in(read(release))


def names_in(inputs: Inputs) -> dict[str, str]:
    """What ids of the scenario of these inputs are called."""
    rest = {f"{d.id}{REST}": f"{inputs.names[d.id]} (what does not follow demand)" for d in inputs.demanded}
    extra = {PLACE: "the whole area", GROUP: "all children", "bridging": "bridging money", "joint": "the joint pool"}
    extra |= {PACE: "the pace of the shift"}
    new = {f"{sid}{NEW}": f"{name} (new money)" for sid, name in inputs.names.items()}
    return {**ring_names(), **new, **inputs.names, **rest, **extra}


def modelled(inputs: Inputs) -> float:
    """Spend in GBP thousand that the scenario can move or that responds: what shift_pct is a share of."""
    return sum(s.thousand for s in inputs.preventative) + sum(d.thousand - d.rest for d in inputs.demanded)


def _content(inputs: Inputs, levers: Levers, release: Release) -> dict[str, Any]:
    discussed = levers.depth is Depth.DISCUSS
    start, total = sum(s.thousand for s in inputs.preventative), modelled(inputs)
    moved = [levers.shift_pct / 100 * total * t / levers.horizon for t in range(1, levers.horizon + 1)]
    price = {d.id: d.unit_cost for d in inputs.demanded}
    purses = read_purses(inputs, levers, release, next_year(inputs.year))
    content: dict[str, Any] = {
        "name": f"{release.manifest.partnership}: {levers.preset.label}",
        "description": f"{_description(inputs, levers)} {said(release, next_year(inputs.year), levers.horizon)}",
        "price_year": inputs.price_year,
        "first_year": next_year(inputs.year),
        "money_unit": "GBP thousand",
        "horizon": levers.horizon,
        "discount_rate": assumed("discount_rate"),
        "localities": [PLACE],
        "groups": [{"id": GROUP}],
        "agencies": [{"id": agency, "budget": purses.purse(agency)} for agency in inputs.agencies],
        "prevention": stated(inputs, levers, moved)
        if discussed
        else [_prevention(s, levers, inputs.year, price) for s in inputs.preventative],
        "acute": [_acute(d, levers) for d in inputs.demanded],
        "held": held_of(purses, inputs, REST),
        "ringfences": ringfences(purses),
        "objective": {"kind": "outcome", "terminal_credit_years": int(assumed("terminal_credit_years"))},
        "depth": levers.depth.value,
    }
    content["prevention"] = [eased(purses, made) for made in content["prevention"]]
    if discussed:
        content["objective"] = {"kind": "prevention_spend"}
    elif not levers.still:
        pace = {"id": PACE, "per_pound": {s.id: 1.0 for s in inputs.preventative}, "available": [start + m for m in moved]}
        content["workforce"] = [pace]
    content["pools"] = _pool(inputs, levers, moved)
    content["provenance"] = [*provenance(inputs, levers, content), *known_purses(purses, inputs.agencies)]
    return {key: value for key, value in content.items() if value != []} | {"acute": content["acute"]}


def next_year(label: str) -> str:
    """The financial year after one: 2025-26 gives 2026-27."""
    start = label[:4]
    return f"{int(start) + 1}-{(int(start) + 2) % 100:02d}" if start.isdecimal() else ""


def _description(inputs: Inputs, levers: Levers) -> str:
    unmapped = f"GBP {inputs.unmapped_pence / 100:,.2f} of the ledgers is not mapped and is no part of this scenario."
    bent = [] if levers.depth is Depth.DISCUSS else [m for s in inputs.preventative for m in response_of(s, levers).messages]
    return " ".join([f"{levers.text()}.", f"Baseline: mapped spend of {inputs.year}.", unmapped, *inputs.notes, *bent])


def slope_of(service: Preventative, effects: tuple[Effect, ...] | None = None) -> float:
    """Children kept from responsive services a year for each GBP thousand at today's reach."""
    averted = sum(e.likely for e in (service.effects if effects is None else effects))
    return averted / 100 * service.children / service.thousand


def response_of(service: Preventative, levers: Levers) -> Repaired:
    """What each further pound does, today's spend first; what no plan could use is repaired, and the repair is said."""
    spent, slope = service.thousand, slope_of(service) * levers.effect_scale
    return repaired(service.id, [(spent, slope), (spent * assumed("expansion_max"), slope * assumed("diminishing"))])


def _prevention(service: Preventative, levers: Levers, base_year: str, price: Mapping[str, float]) -> dict[str, Any]:
    """One service; its outcome weighs unlike effects by what the care that they make unnecessary costs."""
    whole = sum(e.likely for e in service.effects)
    acts_on: dict[str, float] = {}
    for effect in service.effects:
        acts_on[effect.acts_on] = acts_on.get(effect.acts_on, 0.0) + effect.likely / whole
    segments = [list(pair) for pair in response_of(service, levers).segments]
    made = {
        "id": service.id,
        "agencies": {a: {PLACE: v / 1e5} for a, v in service.pence.items()},
        "segments": {GROUP: {PLACE: segments}},
        "base_reach": {GROUP: {PLACE: service.thousand}},
        "lag": lag_of(service),
        "retention": retention_of(service),
        "acts_on": acts_on,
        "outcome": sum(share * price[d] for d, share in acts_on.items()),
        "ramp_up": 0.0 if levers.still else levers.ramp_up_pct / 100,
    }
    floor = _floor(service, levers, base_year)
    if not isinstance(floor, float):  # a floor at today's spend in every year says more than a ramp does
        made["ramp_down"] = 0.0 if levers.still else assumed("ramp_down")
    return made | ({"floor": floor} if floor is not None else {})


def _floor(service: Preventative, levers: Levers, base_year: str) -> float | list[float] | None:
    """No cut where there is a duty, where the basis is missing, where it is protected, or before its money is free."""
    shares = [1.0] if service.id in levers.protect else kept(service.terms, base_year, levers.horizon)
    if all(share == 1 for share in shares):
        return service.thousand
    return [service.thousand * share for share in shares] if any(shares) else None


def _acute(d: Demanded, levers: Levers) -> dict[str, Any]:
    cashable = d.cashable or 0.0
    if levers.cashable_override_pct is not None:
        cashable = levers.cashable_override_pct / 100
    total = sum(d.pence.values())
    made = {
        "id": d.id,
        "unit_cost": d.unit_cost,
        "payer": {a: v / total for a, v in d.pence.items()},
        "demand": {PLACE: {GROUP: need_of(d, levers)}},
        "cashable": cashable,
        "decommission_max": assumed("decommission_max") if cashable > 0 else 0.0,
        "preventable": assumed("preventable"),
        "penalty": None,
    }
    if levers.course is not Course.FLAT:
        made["cap0"] = {PLACE: d.need}
    if d.places is not None:
        need = need_of(d, levers)
        made["cap_max"] = {PLACE: max(d.places, *(need if isinstance(need, list) else [need]))}
    return made | ({"floor": d.unit_cost * d.need} if d.id in levers.protect else {})


def need_of(d: Demanded, levers: Levers) -> float | list[float]:
    """Need in each year if nothing changes: flat, a tenth less or more, or its trend where the history is long enough."""
    other = missing()["demand"]
    if levers.course is Course.TREND and has_trend(d):
        history = History(d.id, DemandUnit(d.unit), tuple(sorted(d.history)), tuple(d.history[y] for y in sorted(d.history)))
        return [max(0.0, v) for v in forecast(history, levers.horizon, Method.TREND).likely]
    scale = {Course.LESS: other.low, Course.MORE: other.high}.get(levers.course, 0.0)
    return d.need * (1 + float(scale or 0.0))


def has_trend(d: Demanded) -> bool:
    """Whether there are years enough for a trend to be tried too."""
    return len(d.history) >= int(missing()["history"].value) and min(d.history.values()) > 0


def _pool(inputs: Inputs, levers: Levers, moved: list[float]) -> list[dict[str, Any]]:
    """Bridging money for double running, and (with a joint pool) what agencies no longer need, for prevention."""
    seed = moved if levers.bridging else [0.0] * levers.horizon
    if not levers.allow_pool and not any(seed):
        return []
    draw = {a: [s.id for s in inputs.preventative if a in s.pence] for a in inputs.agencies}
    paid: dict[str, float] = {}
    for d in inputs.demanded if levers.allow_pool else ():
        for a, v in d.pence.items():
            paid[a] = paid.get(a, 0.0) + assumed("contribution_max") * v / 1e5
    name = "joint" if levers.allow_pool else "bridging"
    return [{"id": name, "contrib_max": paid, "draw": {a: s for a, s in draw.items() if s}, "seed": seed}]
