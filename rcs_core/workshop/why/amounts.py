"""Several services in one breath, each with its amount, as parts of a sentence; and outcome in its unit."""

from collections.abc import Container, Mapping

from rcs_core.workshop.explore.weights import by_cost
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Figure, money, other
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, listed


def amounts(shift: Shift, moved: Mapping[str, float], mark: str, hidden: Container[str] = ()) -> tuple[str, Parts]:
    """A stretch of template and its parts: services by name with their amounts, the largest first.

    mark: what tells its parts from those of another stretch of the same sentence. hidden: services said without amount.
    """
    parts: Parts = {}
    stretches = []
    for k, service in enumerate(sorted(moved, key=lambda s: -abs(moved[s]))):
        parts[f"{mark}_who{k}"] = named(service, shift.names)
        if service in hidden:
            stretches.append(f"{{{mark}_who{k}}}")
            continue
        parts[f"{mark}_much{k}"] = money(moved[service], shift.found.discussion_only)
        stretches.append(f"{{{mark}_who{k}}} ({{{mark}_much{k}}})")
    return listed(stretches), parts


def worth(shift: Shift, value: float) -> Figure:
    """An amount of outcome: pounds of care where effects are weighed by what care costs, else the scenario's own unit."""
    return money(value, shift.found.discussion_only) if by_cost(shift.scenario) else other(value, "of outcome")


def counted_as(shift: Shift) -> str:
    """What the outcome counts, in words."""
    if not by_cost(shift.scenario):
        return "The outcome is counted as the scenario weighs it."
    return "The outcome is what the care costs that prevention makes unnecessary, over the plan and the years credited after it."
