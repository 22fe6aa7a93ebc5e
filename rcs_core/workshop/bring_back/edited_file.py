"""The scenario file with the values of a workbook put in, and what the scenario engine says of it, told by cell."""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from rcs_core.workshop.bring_back.errors import Breach
from rcs_core.workshop.bring_back.inputs_table import Given
from rcs_core.workshop.bring_back.values import Plain
from rcs_core.workshop.scenario.checks import check
from rcs_core.workshop.scenario.format import LONGEST, Scenario
from rcs_core.workshop.scenario.reading import Desk, Problem, take

_END = re.compile(r"(?=[.\[]|$)")


def put_in(content: Mapping[str, Any], given: Iterable[Given]) -> dict[str, Any]:
    """The scenario file with every changed value in its place; what is unchanged stays exactly as it was."""
    found: dict[str, Any] = deepcopy(dict(content))
    for one in given:
        if one.changed:
            put(found, one.place.pointer, one.value)
    return found


def put(content: Any, pointer: str, value: Plain) -> None:
    """Put one value at a place; a key that the file leaves out is added."""
    *steps, last = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    for step in steps:
        content = content[int(step)] if isinstance(content, list) else content.setdefault(step, {})
    if isinstance(content, list):
        content[int(last)] = value
    else:
        content[last] = value


def read_again(content: Mapping[str, Any], given: Sequence[Given]) -> tuple[Scenario | None, list[Breach]]:
    """The scenario of a file, or everything that is wrong with it, each with the cells that it is about."""
    years = content.get("horizon")
    desk = Desk(int(years) if isinstance(years, int | float) and years in range(1, LONGEST + 1) else None)
    scenario: Scenario | None = take(Scenario, content, "", desk)
    if scenario is not None:
        check(scenario, content, desk)
    by_place = {_as_told(one.place.pointer): one for one in given}
    return (None if desk.problems else scenario), [_breach(problem, by_place) for problem in desk.problems]


def _as_told(pointer: str) -> str:
    """A place as the engine names it: acute[0].unit_cost for /acute/0/unit_cost."""
    steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    return "".join(f"[{s}]" if s.isdecimal() and k else f".{s}" if k else s for k, s in enumerate(steps))


def _breach(problem: Problem, by_place: Mapping[str, Given]) -> Breach:
    cells = _cells(problem.where, by_place)
    changed = [one for one in cells if one.changed]
    told = changed or cells[:1]
    if not told:
        return Breach(problem.what, problem.where, problem.got, problem.expected, "put back what was changed last")
    where = ", ".join(one.place.cell for one in told)
    remedy = "type a value that fits" if len(told) == 1 else "type values that fit together"
    was = f" (it was {_said(told[0])})" if len(told) == 1 else ""
    return Breach(problem.what, f"{where} ({told[0].place.words})", problem.got, problem.expected, f"{remedy}{was}")


def _said(one: Given) -> str:
    return str(one.place.shown if one.place.shown is not None else one.place.was)


def _cells(where: str, by_place: Mapping[str, Given]) -> list[Given]:
    """The inputs that a problem is about: the one at its place, those below it, or that which holds it."""
    if where in by_place:
        return [by_place[where]]
    below = [one for place, one in by_place.items() if place.startswith(where) and _END.match(place, len(where))]
    if below:
        return below
    above = [place for place in by_place if where.startswith(place) and _END.match(where, len(place))]
    return [by_place[max(above, key=len)]] if above else []
