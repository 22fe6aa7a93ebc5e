"""What a session draws at a step: each part is a module `app/meeting_<name>.py` with a function for each seat that it serves.

`facilitator(here, release)`, `participant(here, release)` and `screen(here, release)` draw what there is to do or see now, and
nothing where there is nothing. A part whose module is not there, or has no function for a seat, is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from app import meeting
from app.meeting import Here, Seat
from rcs_core.release import Release
from rcs_core.workshop.meeting.agenda import Step, running

type Draws = Callable[[Here, Release], object]

METHODS: Mapping[str, tuple[str, ...]] = {
    "guesses": ("guess",), "ballot": ("ballot", "priorities"), "priorities": ("priorities",), "weights": ("ballot",),
    "remarks": ("remarks",), "promises": ("promises",), "elicitation": ("elicitation",), "stress": ("stress",),
    "decisions": ("decisions",), "parking": ("parking",), "ratings": ("ratings",),
}  # fmt: skip
"""The parts in the order in which they are drawn, and the methods of a step at which each is at hand."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part that is there. seats: what draws it, by seat."""

    name: str
    methods: tuple[str, ...]
    seats: Mapping[Seat, Draws] = field(default_factory=dict)

    def at(self, step: Step) -> bool:
        """Whether it is at hand in a step."""
        return not {*self.methods}.isdisjoint(step.methods)


@cache
def parts() -> tuple[Part, ...]:
    """The parts whose module is there, in order."""
    found = [(name, methods, module(name)) for name, methods in METHODS.items()]
    return tuple(Part(name, methods, _seats(code)) for name, methods, code in found if code is not None)


@cache
def module(name: str) -> ModuleType | None:
    """The module of a part, or None where it is not there."""
    path = f"app.meeting_{name}"
    return import_module(path) if find_spec(path) else None


def _seats(code: ModuleType) -> dict[Seat, Draws]:
    return {seat: getattr(code, seat.value) for seat in Seat if callable(getattr(code, seat.value, None))}


def of_step(step: Step, seat: Seat) -> list[Part]:
    """The parts of a step that a seat sees."""
    return [part for part in parts() if part.at(step) and seat in part.seats]


def draw(here: Here, release: Release, seat: Seat | None = None) -> int:
    """Draw the parts of the step that is on for a seat (that of this browser); returns how many there are."""
    now, which = here.meeting.made(running), seat or here.seat
    if now.step is None:
        return 0
    found = of_step(now.step, which)
    for part in found:
        part.seats[which](here, release)
    return len(found)


def of_browser(release: Release) -> int:
    """The same for the seat of this browser; nothing where it is in no session."""
    here = meeting.here()
    return draw(here, release) if here else 0
