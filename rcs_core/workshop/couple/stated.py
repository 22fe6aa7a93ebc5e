"""A shift that is stated and not worked out: where effects are not used, money goes where the group says, at a steady pace.

Nothing is optimised: each service's spend is fixed in every year, so that the plan is the one that was stated.
"""

from typing import Any

from rcs_core.workshop.couple.known import GROUP, PLACE
from rcs_core.workshop.couple.levers import Levers
from rcs_core.workshop.couple.parts import Inputs, Preventative

DEMAND_LED = "demand_led"
_LEEWAY = 1e-9
"""A floor this much under its path, as a share, leaves room for rounding."""


def stated(inputs: Inputs, levers: Levers, moved: list[float]) -> list[dict[str, Any]]:
    """Every preventative service on its stated path: what is moved by each year, shared out by today's spend.

    Where the group names no service it goes to all but those whose level a duty sets, which grow with need alone.
    """
    grown = grows(inputs, levers)
    base = sum(s.thousand for s in grown)
    factors = [1 + (0.0 if levers.still or not base else amount / base) for amount in moved]
    chosen = {s.id for s in grown}
    return [_service(s, factors if s.id in chosen else [1.0] * levers.horizon) for s in inputs.preventative]


def grows(inputs: Inputs, levers: Levers) -> list[Preventative]:
    """The services that a stated shift goes to."""
    return [s for s in inputs.preventative if (s.id in levers.grow if levers.grow else s.terms.basis != DEMAND_LED)]


def _service(service: Preventative, factors: list[float]) -> dict[str, Any]:
    steps = [now / before - 1 for now, before in zip(factors, [1.0, *factors], strict=False)]
    return {
        "id": service.id,
        "agencies": {a: {PLACE: v / 1e5} for a, v in service.pence.items()},
        "segments": {GROUP: {PLACE: [[None, 0.0]]}},
        "lag": 0,
        "retention": 0.0,
        "acts_on": {},
        "q": service.share,
        "ramp_up": [max(0.0, step) for step in steps],
        "floor": [service.thousand * factor * (1 - _LEEWAY) for factor in factors],
    }
