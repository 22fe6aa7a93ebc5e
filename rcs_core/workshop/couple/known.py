"""How well each number of a starting scenario is known: its state, range, source and date, by its place in the file."""

from typing import Any

from rcs_core.vocab import InputState
from rcs_core.workshop.couple.levers import Course, Depth, Levers
from rcs_core.workshop.couple.parts import Demanded, Inputs, Preventative
from rcs_core.workshop.inputs.assumed import assumed, defaults, missing

PLACE, GROUP = "whole_area", "all_children"
OUTCOME_WEIGHT = "assumption of this tool: unlike effects are added by what the care that they make unnecessary costs"
NOT_USED = "no effect is used where a shift is discussed: whether the money comes back is not known"


def provenance(inputs: Inputs, levers: Levers, content: dict[str, Any]) -> list[dict[str, Any]]:
    """What is known of every coefficient of a scenario's content."""
    rows: list[dict[str, Any]] = []
    for i, (service, made) in enumerate(zip(inputs.preventative, content["prevention"], strict=True)):
        rows += [_known(f"/prevention/{i}/agencies", InputState.MEASURED, None, None, f"ledgers of {inputs.year}")]
        rows += _discussed(i) if levers.depth is Depth.DISCUSS else _prevention(i, service, made, levers.effect_scale)
    for i, d in enumerate(inputs.demanded):
        rows += _acute(f"/acute/{i}", d, levers, content["acute"][i], inputs.year)
    return rows + _rest(content)


def weakest(states: list[InputState]) -> InputState:
    """The state that a sum of inputs has: the least known of them."""
    order = list(InputState)
    return max(states, key=order.index)


def _known(path: str, state: InputState, low: float | None, high: float | None, source: str, dated: str = "") -> dict[str, Any]:
    found = {"path": path, "state": state.value, "source": source} | ({"date": dated} if dated else {})
    bounds = {} if low is None or high is None or low > high else {"low": low, "high": high}
    return found | bounds


def _product(path: str, name: str, scale: float = 1.0) -> dict[str, Any]:
    one = defaults()[name]
    low, high = (None if v is None else v * scale for v in (one.low, one.high))
    return _known(path, InputState.PRODUCT_DEFAULT, low, high, one.source, one.date)


def _discussed(i: int) -> list[dict[str, Any]]:
    path = f"/prevention/{i}/segments/{GROUP}/{PLACE}/0/1"
    return [_known(path, InputState.MISSING, None, None, NOT_USED)]


def _prevention(i: int, s: Preventative, made: dict[str, Any], scale: float) -> list[dict[str, Any]]:
    at, each = f"/prevention/{i}", scale * s.children / 100 / s.thousand
    low = sum(e.likely if e.low is None else e.low for e in s.effects) * each
    high = sum(e.likely if e.high is None else e.high for e in s.effects) * each
    state, source = weakest([e.state for e in s.effects]), "; ".join(dict.fromkeys(e.source for e in s.effects))
    path = f"{at}/segments/{GROUP}/{PLACE}"
    shrink = assumed("diminishing")
    rows = [_known(f"{path}/0/1", state, low, high, source)]
    if len(made["segments"][GROUP][PLACE]) > 1:  # a repaired response may have one segment
        further = _known(f"{path}/1/1", InputState.PRODUCT_DEFAULT, low * shrink, high * shrink, defaults()["diminishing"].source)
        rows += [further, _product(f"{path}/1/0", "expansion_max", s.thousand)]
    for key in ("lag", "retention"):
        given = any(getattr(e, key) is not None for e in s.effects)
        rows.append(_known(f"{at}/{key}", state, None, None, source) if given else _product(f"{at}/{key}", key))
    rows.append(_product(f"{at}/ramp_up", "ramp_up"))
    rows.append(_known(f"{at}/outcome", InputState.PRODUCT_DEFAULT, None, None, OUTCOME_WEIGHT))
    return rows + ([_product(f"{at}/ramp_down", "ramp_down")] if "ramp_down" in made else [])


def _acute(at: str, d: Demanded, levers: Levers, made: dict[str, Any], year: str) -> list[dict[str, Any]]:
    cost = f"spend over need, {year}" if d.cost_state is InputState.MEASURED else d.cost_source
    overridden = levers.cashable_override_pct is not None
    cash = InputState.GROUP_ESTIMATE if overridden else d.cashable_state
    said = "a lever of this scenario" if overridden else d.cashable_source or "the release, with its range from nothing to all"
    low, high = (0.0, 1.0) if overridden else d.cashable_range
    rows = [
        _known(f"{at}/unit_cost", d.cost_state, None, None, cost),
        _known(f"{at}/cashable", cash, low, high, said),
        _demand(at, d, levers.course),
    ]
    if "cap_max" in made:
        rows.append(
            _known(f"{at}/cap_max", InputState.MEASURED, None, None, "the register's places, or today's need where it is more")
        )
    return rows + [_product(f"{at}/{key}", key) for key in ("preventable", "decommission_max")]


def _demand(at: str, d: Demanded, course: Course) -> dict[str, Any]:
    said = f"demand history, {max(d.history)}"
    if course is Course.FLAT:
        return _known(f"{at}/demand", InputState.MEASURED, None, None, f"{said}, taken as flat: tried with a tenth less and more")
    if course is Course.TREND:
        return _known(f"{at}/demand", InputState.MEASURED, None, None, f"{said}, carried on as its trend")
    return _known(f"{at}/demand", InputState.PRODUCT_DEFAULT, None, None, missing()["demand"].source, missing()["demand"].date)


def _rest(content: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [
        _product("/discount_rate", "discount_rate"),
        _product("/objective/terminal_credit_years", "terminal_credit_years"),
        _known("/agencies", InputState.MEASURED, None, None, "mapped spend of the release"),
    ]
    if content.get("held"):
        rows.append(_known("/held", InputState.MEASURED, None, None, "mapped spend of the release"))
    return rows
