"""Numbers of a scenario put in the place of others: as an edited scenario to be solved, or as draws to be carried out.

A change is the new values by their place in the file (JSON pointer); a value may be one number, or one a year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.inputs.assumed import Assumed
from rcs_core.workshop.scenario.checks import resolve
from rcs_core.workshop.scenario.draws import Draws, pointer
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.format import Responsive, Scenario, at
from rcs_core.workshop.scenario.reading import Yearly, plain

type Change = Mapping[str, Yearly]


@dataclass(frozen=True, slots=True)
class Trials:
    """The standing stress tests, the sets of them that are asked about together, and how finely things are tried."""

    tests: Mapping[str, Assumed]
    together: Mapping[str, Assumed]
    trials: Mapping[str, Assumed]


@cache
def standing() -> Trials:
    """The contract of the stress tests (data_contracts/stress_tests.yaml)."""
    path = CONTRACTS / "stress_tests.yaml"
    content = read_yaml(path)
    parts = {
        part: {name: fill(Assumed, entry, f"{path.name}, {name}") for name, entry in content[part].items()} for part in content
    }
    return fill(Trials, parts, path.name)


def trial(name: str) -> float:
    """How finely, or how far, something is tried."""
    return float(standing().trials[name].value)


def grounded(scenario: Scenario) -> Scenario:
    """The same scenario with the places that it starts from written down, so that other need does not move them."""
    return replace(scenario, acute=tuple(_with_places(d) for d in scenario.acute))


def _with_places(service: Responsive) -> Responsive:
    return replace(service, cap0={loc: service.capacity_before(loc) for loc in service.demand})


def changed(scenario: Scenario, change: Change) -> Scenario:
    """The scenario with the change made, held to every rule of the file."""
    return edited(scenario, [Edit(path, list(v) if isinstance(v, tuple) else v) for path, v in change.items()])


def together(changes: Sequence[Change]) -> Change:
    """Several changes as one; where two name one place, the later stands."""
    found: dict[str, Yearly] = {}
    for change in changes:
        found |= change
    return found


def draws_of(scenario: Scenario, changes: Sequence[Change], inputs: set[str]) -> Draws:
    """Changes as draws for the simulator, one draw each, in their order.

    inputs: what a fixed plan depends on (`simulate.inputs_of`); a change of anything else is left out and listed.
    """
    content: Any = plain(scenario, whole=True)
    paths = list(dict.fromkeys(path for change in changes for path in change))
    used = [path for path in paths if path in inputs]
    values = {}
    for path in used:
        start = _number(resolve(content, path))
        column = [change.get(path, start) for change in changes]
        yearly = any(isinstance(value, tuple) for value in column)
        rows = [np.broadcast_to(np.array(value, dtype=float), (scenario.horizon,)) for value in column] if yearly else column
        values[path] = np.array(rows, dtype=float)
    return Draws(len(changes), values, tuple(path for path in paths if path not in inputs))


def _number(value: Any) -> Yearly:
    return tuple(value) if isinstance(value, list) else float(value)


def times(value: Yearly, factor: float) -> Yearly:
    """A number, or one a year, times a factor."""
    return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor


def by_year(scenario: Scenario, value: Yearly) -> list[float]:
    """A number of the file year by year."""
    return [at(value, year) for year in scenario.years]


def slopes(scenario: Scenario, index: int, factor: float) -> Change:
    """The response of one preventative service times a factor."""
    service = scenario.prevention[index]
    return {
        pointer("prevention", index, "segments", group, locality, k, 1): segment.slope * factor
        for group, locality in service.reach()
        for k, segment in enumerate(service.segments[group][locality])
    }


def need(scenario: Scenario, index: int, factor: float) -> Change:
    """Need for one responsive service times a factor, and the limit of its places where it could hold the need before."""
    service, found = scenario.acute[index], dict[str, Yearly]()
    for group, locality in service.needs():
        found[pointer("acute", index, "demand", locality, group)] = times(service.demand[locality][group], factor)
    for locality, most in (service.cap_max or {}).items():
        if locality in service.demand:
            found[pointer("acute", index, "cap_max", locality)] = _room(scenario, service, locality, most, factor)
    return found


def _room(scenario: Scenario, service: Responsive, locality: str, most: Yearly, factor: float) -> Yearly:
    """The limit of places: today's, or the new need in a year in which it could hold the need before."""
    asked = [service.need_in(locality, year) for year in scenario.years]
    before = by_year(scenario, most)
    room = [max(limit, now * factor) if limit >= now else limit for limit, now in zip(before, asked, strict=True)]
    return tuple(room) if len(set(room)) > 1 or isinstance(most, tuple) else room[0]
