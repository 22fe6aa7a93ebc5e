"""What a room has changed in a scenario, in words: what, from, to, whose wish and why; and what no longer fits.

What comes in is a scenario without the changes and the edits in their order; what goes out are the edits that can be made,
each told, and those that cannot, each with the reason. Money is said in pounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.edits import Edit, edited, put, value_of
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.reading import plain
from rcs_core.workshop.scenario.wording import said, year_label

THOUSAND = 1000
NOTHING = "none"
_WHAT = {
    ("agencies", "budget"): "Budget of {name}",
    ("agencies", "reserve_max"): "What {name} may carry forward",
    ("prevention", "floor"): "Least spend on {name}",
    ("prevention", "capacity"): "Most spend on {name}",
    ("prevention", "ramp_up"): "Fastest growth of {name}",
    ("prevention", "ramp_abs"): "Growth of {name} beside the rate",
    ("prevention", "ramp_down"): "Fastest cut of {name}",
    ("acute", "floor"): "Least cost of {name}",
    ("acute", "cap_max"): "Most places of {name}",
    ("acute", "penalty"): "Need for {name} that may go unmet",
    ("acute", "unit_cost"): "Cost of a unit of {name}",
    ("acute", "cashable"): "Share of the cost of {name} that is cash",
    ("ringfences", "amount"): "Ring-fence {name}",
    ("equity", "min"): "Fairness rule {name}: the least share",
    ("equity", "eps"): "Fairness rule {name}: the leeway",
    ("equity", "max"): "Fairness rule {name}: the widest gap",
    ("pools", "seed"): "Money from elsewhere in {name}",
    ("workforce", "available"): "Limit of {name}",
}
_ALONE = {"share_target": "Preventative share asked for", "outcome_target": "Outcome asked for", "ringfences": "Promise added"}
_MONEY = {"budget", "reserve_max", "floor", "capacity", "ramp_abs", "amount", "seed", "unit_cost", "ringfences"}
_RATES = {"ramp_up", "ramp_down", "share_target", "min", "eps", "cashable"}


@dataclass(frozen=True, slots=True)
class Change:
    """One edit as it is told."""

    edit: Edit
    what: str
    before: str
    after: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Edits that can be made now, told one by one, and those that cannot, with why. places: of all edits, those made."""

    changes: tuple[Change, ...] = ()
    unused: tuple[tuple[Edit, str], ...] = ()
    made: tuple[Edit, ...] = field(default=())


def fitted(
    scenario: Scenario, edits: Sequence[Edit], names: Mapping[str, str], was: Mapping[str, object] | None = None
) -> Fitted:
    """Make the edits one after another, and leave out those that do not fit.

    was: what some of them changed from when they were made (by `key`); one whose number is another now is left out, since
    a repair of one scenario may be a cut in another.
    """
    content, made, unused = plain(scenario, whole=True), list[Change](), list[tuple[Edit, str]]()
    whole = _all_fit(scenario, edits)
    for edit in edits:
        now = value_of(content, edit.path)
        if was and key(edit) in was and was[key(edit)] != now:
            before = _shown(edit.path, was[key(edit)])
            unused.append((edit, f"it was made when this was {before}; it is {_shown(edit.path, now)} now"))
            continue
        try:
            if not whole:
                edited(scenario, [*(c.edit for c in made), edit])
            change = told(scenario, edit, names, now)
            put(content, edit, scenario.horizon)
        except ScenarioError as error:
            unused.append((edit, f"{error.what}{f' ({error.got})' if error.got else ''}"))
            continue
        made.append(change)
    return Fitted(tuple(made), tuple(unused), tuple(change.edit for change in made))


def _all_fit(scenario: Scenario, edits: Sequence[Edit]) -> bool:
    try:
        edited(scenario, edits)
    except ScenarioError:
        return False
    return True


def key(edit: Edit) -> str:
    """An edit as it is known to a memory of what it changed from."""
    return repr(edit)


def changed_from(scenario: Scenario, edits: Sequence[Edit]) -> dict[str, object]:
    """What each edit changes from, made in order on a scenario, by `key`."""
    content, found = plain(scenario, whole=True), dict[str, object]()
    for edit in edits:
        found[key(edit)] = value_of(content, edit.path)
        put(content, edit, scenario.horizon)
    return found


def told(scenario: Scenario, edit: Edit, names: Mapping[str, str], now: object) -> Change:
    """One edit in words. now: what stands there before it."""
    steps = [s.replace("~1", "/").replace("~0", "~") for s in edit.path.split("/")[1:]]
    what, before, after = _what(scenario, steps, names, edit), _shown(edit.path, now), _shown(edit.path, edit.value)
    if steps[-1].isdecimal() and (len(steps) > 3 or steps[0] == "share_target"):
        return Change(edit, what, before, after, year_label(scenario, int(steps[-1]) + 1))
    values = edit.value.get("amount") if isinstance(edit.value, dict) else edit.value
    if isinstance(values, list | tuple) and len(values) == scenario.horizon:
        return Change(edit, what, before, *_from_some_year(scenario, edit.path, list(values)))
    return Change(edit, what, before, after)


def _from_some_year(scenario: Scenario, path: str, values: list[Any]) -> tuple[str, str]:
    """A list by year that ends in one value: that value, and from when."""
    last = values[-1]
    first = next(k for k in range(len(values)) if all(v == last for v in values[k:]))
    return _shown(path, last), f"from {year_label(scenario, first + 1)}" if first else ""


def _what(scenario: Scenario, steps: Sequence[str], names: Mapping[str, str], edit: Edit) -> str:
    alone = next((words for part, words in _ALONE.items() if part in (steps[0], steps[-1])), "")
    if len(steps) < 3 or steps[-1] == "-":
        named = edit.value.get("id") if isinstance(edit.value, dict) else None
        return f"{alone or steps[0]}{f': {named}' if named else ''}"
    name = said(_id_of(scenario, steps), names)
    place = f" in {said(steps[3], names)}" if len(steps) > 4 and steps[2] == "cap_max" and len(scenario.localities) > 1 else ""
    return _WHAT.get((steps[0], steps[2]), f"{steps[2].replace('_', ' ')} of {{name}}").format(name=name) + place


def _id_of(scenario: Scenario, steps: Sequence[str]) -> str:
    if not steps[1].isdecimal():
        return steps[1]
    items = getattr(scenario, steps[0], ())
    return str(items[int(steps[1])].id) if int(steps[1]) < len(items) else steps[1]


def _shown(path: str, value: object) -> str:
    """A value as it is said: pounds, a per cent, or as it is; of a list its least and most."""
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        return _shown(path, value.get("amount"))
    if isinstance(value, list | tuple):
        numbers = [v for v in value if isinstance(v, int | float)]
        if not numbers:
            return NOTHING
        low, high = _shown(path, min(numbers)), _shown(path, max(numbers))
        return low if low == high else f"{low} to {high}, by year"
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    steps = set(path.split("/"))
    if "penalty" in steps:
        return "some may"
    if steps & _MONEY:
        return f"£{THOUSAND * value:,.0f}"
    return f"{100 * value:.1f}%" if steps & _RATES else f"{value:,.2f}".rstrip("0").rstrip(".")


def table(changes: Sequence[Change]) -> pd.DataFrame:
    """Changes as rows: what, year, from, to, whose wish."""
    rows = [(c.what, c.year, c.before, c.after, c.edit.owner) for c in changes if (c.before, c.edit.value) != (NOTHING, 0.0)]
    return pd.DataFrame(rows, columns=["What", "Year", "From", "To", "Whose"])
