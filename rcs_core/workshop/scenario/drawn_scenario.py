"""A scenario with other numbers in it, draw after draw: each number is put in its place without reading the file anew.

What comes in is a scenario and draws of its inputs; what goes out is the scenario of each draw. The ends of every range are
read once as a file would be, so that no draw between them can be what a file may not hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass, replace
from typing import Any

import numpy as np

from rcs_core.workshop.scenario.cautious import EFFECT
from rcs_core.workshop.scenario.draws import Draws, pointer
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.format import Scenario, Segment

type Value = float | tuple[float, ...]
type _Tree = dict[str, "Value | _Tree"]


def at_draw(draws: Draws, draw: int) -> dict[str, Value]:
    """What every drawn input is in one draw, by its place in the file."""
    return {
        path: float(drawn[draw]) if drawn.ndim == 1 else tuple(float(v) for v in drawn[draw])
        for path, drawn in draws.values.items()
    }


def with_values(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """The scenario with some of its numbers other: by JSON pointer. No rule of the file is looked at again."""
    found: Scenario = _put(scenario, _tree(values.items()))
    return found


def _tree(values: Iterable[tuple[str, Value]]) -> _Tree:
    root: _Tree = {}
    for path, value in values:
        *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
        place = root
        for step in steps:
            inner = place.setdefault(step, {})
            assert isinstance(inner, dict)
            place = inner
        place[last] = value
    return root


def _put(old: Any, new: Any) -> Any:
    """A part of a scenario with what is new in it; a whole number stays one, and a segment stays a segment."""
    if not isinstance(new, dict):
        return round(new) if isinstance(old, int) and not isinstance(old, bool) else new
    if is_dataclass(old) and not isinstance(old, type):
        return replace(old, **{name: _put(getattr(old, name), inner) for name, inner in new.items()})
    if isinstance(old, Mapping):
        return {**old, **{key: _put(old[key], inner) for key, inner in new.items()}}
    items = list(old)
    for place, inner in new.items():
        items[int(place)] = _put(items[int(place)], inner)
    return Segment(*items) if isinstance(old, Segment) else tuple(items)


def usable(scenario: Scenario, draws: Draws) -> Draws:
    """The same draws as a plan may be worked out from: harm is drawn as none, and no later response is over an earlier one.

    Raises ScenarioError where a range goes beyond what a file may hold: its lowest and highest draws are read as a file is.
    """
    values = {path: np.maximum(drawn, 0.0) if EFFECT.fullmatch(path) else drawn for path, drawn in draws.values.items()}
    for index, service in enumerate(scenario.prevention):
        for group, locality in service.reach():
            most = np.full(draws.n, np.inf)
            for k, segment in enumerate(service.segments[group][locality]):
                path = pointer("prevention", index, "segments", group, locality, k, 1)
                most = np.minimum(most, values.get(path, segment.slope))
                if path in values or (most < segment.slope).any():
                    values[path] = most
    for end in (np.min, np.max):
        edited(scenario, [Edit(path, end(drawn, axis=0).tolist()) for path, drawn in values.items()])
    return Draws(draws.n, values, draws.left_out)
