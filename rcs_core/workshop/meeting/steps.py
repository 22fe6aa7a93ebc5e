"""The steps of an agenda as `data_contracts/agendas.yaml` has them, and how a facilitator changes an agenda beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.meeting.meeting import MeetingError

PATH = CONTRACTS / "agendas.yaml"
SCREENS = ("session", "needs", "reach", "money", "shift", "decide", "plan")
"""The pages that the big screen may go to."""
METHODS = (
    "guess", "remarks", "ballot", "priorities", "promises", "elicitation", "stress", "decisions", "parking", "ratings",
)  # fmt: skip
"""What a room may do in a step."""
LONGEST = 480
"""Minutes of a session or a step: a working day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an agenda. screen: the page for the big screen, with `choices` in its link. methods: what is at hand."""

    id: str
    title: str
    minutes: int
    what_happens: str = ""
    say: str = ""
    screen: str = "session"
    choices: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    captured: str = ""
    goes_wrong: str = ""

    def plain(self) -> dict[str, Any]:
        """The step as an event keeps it."""
        return asdict(self) | {"choices": dict(self.choices), "methods": list(self.methods)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Step":
        """The step that an event keeps."""
        return cls(**{**body, "methods": tuple(body.get("methods", ()))})


@dataclass(frozen=True, slots=True)
class Agenda:
    """Steps in order. minutes: how long it is meant to take. rehearsal: only for a demonstration."""

    id: str
    title: str
    minutes: int
    steps: tuple[Step, ...]
    rehearsal: bool = False

    @property
    def total(self) -> int:
        """The minutes of its steps together."""
        return sum(s.minutes for s in self.steps)

    def times(self) -> list[tuple[int, int]]:
        """From which to which minute each step lasts."""
        ends = [sum(s.minutes for s in self.steps[: k + 1]) for k in range(len(self.steps))]
        return [(end - step.minutes, end) for step, end in zip(self.steps, ends, strict=True)]


def agendas(path: Path = PATH) -> dict[str, Agenda]:
    """The agendas that are offered, by id; raises SettingsError with everything that is wrong in the contract."""
    return dict(_agendas(path))


@cache
def _agendas(path: Path) -> dict[str, Agenda]:
    content = read_yaml(path)
    known: Mapping[str, Mapping[str, Any]] = content["steps"]
    found = {id: _agenda(id, about, known, path.name) for id, about in content["agendas"].items()}
    if wrong := [f"{agenda.id}: {why}" for agenda in found.values() for why in faults(agenda.steps, agenda.minutes)]:
        raise SettingsError("an agenda cannot be run", path.name, "; ".join(wrong), "steps that fill its minutes", "mend them")
    return found


def _agenda(id: str, about: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], where: str) -> Agenda:
    unknown = sorted({str(line["step"]) for line in about["steps"]} - set(known))
    if unknown or set(about) - {"title", "minutes", "rehearsal", "steps"}:
        raise SettingsError(
            "the agenda names what there is not", f"{where}, {id}", ", ".join([*unknown, *about]), ", ".join(known)
        )
    steps = tuple(_step(line, known[line["step"]], f"{where}, {id}, {line['step']}") for line in about["steps"])
    return Agenda(id, about["title"], int(about["minutes"]), steps, bool(about.get("rehearsal", False)))


def _step(line: Mapping[str, Any], about: Mapping[str, Any], where: str) -> Step:
    step = fill(Step, {**about, "id": line["step"], "minutes": int(line["minutes"])}, where)
    return replace(step, methods=tuple(step.methods), choices=dict(step.choices))


def faults(steps: Sequence[Step], minutes: int = 0) -> list[str]:
    """Why steps are no agenda that can be run, all at once; minutes: what they have to come to, where that is known."""
    ids = [s.id for s in steps]
    found = [] if steps else ["it has no step"]
    found += [f"the step {id} stands twice" for id in dict.fromkeys(ids) if ids.count(id) > 1]
    found += [f"{s.title} takes {s.minutes} minutes, not 1 to {LONGEST}" for s in steps if not 1 <= s.minutes <= LONGEST]
    found += [f"{s.title} goes to a page that there is not: {s.screen}" for s in steps if s.screen not in SCREENS]
    found += [f"{s.title} has a method that there is not: {m}" for s in steps for m in s.methods if m not in METHODS]
    total = sum(s.minutes for s in steps)
    found += [f"its steps take {total} minutes and not {minutes}"] if minutes and total != minutes else []
    return found + ([f"it takes {total} minutes, more than {LONGEST}"] if total > LONGEST else [])


def dropped(steps: Sequence[Step], id: str) -> tuple[Step, ...]:
    """The steps without one; raises MeetingError where it is the last one left, or not there."""
    left = tuple(s for s in steps if s.id != id)
    if not left or len(left) == len(steps):
        names = ", ".join(s.title for s in steps)
        raise MeetingError("the step cannot be left out", "agenda", id, f"one of several steps: {names}", "keep at least one")
    return left


def moved(steps: Sequence[Step], id: str, by: int) -> tuple[Step, ...]:
    """The steps with one further up (`by` below nought) or down; at an end it stays where it is."""
    order = [s.id for s in steps]
    if id not in order:
        raise MeetingError("there is no such step", "agenda", id, ", ".join(order), "choose one that is there")
    now = order.index(id)
    rest = [s for s in steps if s.id != id]
    place = max(0, min(len(rest), now + by))
    return (*rest[:place], steps[now], *rest[place:])


def lasting(steps: Sequence[Step], minutes: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps with other minutes, by id; raises MeetingError where one is out of range."""
    found = tuple(replace(s, minutes=minutes.get(s.id, s.minutes)) for s in steps)
    if wrong := faults(found):
        raise MeetingError(
            "the agenda cannot be run", "agenda", "; ".join(wrong), f"1 to {LONGEST} minutes a step", "change them"
        )
    return found
