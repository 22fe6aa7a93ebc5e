"""The uncertain inputs of a scenario as a person would name them, each with a low and a high end, and as changes of the file.

An input is what goes up and down together: all effects of one service, all need, what cashes, one unit cost. Ranges are
those of the file's provenance; need and unit costs have a standing range where nobody gave one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rcs_core.vocab import InputState, Label
from rcs_core.workshop.explore.changes import Change, need, slopes, times, trial
from rcs_core.workshop.inputs.assumed import missing
from rcs_core.workshop.scenario.checks import points, resolve
from rcs_core.workshop.scenario.draws import pointer
from rcs_core.workshop.scenario.format import Provenance, Scenario
from rcs_core.workshop.scenario.reading import Yearly, plain


class Kind(Label):
    """What sort of input it is."""

    EFFECT = "effect", "Effect"
    CASHABLE = "cashable", "What cashes"
    UNIT_COST = "unit_cost", "Unit cost"
    NEED = "need", "Need"
    LAG = "lag", "How soon effects come"
    RETENTION = "retention", "How long effects last"
    GROWTH = "growth", "How far services can grow before no more is known of their effect"
    PREVENTABLE = "preventable", "How much of the need can be prevented at all"
    OTHER = "other", "Another number of the file"


@dataclass(frozen=True, slots=True)
class Place:
    """One number of the file and its range."""

    path: str
    low: Yearly
    likely: Yearly
    high: Yearly

    def at(self, position: float) -> Yearly:
        """Its value at a position: -1 is the low end, 0 the likely value, 1 the high end."""
        end = self.high if position > 0 else self.low
        return _between(self.likely, end, abs(position))


@dataclass(frozen=True, slots=True)
class Knob:
    """An input: the numbers that go up and down together. of: the service that it is about, blank where it is about all.

    state: how the least known of them is known. given: whether the range is the file's own.
    """

    kind: Kind
    of: str
    places: tuple[Place, ...]
    state: InputState = InputState.MISSING
    given: bool = True

    def change(self, position: float) -> Change:
        """The numbers at a position from -1 (low) over 0 (likely) to 1 (high)."""
        whole = self.kind is Kind.LAG
        return {p.path: _rounded(p.at(position)) if whole else p.at(position) for p in self.places}

    def value(self, position: float) -> float:
        """Its first number at a position: of an effect, what a pound of today's spend does."""
        found = self.places[0].at(position)
        return found[0] if isinstance(found, tuple) else found

    @property
    def room(self) -> tuple[bool, bool]:
        """Whether the range reaches below and above the likely value."""
        return any(p.low != p.likely for p in self.places), any(p.high != p.likely for p in self.places)


def knobs(scenario: Scenario, inputs: set[str], apart: bool = False) -> list[Knob]:
    """Every input with a range on which what becomes of a plan depends (`simulate.inputs_of`).

    apart: what cashes of each service by itself, as it would be asked of somebody.
    """
    content: Any = plain(scenario, whole=True)
    grouped: dict[tuple[Kind, str], list[tuple[Place, InputState]]] = {}
    for known in scenario.provenance:
        place = _place(content, known)
        if place is None or place.path not in inputs:
            continue
        kind, of = _about(scenario, known.path, apart)
        grouped.setdefault((kind, of), []).append((place, InputState(known.state)))
    found = [Knob(kind, of, tuple(p for p, _ in rows), _weakest(rows)) for (kind, of), rows in grouped.items()]
    return [*found, *_standing(scenario, {p.path for knob in found for p in knob.places})]


def effect_knobs(scenario: Scenario) -> list[Knob]:
    """The effect of every preventative service; without a range in the file, from none to the likely value."""
    every = {known.path for known in scenario.provenance}
    ranged = {knob.of: knob for knob in knobs(scenario, every) if knob.kind is Kind.EFFECT}
    return [ranged.get(s.id) or _whole(scenario, index) for index, s in enumerate(scenario.prevention)]


def _whole(scenario: Scenario, index: int) -> Knob:
    likely = slopes(scenario, index, 1.0)
    places = tuple(Place(path, 0.0, value, value) for path, value in likely.items())
    return Knob(Kind.EFFECT, scenario.prevention[index].id, places, InputState.MISSING, given=False)


def _place(content: Any, known: Provenance) -> Place | None:
    """A range of the file on one number (or one a year); None where there is none, or it stands on something else."""
    if (known.low is None and known.high is None) or not points(content, known.path):
        return None
    value = resolve(content, known.path)
    numbers = value if isinstance(value, list) else [value]
    if not numbers or any(isinstance(v, bool) or not isinstance(v, int | float) for v in numbers):
        return None
    likely: Yearly = tuple(map(float, value)) if isinstance(value, list) else float(value)
    low, high = (_end(likely, end, side) for end, side in ((known.low, min), (known.high, max)))
    return Place(known.path, low, likely, high)


def _end(likely: Yearly, end: float | None, side: Any) -> Yearly:
    """An end of the range: what is given, but never on the other side of the likely value; harm is taken as no effect."""
    if end is None:
        return likely
    most = max(end, 0.0)
    return tuple(side(most, v) for v in likely) if isinstance(likely, tuple) else side(most, likely)


_PLACES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"/prevention/(\d+)/(?:segments/[^/]+/[^/]+/\d+/1|acts_on/[^/]+)"), Kind.EFFECT),
    (re.compile(r"/prevention/(\d+)/lag"), Kind.LAG),
    (re.compile(r"/prevention/(\d+)/retention"), Kind.RETENTION),
    (re.compile(r"/prevention/(\d+)/segments/[^/]+/[^/]+/\d+/0"), Kind.GROWTH),
    (re.compile(r"/acute/(\d+)/(?:cashable|decommission_max)(?:/\d+)?"), Kind.CASHABLE),
    (re.compile(r"/acute/(\d+)/unit_cost(?:/\d+)?"), Kind.UNIT_COST),
    (re.compile(r"/acute/(\d+)/preventable(?:/\d+)?"), Kind.PREVENTABLE),
    (re.compile(r"/acute/(\d+)/demand/.+"), Kind.NEED),
)
_OF_ONE = (Kind.EFFECT, Kind.UNIT_COST)


def _about(scenario: Scenario, path: str, apart: bool) -> tuple[Kind, str]:
    for pattern, kind in _PLACES:
        if found := pattern.fullmatch(path):
            listed = scenario.prevention if path.startswith("/prevention") else scenario.acute
            of = listed[int(found[1])].id
            return kind, of if kind in _OF_ONE or (apart and kind is Kind.CASHABLE) else ""
    return Kind.OTHER, path


def _weakest(rows: list[tuple[Place, InputState]]) -> InputState:
    """How the least known of some numbers is known; of a response, today's spend counts, not what lies beyond it."""
    order = list(InputState)
    states = [state for place, state in rows if not _BEYOND.fullmatch(place.path)]
    return max(states or [state for _, state in rows], key=order.index)


_BEYOND = re.compile(r"/prevention/\d+/segments/[^/]+/[^/]+/[1-9]\d*/1")


def _standing(scenario: Scenario, ranged: set[str]) -> Iterator[Knob]:
    """Need and unit costs that have no range in the file, tried as far as is always tried."""
    other, cost = missing()["demand"], trial("unit_cost")
    if not any("/demand/" in path for path in ranged):
        low, high = 1 + float(other.low or 0.0), 1 + float(other.high or 0.0)
        ends: list[dict[str, Yearly]] = [{}, {}, {}]
        for index in range(len(scenario.acute)):
            for end, factor in zip(ends, (low, 1.0, high), strict=True):
                end |= need(scenario, index, factor)
        if ends[1]:
            yield Knob(Kind.NEED, "", _places(*ends), InputState.PRODUCT_DEFAULT, given=False)
    for index, service in enumerate(scenario.acute):
        path = pointer("acute", index, "unit_cost")
        if path not in ranged and not any(p.startswith(f"{path}/") for p in ranged):
            place = Place(path, times(service.unit_cost, 1 - cost), service.unit_cost, times(service.unit_cost, 1 + cost))
            yield Knob(Kind.UNIT_COST, service.id, (place,), InputState.PRODUCT_DEFAULT, given=False)


def _places(low: Mapping[str, Yearly], likely: Mapping[str, Yearly], high: Mapping[str, Yearly]) -> tuple[Place, ...]:
    return tuple(Place(path, low[path], likely[path], high[path]) for path in likely)


def _between(start: Yearly, end: Yearly, share: float) -> Yearly:
    if isinstance(start, tuple) or isinstance(end, tuple):
        years = max(len(v) for v in (start, end) if isinstance(v, tuple))
        pairs = zip(*(v if isinstance(v, tuple) else (v,) * years for v in (start, end)), strict=True)
        return tuple(_mid(a, b, share) for a, b in pairs)
    return _mid(start, end, share)


def _mid(start: float, end: float, share: float) -> float:
    return start if share == 0 else end if share == 1 else start + share * (end - start)


def _rounded(value: Yearly) -> Yearly:
    return tuple(float(round(v)) for v in value) if isinstance(value, tuple) else float(round(value))
