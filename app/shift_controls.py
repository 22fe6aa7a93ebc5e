"""Which control of *Try a shift* shows which lever, by the key that the session keeps it under."""

from collections.abc import Callable, Mapping
from typing import Any

from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth


def controls_of(levers: Levers, known: Mapping[str, str]) -> dict[str, Any]:
    """What each control shows for these levers; services that this release does not have are left out."""
    values: dict[str, Any] = {"shift_depth": levers.depth.label, "shift_preset": levers.preset.label}
    not_here = _DISCUSSED_NOT if levers.depth is Depth.DISCUSS else ("grow",)
    for name in _CONTROLS:
        if name not in not_here:
            key, value = control_of(name, levers)
            values[key] = [s for s in value if s in known] if isinstance(value, list) else value
    return values


_DISCUSSED_NOT = ("protect", "ramp_up_pct", "effect_scale", "allow_pool", "cashable_override_pct")
_CONTROLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "shift_pct": ("shift_points_{}", float),
    "grow": ("shift_grow", list),
    "protect": ("shift_protect", list),
    "budget_change_pct": ("shift_budget_{}", float),
    "bridging": ("shift_bridge_{}", bool),
    "allow_pool": ("shift_pool_{}", bool),
    "horizon": ("shift_years_{}", int),
    "ramp_up_pct": ("shift_ramp_{}", float),
    "effect_scale": ("shift_half_{}", lambda scale: scale == 0.5),
    "cashable_override_pct": ("shift_cash_{}", lambda share: share == 0),
    "course": ("shift_course_{}", lambda course: course.label),
}


def control_of(name: str, levers: Levers) -> tuple[str, Any]:
    """The key of a lever's control, which each preset has its own of, and what it shows for these levers."""
    key, shown = _CONTROLS[name]
    return key.format(levers.preset), shown(getattr(levers, name))
