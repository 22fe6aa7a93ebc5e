"""What the engine finds when it is asked why: prices of the promises, and what bound each service; one solved scenario."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rcs_core.workshop.scenario.explain.anew import Anew
from rcs_core.workshop.scenario.explain.bounds import Move, moves
from rcs_core.workshop.scenario.explain.care_moves import CareMove, care_moves
from rcs_core.workshop.scenario.explain.promise_price import Price, Together, priced, together
from rcs_core.workshop.shift import Shift

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """Findings on a plan: every promise with its price, every preventative and responsive service with its reasons.

    solves: how often the plan was solved again to know. together: what is gained without all promises, where none costs
    anything alone.
    """

    prices: tuple[Price, ...]
    moves: tuple[Move, ...]
    care: tuple[CareMove, ...]
    solves: int
    together: Together = field(default_factory=Together)


def find(shift: Shift, told: Callable[[float], object] | None = None) -> Found:
    """Everything that is told of why; raises ScenarioError where the shift has no plan. told: hears how far it is."""
    hear = told or (lambda _: None)
    anew = Anew(shift.scenario)
    prices = priced(anew, lambda share: hear(_HALF * share))
    moved = moves(anew, lambda share: hear(_HALF + _HALF * share))
    none = not any(price.costs for price in prices)
    return Found(
        tuple(prices), tuple(moved), tuple(care_moves(anew)), anew.solves, together(anew, prices) if none else Together()
    )
