"""From a release to the starting scenario of the whole map: everything is in a purse, little of it moves.

One locality and one group. Purses add up to the mapped money to the pound; what has no evidence or no demand is held.
Money is in GBP thousand.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.couple.inputs import Demanded, Effect, Inputs, Preventative, lag_of, read, retention_of
from rcs_core.workshop.couple.levers import Levers, assumed, defaults
from rcs_core.workshop.scenario.format import Scenario, parse_scenario

PLACE, GROUP = "whole_area", "all_children"
REST = ":rest"
"""What follows the id of a responsive service where part of its spend does not follow demand."""
PACE = "pace_of_shift"
OUTCOME_WEIGHT = "assumption of this tool: unlike effects are added by what the care that they make unnecessary costs"
_STATUTORY = ("demand_led", "level_discretionary")


def starting_scenario(release: Release, levers: Levers) -> Scenario:
    """The scenario of the whole map under some levers.

    Raises ScenarioError when the release holds no money, nothing that can move, or not the services to protect.
    """
    inputs = read(release)
    if not inputs.preventative or not inputs.demanded:
        lacks = "responsive service with demand" if not inputs.demanded else "preventative service with evidence of effect"
        raise ScenarioError(
            f"nothing can move: the release has no {lacks}", str(release.path), " ".join(inputs.notes),
            "evidence of effect, demand and unit costs", "add them to the input folder and build the release again",
        )  # fmt: skip
    unknown = sorted(set(levers.protect) - set(inputs.names))
    if unknown:
        raise ScenarioError("no such service to protect", "levers", ", ".join(unknown), "a service of the release")
    return parse_scenario(_content(inputs, levers, release), "the starting scenario")


def names_of(release: Release) -> dict[str, str]:
    """What ids of a starting scenario are called: services, the parts of them that are held, place and group."""
    inputs = read(release)
    rest = {f"{d.id}{REST}": f"{inputs.names[d.id]} (what does not follow demand)" for d in inputs.demanded}
    extra = {PLACE: "the whole area", GROUP: "all children", "bridging": "bridging money", "joint": "the joint pool"}
    extra |= {PACE: "the pace of the shift"}
    return {**inputs.names, **rest, **extra}


def modelled(inputs: Inputs) -> float:
    """Spend in GBP thousand that the scenario can move or that responds: what shift_pct is a share of."""
    return sum(s.thousand for s in inputs.preventative) + sum(d.thousand - d.rest for d in inputs.demanded)


def _content(inputs: Inputs, levers: Levers, release: Release) -> dict[str, Any]:
    years = range(1, levers.horizon + 1)
    price = {d.id: d.unit_cost for d in inputs.demanded}
    prevention = [_prevention(s, levers, inputs.year, price) for s in inputs.preventative]
    acute = [_acute(d, levers) for d in inputs.demanded]
    content: dict[str, Any] = {
        "name": f"{release.manifest.partnership}: {levers.preset.label}",
        "description": _description(inputs, levers),
        "price_year": inputs.price_year,
        "first_year": next_year(inputs.year),
        "money_unit": "GBP thousand",
        "horizon": levers.horizon,
        "discount_rate": assumed("discount_rate"),
        "localities": [PLACE],
        "groups": [{"id": GROUP}],
        "agencies": [_purse(inputs, agency, levers) for agency in inputs.agencies],
        "prevention": prevention,
        "acute": acute,
        "held": _held(inputs, levers),
        "objective": {"kind": "outcome", "terminal_credit_years": int(assumed("terminal_credit_years"))},
        "depth": "discuss",
    }
    start, total = sum(s.thousand for s in inputs.preventative), modelled(inputs)
    moved = [levers.shift_pct / 100 * total * t / levers.horizon for t in years]
    pace = {"id": PACE, "per_pound": {s.id: 1.0 for s in inputs.preventative}, "available": [start + m for m in moved]}
    content["workforce"] = [] if levers.still else [pace]
    content["pools"] = _pool(inputs, levers, moved)
    content["provenance"] = [*_known_prevention(inputs, prevention), *_known_acute(inputs, levers), *_known_rest(content)]
    return {key: value for key, value in content.items() if value != []}


def next_year(label: str) -> str:
    """The financial year after one: 2025-26 gives 2026-27."""
    start = label[:4]
    return f"{int(start) + 1}-{(int(start) + 2) % 100:02d}" if start.isdecimal() else ""


def _description(inputs: Inputs, levers: Levers) -> str:
    unmapped = f"GBP {inputs.unmapped_pence / 100:,.2f} of the ledgers is not mapped and is no part of this scenario."
    return " ".join([f"{levers.text()}.", f"Baseline: mapped spend of {inputs.year}.", unmapped, *inputs.notes])


def _drift(levers: Levers) -> list[float]:
    """The first year has the mapped money; the change starts from there."""
    return [(1 + levers.budget_change_pct / 100) ** t for t in range(levers.horizon)]


def _purse(inputs: Inputs, agency: str, levers: Levers) -> dict[str, Any]:
    pence = sum(v for (_, a), v in inputs.held.items() if a == agency)
    pence += sum(s.pence.get(agency, 0) for s in inputs.preventative)
    pence += sum(d.pence.get(agency, 0) for d in inputs.demanded)
    return {"id": agency, "budget": [pence / 1e5 * d for d in _drift(levers)]}


def _held(inputs: Inputs, levers: Levers) -> list[dict[str, Any]]:
    """Held services take the same change as the purses: a falling budget is felt alike by what is not modelled."""
    amounts = {key: pence / 1e5 for key, pence in inputs.held.items() if pence}
    for d in inputs.demanded:
        if d.rest > 1e-9 * d.thousand:
            amounts |= {(f"{d.id}{REST}", a): d.rest * v / sum(d.pence.values()) for a, v in d.pence.items()}
    flat = levers.budget_change_pct == 0
    rows = [(s, a, v if flat else [v * d for d in _drift(levers)]) for (s, a), v in sorted(amounts.items())]
    return [{"id": s, "agency": a, "amount": v} for s, a, v in rows]


def slope_of(service: Preventative, effects: tuple[Effect, ...] | None = None) -> float:
    """Children kept from responsive services a year for each GBP thousand at today's reach."""
    averted = sum(e.likely for e in (service.effects if effects is None else effects))
    return averted / 100 * service.children / service.thousand


def _prevention(service: Preventative, levers: Levers, base_year: str, price: Mapping[str, float]) -> dict[str, Any]:
    """One service; its outcome weighs unlike effects by what the care that they make unnecessary costs."""
    spent, slope = service.thousand, slope_of(service) * levers.effect_scale
    whole = sum(e.likely for e in service.effects)
    acts_on: dict[str, float] = {}
    for effect in service.effects:
        acts_on[effect.acts_on] = acts_on.get(effect.acts_on, 0.0) + effect.likely / whole
    segments = [[spent, slope], [spent * assumed("expansion_max"), slope * assumed("diminishing")]]
    made = {
        "id": service.id,
        "agencies": {a: {PLACE: v / 1e5} for a, v in service.pence.items()},
        "segments": {GROUP: {PLACE: segments}},
        "base_reach": {GROUP: {PLACE: spent}},
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
    """No cut where there is a duty, where the basis is missing, where it is protected, or before the contract lets go."""
    if service.basis != "discretionary" or service.id in levers.protect:
        return service.thousand
    bound = [service.thousand if t < first_free(service, base_year) else 0.0 for t in range(1, levers.horizon + 1)]
    return None if not any(bound) else service.thousand if all(bound) else bound


def first_free(service: Preventative, base_year: str) -> int:
    """The first year of the plan that starts after the contract and its notice are over (year 1 where neither binds)."""
    start = base_year[:4]
    if not start.isdecimal() or (not service.contract_end and not service.notice_months):
        return 1
    opens = date(int(start) + 1, 4, 1)
    ends = date.fromisoformat(service.contract_end) if service.contract_end else opens
    months = (ends.year - opens.year) * 12 + ends.month - opens.month + (1 if ends.day > 1 else 0)
    months = max(months, int(service.notice_months), 0)
    return 1 + -(-months // 12)


def _acute(d: Demanded, levers: Levers) -> dict[str, Any]:
    cashable = d.cashable or 0.0
    if levers.cashable_override_pct is not None:
        cashable = levers.cashable_override_pct / 100
    total = sum(d.pence.values())
    made = {
        "id": d.id,
        "unit_cost": d.unit_cost,
        "payer": {a: v / total for a, v in d.pence.items()},
        "demand": {PLACE: {GROUP: d.need}},
        "cashable": cashable,
        "decommission_max": assumed("decommission_max") if cashable > 0 else 0.0,
        "preventable": assumed("preventable"),
        "penalty": None,
    }
    return made | ({"floor": d.unit_cost * d.need} if d.id in levers.protect else {})


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


def _known(path: str, state: InputState, low: float | None, high: float | None, source: str, dated: str = "") -> dict[str, Any]:
    found = {"path": path, "state": state.value, "source": source} | ({"date": dated} if dated else {})
    bounds = {} if low is None or high is None or low > high else {"low": low, "high": high}
    return found | bounds


def _product(path: str, name: str, scale: float = 1.0) -> dict[str, Any]:
    one = defaults()[name]
    low, high = (None if v is None else v * scale for v in (one.low, one.high))
    return _known(path, InputState.PRODUCT_DEFAULT, low, high, one.source, one.date)


def weakest(states: list[InputState]) -> InputState:
    """The state that a sum of inputs has: the least known of them."""
    order = list(InputState)
    return max(states, key=order.index)


def _known_prevention(inputs: Inputs, content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for i, (s, made) in enumerate(zip(inputs.preventative, content, strict=True)):
        at, each = f"/prevention/{i}", s.children / 100 / s.thousand
        low = sum(e.likely if e.low is None else e.low for e in s.effects) * each
        high = sum(e.likely if e.high is None else e.high for e in s.effects) * each
        state, source = weakest([e.state for e in s.effects]), "; ".join(dict.fromkeys(e.source for e in s.effects))
        path = f"{at}/segments/{GROUP}/{PLACE}"
        rows.append(_known(f"{path}/0/1", state, low, high, source))
        shrink = assumed("diminishing")
        rows.append(
            _known(f"{path}/1/1", InputState.PRODUCT_DEFAULT, low * shrink, high * shrink, defaults()["diminishing"].source)
        )
        rows.append(_product(f"{path}/1/0", "expansion_max", s.thousand))
        rows.append(_known(f"{at}/agencies", InputState.MEASURED, None, None, f"ledgers of {inputs.year}"))
        for key in ("lag", "retention"):
            given = any(getattr(e, key) is not None for e in s.effects)
            rows.append(_known(f"{at}/{key}", state, None, None, source) if given else _product(f"{at}/{key}", key))
        rows.append(_product(f"{at}/ramp_up", "ramp_up"))
        rows.append(_known(f"{at}/outcome", InputState.PRODUCT_DEFAULT, None, None, OUTCOME_WEIGHT))
        if "ramp_down" in made:
            rows.append(_product(f"{at}/ramp_down", "ramp_down"))
    return rows


def _known_acute(inputs: Inputs, levers: Levers) -> list[dict[str, Any]]:
    rows = []
    for i, d in enumerate(inputs.demanded):
        at = f"/acute/{i}"
        assumption = d.cost_source.lower().startswith("assumption")
        state = InputState.PRODUCT_DEFAULT if assumption else InputState.PUBLISHED_ELSEWHERE
        if d.unit_cost < d.published_cost * (1 - 1e-6):
            rows.append(_known(f"{at}/unit_cost", InputState.MEASURED, None, None, f"spend over need, {inputs.year}"))
        else:
            rows.append(_known(f"{at}/unit_cost", state, None, None, d.cost_source))
        overridden = levers.cashable_override_pct is not None
        cash = InputState.GROUP_ESTIMATE if overridden else d.cashable_state
        said = "a lever of this scenario" if overridden else "the release, with its range from nothing to all"
        rows.append(_known(f"{at}/cashable", cash, 0.0, 1.0, said))
        rows.append(_known(f"{at}/demand", InputState.MEASURED, None, None, f"demand history, flat at {max(d.history)}"))
        rows += [_product(f"{at}/{key}", key) for key in ("preventable", "decommission_max")]
    return rows


def _known_rest(content: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [
        _product("/discount_rate", "discount_rate"),
        _product("/objective/terminal_credit_years", "terminal_credit_years"),
        _known("/agencies", InputState.MEASURED, None, None, "mapped spend of the release"),
    ]
    if content["held"]:
        rows.append(_known("/held", InputState.MEASURED, None, None, "mapped spend of the release"))
    return rows
