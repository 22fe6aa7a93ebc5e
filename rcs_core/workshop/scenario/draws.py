"""Many draws of a scenario's inputs: by JSON pointer, the values that a number of the file takes in each draw.

What comes in is a scenario and draws (or ranges that its provenance states); what goes out are arrays of draws by years,
in which an input that is not drawn stands once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.reading import Yearly

type Array = npt.NDArray[np.float64]

_TOGETHER = (
    re.compile(r"(/prevention/\d+)/(?:segments/[^/]+/[^/]+/\d+/1|acts_on/[^/]+)"),
    re.compile(r"(/acute/\d+/demand)/.+"),
    re.compile(r"(.+)/\d+"),
)
"""Numbers that are high or low together: the effects of a service, the demand for a service, the years of one input."""
_ALIKE = " together"


@dataclass(frozen=True, slots=True)
class Draws:
    """How many draws, and the values of each input that is drawn.

    values: JSON pointer into the scenario to an array of `n` values, or of `n` by years. An input that is not named keeps
    the number of the file. left_out: ranges of the file that a fixed plan does not depend on.
    """

    n: int = 1
    values: Mapping[str, Array] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def pointer(*steps: str | int) -> str:
    """A JSON pointer from its steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class Inputs:
    """The numbers of a scenario by draw: every one that is asked for, drawn or not."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.scenario, self.draws, self.asked = scenario, draws, set[str]()
        for path, values in draws.values.items():
            if values.shape not in ((draws.n,), (draws.n, scenario.horizon)) or not np.isfinite(values).all():
                expected = f"{draws.n} finite values, or {draws.n} by {scenario.horizon}"
                raise ScenarioError("draws of an unfit shape", path, str(values.shape), expected, "draw once for each draw")

    def number(self, value: float, *steps: str | int) -> Array:
        """One number: draws by one."""
        path = pointer(*steps)
        self.asked.add(path)
        drawn = self.draws.values.get(path)
        if drawn is None:
            return np.array([[value]])
        if drawn.ndim != 1:
            raise ScenarioError("draws by year of an input that has no years", path, str(drawn.shape), f"{self.draws.n} values")
        return drawn[:, None]

    def yearly(self, value: Yearly, *steps: str | int) -> Array:
        """A number that may vary by year: draws by years."""
        years, path = self.scenario.horizon, pointer(*steps)
        self.asked.add(path)
        drawn = self.draws.values.get(path)
        if drawn is not None:
            return drawn if drawn.ndim == 2 else np.repeat(drawn[:, None], years, axis=1)
        if not isinstance(value, tuple):
            return np.full((1, years), value)
        columns = [self.number(one, *steps, index) for index, one in enumerate(value)]
        return np.concatenate(np.broadcast_arrays(*columns), axis=1)

    def check(self) -> None:
        """Refuse draws of what a fixed plan does not depend on; to be called when every number has been asked for."""
        unknown = [path for path in self.draws.values if path not in self.asked]
        if unknown:
            expected = "a number that the outcome of a fixed plan depends on, such as /acute/0/unit_cost"
            raise ScenarioError("draws of what cannot be drawn", ", ".join(unknown), "", expected, "draw other inputs")


def from_ranges(scenario: Scenario, n: int, seed: int, inputs: set[str] | None = None) -> Draws:
    """Draws from the ranges of the file's provenance: triangular from low over the file's number to high.

    Effects of one service are high or low together, and so are its years and its demand; all else is independent. A lag
    is a whole number. Draw k of an input is the same however many are drawn and whatever else is drawn. inputs: the
    pointers that a fixed plan depends on (`simulate.inputs_of`), or None for all; other ranges are listed in `left_out`.
    Raises ScenarioError where a range stands on something that is not a number.
    """
    ranks: dict[str, Array] = {}
    values: dict[str, Array] = {}
    left_out = []
    for known in scenario.provenance:
        if known.low is None and known.high is None:
            continue
        likely = number_at(scenario, known.path)
        if inputs is not None and known.path not in inputs:
            left_out.append(known.path)
            continue
        key = _together(known.path)
        if key not in ranks:
            ranks[key] = _ranks(seed, _by_id(scenario, key), n)
        low, high = (likely if end is None else end for end in (known.low, known.high))
        drawn = triangular(ranks[key], low, float(np.clip(likely, low, high)), high)
        values[known.path] = np.round(drawn) if known.path.endswith("/lag") else drawn
    return Draws(n, values, tuple(left_out))


def and_first(scenario: Scenario, draws: Draws) -> Draws:
    """The same draws after one more, in which every input is as in a scenario."""
    values = {}
    for path, drawn in draws.values.items():
        own = np.full((1, *drawn.shape[1:]), number_at(scenario, path))
        values[path] = np.concatenate([own, drawn])
    return Draws(draws.n + 1, values, draws.left_out)


def number_at(scenario: Scenario, path: str) -> float:
    """The number of a scenario at a place of its file; raises ScenarioError where there is no one number."""
    found: Any = scenario
    for step in [s.replace("~1", "/").replace("~0", "~") for s in path.split("/")[1:]]:
        if is_dataclass(found):
            found = getattr(found, step, None)
        elif isinstance(found, Mapping):
            found = found.get(step)
        else:
            within = isinstance(found, tuple) and step.isdecimal() and int(step) < len(found)
            found = found[int(step)] if within else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ScenarioError("a range on something that is not one number", path, repr(found)[:60], "a number")
    return found


def _ranks(seed: int, key: str, n: int) -> Array:
    """The ranks of one input in every draw, from a stream of its own."""
    words = np.frombuffer(sha256(key.encode()).digest(), dtype="<u4")
    stream = np.random.SeedSequence(seed, spawn_key=tuple(int(word) for word in words))
    return np.random.Generator(np.random.PCG64(stream)).random(n)


def _by_id(scenario: Scenario, key: str) -> str:
    """The key of an input by the id of what it is of, so that it does not hang on the order of the file."""
    _, part, place, *rest = [*key.removesuffix(_ALIKE).split("/"), "", ""]
    listed = getattr(scenario, part, ())
    if not place.isdecimal() or not isinstance(listed, tuple):
        return key
    return "/".join([part, str(getattr(listed[int(place)], "id", place)), *rest])


def _together(path: str) -> str:
    return next((f"{found[1]}{_ALIKE}" for pattern in _TOGETHER if (found := pattern.fullmatch(path))), path)


def triangular(rank: Array, low: float, likely: float, high: float) -> Array:
    """The value of a triangular distribution at each rank between 0 and 1."""
    if high <= low:
        return np.full(rank.shape, low)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(rank * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - rank) * (high - low) * (high - likely))
    return np.where(rank < turn, rising, falling)
