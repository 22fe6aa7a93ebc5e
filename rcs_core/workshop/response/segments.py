"""From unit cost, reach and effect to the response of one preventative service: what each further pound does, and how surely.

Today's spend reaches today's children, each at the unit cost, and keeps so many of each hundred from care. Beyond today's spend a
pound does less: that is an assumption of this tool (`diminishing`, `expansion_max`), and stands as one in the provenance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.errors import ScenarioError
from rcs_core.vocab import InputState
from rcs_core.workshop.inputs.assumed import assumed
from rcs_core.workshop.response.averted import Averted
from rcs_core.workshop.response.repair import Segment, repaired

_ALMOST_ALL = 0.99
"""An effect that never faded would add up without end over the years of a plan."""


@dataclass(frozen=True, slots=True)
class Costed:
    """A preventative service: its name, spend in GBP thousand a year, and children served with it."""

    id: str
    name: str
    thousand: float
    children: float

    @property
    def unit_cost(self) -> float:
        """GBP thousand a child served."""
        return self.thousand / self.children

    def reach(self, thousand: float) -> float:
        """Children served by so much spend, at today's unit cost."""
        return thousand / self.unit_cost


@dataclass(frozen=True, slots=True)
class Shape:
    """How a response bends: shares of today's spend, and of today's effect for each pound of them."""

    parts: tuple[tuple[float, float], ...]
    source: str

    @classmethod
    def diminishing(cls) -> "Shape":
        """Today's spend at today's effect, and so much more at less (assumptions of this tool)."""
        return cls(
            ((1.0, 1.0), (assumed("expansion_max"), assumed("diminishing"))), "assumption of this tool: diminishing effect"
        )


@dataclass(frozen=True, slots=True)
class Response:
    """What spend on a service does, in children kept from care a year for each GBP thousand.

    segments, low, high: the likely response and its ends, width by width. acts_on: how the effect is shared over responsive
    services. evidence: what it rests on. messages: every repair and flag, naming the service. tested: whether a plan may move it.
    """

    service: str
    segments: tuple[Segment, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    acts_on: dict[str, float]
    base_reach: float
    lag: int
    retention: float
    state: InputState
    evidence: tuple[Averted, ...]
    messages: tuple[str, ...]

    @property
    def tested(self) -> bool:
        """Whether a pound spent does something, so that a plan has a reason to move it."""
        return any(slope > 0 for _, slope in self.segments)


def segments_for(service: Costed, evidence: Sequence[Averted], shape: Shape | None = None, scale: float = 1.0) -> Response:
    """The concave response of one service from its evidence; raises ScenarioError without spend or children.

    Effects on several responsive services add up: a child kept from two counts for both. scale: 0.5 for half the effects.
    """
    if not service.thousand > 0 or not service.children > 0:
        got = f"{service.thousand:g} thousand for {service.children:g} children"
        raise ScenarioError("a response needs spend and children", service.name, got, "both over 0", "hold the service")
    shape = shape or Shape.diminishing()
    messages = [_named(note, service) for one in evidence for note in one.notes]
    used = [one for one in evidence if one.usable]
    ends = [_ends(one) for one in evidence if one.likely is not None]
    per_thousand = scale / 100 / service.unit_cost
    likely = sum(one.likely or 0.0 for one in used) * per_thousand
    made = repaired(service.name, [(service.thousand * part, likely * bend) for part, bend in shape.parts])
    low, high = (sum(end[k] for end in ends) * per_thousand for k in (0, 1))
    bends = [bend for _, bend in shape.parts][: len(made.segments)]
    total = sum(one.likely or 0.0 for one in used)
    acts_on: dict[str, float] = {}
    for one in used:
        acts_on[one.acts_on] = acts_on.get(one.acts_on, 0.0) + (one.likely or 0.0) / total
    return Response(
        service.id, made.segments, tuple(low * b for b in bends), tuple(high * b for b in bends), acts_on, service.thousand,
        lag_of(used), retention_of(used), _weakest(used), tuple(evidence), (*messages, *made.messages),
    )  # fmt: skip


def lag_of(evidence: Sequence[Averted]) -> int:
    """Years until it acts: the longest that is given, rounded up; the tool's assumption where none is."""
    given = [one.lag for one in evidence if one.lag is not None]
    return int(-(-max(given) // 1)) if given else int(assumed("lag"))


def retention_of(evidence: Sequence[Averted]) -> float:
    """Share of the effect still there a year later: the least that is given, under one; the tool's assumption where none is."""
    given = [one.retention for one in evidence if one.retention is not None]
    return min(*given, _ALMOST_ALL) if given else assumed("retention")


def _ends(one: Averted) -> tuple[float, float]:
    """The low and high end of an effect; an end that nobody gave is the likely figure."""
    likely = one.likely or 0.0
    return (likely if one.low is None else one.low), (likely if one.high is None else one.high)


def _weakest(used: Sequence[Averted]) -> InputState:
    order = list(InputState)
    return max((one.state for one in used), key=order.index, default=InputState.MISSING)


def _named(note: str, service: Costed) -> str:
    return note if service.name == service.id else f"{service.name}: {note}"
