"""The few levers that a workshop moves, their presets, and the numbers that a group gave in place of a release's."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.vocab import Label
from rcs_core.workshop.inputs.assumed import assumed, defaults, presets
from rcs_core.workshop.scenario.edits import Edit

__all__ = ["Answered", "Because", "Course", "Depth", "Levers", "Preset", "assumed", "defaults"]


class Depth(Label):
    """How much is known, and so what may be asked (methods/scenario.md)."""

    DISCUSS = "discuss", "Discuss"
    ESTIMATE = "estimate", "Estimate"
    EVIDENCE = "evidence", "Evidence"


class Course(Label):
    """How need goes on if nothing changes."""

    FLAT = "flat", "As in its latest year"
    LESS = "less", "A tenth less"
    MORE = "more", "A tenth more"
    TREND = "trend", "As its history goes on"


class Preset(Label):
    """The starting points that a workshop compares."""

    AS_IS = "as_is", "As it is"
    SHIFT_2 = "shift_2", "Shift 2%"
    SHIFT_5 = "shift_5", "Shift 5%"
    FALLING_BUDGET = "falling_budget", "Falling budget"
    NOTHING_CASHES = "nothing_cashes", "Nothing cashes"


@dataclass(frozen=True, slots=True)
class Answered:
    """One number as the group gave it: of which service (and what it acts on), low, likely and high in the release's unit.

    kind: effect (children for each 100 served), lag (years), cashable (per cent) or unit_cost (GBP).
    """

    kind: str
    service: str
    on: str
    low: float
    likely: float
    high: float
    source: str = "estimate of the group"
    date: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which number it is."""
        return self.kind, self.service, self.on


@dataclass(frozen=True, slots=True)
class Because:
    """Whose wish the value of a lever (by its name) is, and why; either may be blank where it was not given."""

    lever: str
    owner: str = ""
    reason: str = ""


RANGES: dict[str, tuple[float, float]] = {
    "shift_pct": (0, 100), "budget_change_pct": (-50, 50), "horizon": (1, 10), "ramp_up_pct": (0, 500),
    "effect_scale": (0, 10), "cashable_override_pct": (0, 100),
}  # fmt: skip
"""The least and the most that a lever may be set to."""


@dataclass(frozen=True, slots=True)
class Levers:
    """What a workshop can change about the starting scenario.

    shift_pct: points of the modelled spend that move to prevention by the last year, in equal steps.
    budget_change_pct: change of every purse a year from the second year on, held services with it.
    cashable_override_pct: one cashable share for every responsive service. effect_scale: 1 for the likely effects, 0.5
    for half of them. protect: services whose spend may not fall. allow_pool: agencies may put what they no longer need
    into one pool (the wrong pocket). bridging: money from elsewhere may pay for double running; without it only what
    is released can move. depth: what is used of what is known. grow: where a discussed shift goes (nothing: to all
    prevention alike). course: how need goes on. answers: numbers of the group that stand for those of the release.
    edits: what the room has changed in the scenario itself (a floor, a purse, a promise), applied last. because: whose wish
    a lever is and why, which changes no figure, so that levers are told apart (`repr`) without it.
    """

    preset: Preset = Preset.SHIFT_2
    shift_pct: float = 2.0
    budget_change_pct: float = 0.0
    horizon: int = 5
    ramp_up_pct: float = 20.0
    protect: tuple[str, ...] = ()
    cashable_override_pct: float | None = None
    effect_scale: float = 1.0
    allow_pool: bool = False
    bridging: bool = True
    depth: Depth = Depth.ESTIMATE
    grow: tuple[str, ...] = ()
    course: Course = Course.FLAT
    answers: tuple[Answered, ...] = ()
    edits: tuple[Edit, ...] = ()
    because: tuple[Because, ...] = dataclasses.field(default=(), repr=False)

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            if (value := getattr(self, name)) is not None:
                _within(name, value, low, high)

    @classmethod
    def of(cls, preset: str, **changes: Any) -> "Levers":
        """The levers of a preset, with any of them changed. Raises ScenarioError for an unknown preset."""
        if preset not in set(Preset):
            raise ScenarioError("there is no such preset", "levers", preset, f"one of: {', '.join(Preset)}")
        base: dict[str, Any] = {"horizon": int(assumed("horizon")), "ramp_up_pct": 100 * assumed("ramp_up")}
        entry = presets()[str(preset)]["value"]
        return cls(**{**base, "shift_pct": 0.0, **entry, "preset": Preset(preset), **changes})

    @property
    def still(self) -> bool:
        """Whether nothing is to move at all."""
        return self.preset is Preset.AS_IS and self.shift_pct == 0

    def text(self) -> str:
        """The levers in words, for the description of the scenario."""
        words = [self.preset.label]
        defaults_now = {f.name: f.default for f in dataclasses.fields(self)}
        for name in ("shift_pct", "budget_change_pct", "cashable_override_pct", "effect_scale"):
            value = getattr(self, name)
            if value != defaults_now[name] or name == "shift_pct":
                words.append(f"{_WORDS[name]} {value:g}" if value is not None else "")
        words += ["with a joint pool"] if self.allow_pool else []
        words += [] if self.bridging else ["without bridging money"]
        words += [] if self.course is Course.FLAT else [f"need: {self.course.label.lower()}"]
        words += [f"{len(self.answers)} numbers of the group"] if self.answers else []
        words += [f"{len(self.edits)} changes of the room"] if self.edits else []
        return "; ".join(w for w in words if w)


_WORDS = {
    "shift_pct": "points of the modelled spend moved to prevention:",
    "budget_change_pct": "per cent change of every purse a year:",
    "cashable_override_pct": "per cent of every cost that cashes at once:",
    "effect_scale": "effects times",
}


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ScenarioError("a lever is out of range", name, f"{value:g}", f"a number from {low:g} to {high:g}")
