"""What each key of a scenario file is called in the field's words, and the unit of its number."""

from collections.abc import Sequence

SECTIONS = {
    "agencies": "Agencies",
    "prevention": "Preventative services",
    "acute": "Responsive services",
    "held": "Held services",
    "pools": "Pooled budgets",
    "ringfences": "Ring-fences",
    "groups": "Need groups",
    "equity": "Fairness rules",
    "share_target": "Targets",
    "objective": "Objective",
    "horizon": "Settings",
    "discount_rate": "Settings",
    "terminal_credit_years": "Settings",
    "depth": "Settings",
    "cautious": "Settings",
    "share_penalty": "Targets",
    "workforce": "Shared limits",
}
"""The parts of a scenario as the *Inputs* sheet names them."""

_MONEY, _SHARE, _NEED, _YEARS = "{money} a year", "share (0 to 1)", "{yearly}", "years"
_PER_POUND = "{money} for each {money} moved"
KEYS: dict[str, tuple[str, str]] = {
    "budget": ("budget", _MONEY),
    "leak": ("released capacity lost to the centre", _SHARE),
    "reserve_max": ("most that may be carried forward", "{money}"),
    "agencies": ("spend before the shift", _MONEY),
    "base_reach": ("spend that reaches the group before the shift", _MONEY),
    "lag": ("years before it acts on demand", _YEARS),
    "retention": ("effect kept from one year to the next", _SHARE),
    "acts_on": ("acts on the demand for", "{need} for each unit of effect"),
    "outcome": ("weight in the outcome", "weight"),
    "q": ("share that counts as preventative", _SHARE),
    "ramp_up": ("fastest growth", "share of the year before"),
    "ramp_down": ("fastest reduction", "share of the year before"),
    "ramp_abs": ("growth allowed on top", _MONEY),
    "capacity": ("most that can be spent", _MONEY),
    "floor": ("least spend", _MONEY),
    "setup_cost": ("set-up cost of growth", _PER_POUND),
    "exit_cost": ("exit cost of reduction", _PER_POUND),
    "min_scale": ("least workable scale, if any", _MONEY),
    "unit_cost": ("unit cost", "{money} for each {one}"),
    "payer": ("share of the cost paid by", _SHARE),
    "demand": ("need if nothing changes", _NEED),
    "cashable": ("share of the cost released at once", _SHARE),
    "decommission_max": ("most capacity that can close in a year", _SHARE),
    "preventable": ("share of the need that could be prevented", _SHARE),
    "penalty": ("weight of one unit of unmet need", "weight"),
    "cap0": ("capacity at the start", "{need}"),
    "cap_max": ("most capacity", "{need}"),
    "new_cost": ("cost of opening capacity", "{money} for each {one}"),
    "decommission_cost": ("cost of closing capacity", "{money} for each {one}"),
    "amount": ("amount", _MONEY),
    "contrib_max": ("most that may be paid in", _MONEY),
    "draw": ("may be drawn for", ""),
    "seed": ("money in the pool from elsewhere", _MONEY),
    "services": ("service", ""),
    "agency": ("agency", ""),
    "weight": ("weight in the outcome", "weight"),
    "share_target": ("least preventative share of spend", _SHARE),
    "share_penalty": ("price of missing the share target", "weight"),
    "discount_rate": ("discount rate", "share a year"),
    "horizon": ("years in the plan", _YEARS),
    "terminal_credit_years": ("years after the plan whose outcomes count", _YEARS),
    "kind": ("kind", ""),
    "unmet": ("how unmet need is treated", ""),
    "outcome_target": ("least outcome", "outcome units"),
    "min": ("least share of reach", _SHARE),
    "eps": ("how far below its share of need an area may fall", _SHARE),
    "need_share": ("share of need", _SHARE),
    "per_child": ("effect for each child", "effect units"),
    "max": ("most", "effect units"),
    "depth": ("depth of the answer", ""),
    "available": ("the limit that they share", "units a year"),
    "per_pound": ("counts towards a shared limit", "units for each {money}"),
}
"""The key of the file: what it is called, and its unit."""

DEFAULTS: dict[str, dict[str, float]] = {
    "groups": {"weight": 1.0},
    "agencies": {"leak": 0.0, "reserve_max": 0.0},
    "prevention": {"outcome": 1.0, "q": 1.0, "setup_cost": 0.0, "exit_cost": 0.0},
    "acute": {"new_cost": 0.0, "decommission_cost": 0.0},
}
"""What the engine takes where the file gives no number (the scenario file format)."""

_A_YEAR = " a year"
_ONE = {"children": "child", "cases": "case", "units": "unit"}

BLANKS = {
    ("agencies", "budget"): "not modelled",
    ("prevention", "segments"): "no limit",
    ("acute", "penalty"): "unmet need not allowed",
}
"""What an empty value means, where it means something."""


def words_of(section: str, key: str, rest: Sequence[str | int]) -> str:
    """What an input is called; the two numbers of a response segment have a name each."""
    if key == "segments":
        return "width of the response segment" if _is_width(rest) else "effect of each unit of money in the segment"
    found = KEYS.get(key) or KEYS.get(section)
    return found[0] if found else key.replace("_", " ")


def unit_of(section: str, key: str, rest: Sequence[str | int], money: str, need: str) -> str:
    """The unit of an input's number, in the scenario's own units of money and need."""
    if key == "segments":
        return f"{money} a year" if _is_width(rest) else f"effect for each {money}"
    found = KEYS.get(key) or KEYS.get(section)
    yearly = f"{need.removesuffix(_A_YEAR)}{_A_YEAR}"
    one = " ".join(_ONE.get(word, word) for word in need.split())
    return found[1].format(money=money, need=need, yearly=yearly, one=one) if found else ""


def _is_width(rest: Sequence[str | int]) -> bool:
    return bool(rest) and rest[-1] == 0
