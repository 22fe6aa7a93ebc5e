"""Edits of a scenario: one number (or part) of the file put in the place of another, by whom and why.

An edit names its place as provenance does, by JSON pointer, in which a thing of a list may be named by its id
(`/prevention/S012/floor`), so that an edit finds its service wherever it stands. One year of a number that is the same
every year (`/agencies/nhs_board/budget/2`, years from nought as in the file) makes it a list by year. Edits are applied in
order to the plain content of the scenario, and the whole is read anew: an edited scenario is held to every rule of the file.
A `-` for a place in a list is its end: what is put there is added (`/ringfences/-`).
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.format import Scenario, parse_scenario
from rcs_core.workshop.scenario.reading import plain

type Json = float | str | bool | list[Json] | tuple[Json, ...] | dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: where, the new value, whose wish it is and why; both go with the scenario wherever it goes."""

    path: str
    value: Json
    owner: str = ""
    reason: str = ""


def edited(scenario: Scenario, edits: Iterable[Edit]) -> Scenario:
    """The scenario with the edits made in order; an optional key need not be there before.

    Raises ScenarioError where a place does not exist, or where the outcome is no scenario (with every problem at once).
    """
    found = list(edits)
    if not found:
        return scenario
    content = plain(scenario, whole=True)
    for edit in found:
        put(content, edit, scenario.horizon)
    return parse_scenario(content, "the edited scenario")


def place_of(scenario: Scenario, path: str) -> str:
    """The place of an edit as a plain JSON pointer, ids turned into the places where they stand now.

    Raises ScenarioError where the way to it is not there.
    """
    place: Any = plain(scenario, whole=True)
    found = []
    for step in _steps(path):
        here = _index(place, step)
        found.append(str(here))
        place = place[here] if _has(place, here) else None
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in found)


def value_of(content: Any, path: str) -> Any:
    """What stands at the place of an edit in a scenario's content; None where nothing does, or it is not there.

    For one year of a number that is the same every year, that number.
    """
    place = content
    for step in _steps(path):
        here = _index(place, step)
        if isinstance(place, int | float) and isinstance(here, int):
            return place
        if not _has(place, here):
            return None
        place = place[here]
    return place


def put(content: Any, edit: Edit, horizon: int) -> None:
    """Make one edit in a scenario's plain content (whole). Raises ScenarioError where its place does not exist."""
    steps = _steps(edit.path)
    if not steps:
        raise _nowhere(edit.path, edit.path)
    place: Any = content
    above: tuple[Any, str | int] = (content, "")
    for step in steps[:-1]:
        here = _index(place, step)
        if not _has(place, here):
            raise _nowhere(edit.path, step)
        above, place = (place, here), place[here]
    if steps[-1] == "-" and isinstance(place, list):
        place.append(deepcopy(edit.value))
        return
    last = _index(place, steps[-1])
    if isinstance(place, int | float) and not isinstance(place, bool) and isinstance(last, int) and last < horizon:
        place = above[0][above[1]] = [place] * horizon
    if not isinstance(place, dict) and not _has(place, last):
        raise _nowhere(edit.path, steps[-1])
    place[last] = list(edit.value) if isinstance(edit.value, tuple) else edit.value


def _steps(path: str) -> list[str]:
    return [s.replace("~1", "/").replace("~0", "~") for s in path.split("/")[1:]]


def _index(place: Any, step: str) -> str | int:
    """A step as what it looks up: a key, a place in a list, or the place of the only thing in it with that id."""
    if isinstance(place, dict):
        return step
    if step.isdecimal():
        return int(step)
    named = (
        [k for k, one in enumerate(place) if isinstance(one, dict) and one.get("id") == step] if isinstance(place, list) else []
    )
    return named[0] if len(named) == 1 else step


def _has(place: Any, step: str | int) -> bool:
    if isinstance(place, dict):
        return step in place
    return isinstance(place, list) and isinstance(step, int) and step < len(place)


def _nowhere(path: str, step: str) -> ScenarioError:
    return ScenarioError(
        "an edit of what is not in the scenario", path, step, "a place in the scenario file, as provenance names it",
        "look at the scenario file for the name of the place",
    )  # fmt: skip
