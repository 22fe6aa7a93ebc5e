"""The moves of a plan: which services gain and which lose materially in its last year, against what is spent before it."""

from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario import Result, Scenario

_NOTHING = 1e-7


def moves(scenario: Scenario, result: Result) -> dict[str, int]:
    """The services that gain (1) or lose (-1) by at least the `material` share of their spend; the rest are left out.

    A service that nothing is spent on before the plan gains by anything.
    """
    spent: dict[str, float] = {}
    for line in result.spend:
        if line.year == scenario.horizon:
            spent[line.service] = spent.get(line.service, 0.0) + line.amount
    found = {}
    for service in scenario.prevention:
        start = sum(sum(by.values()) for by in service.agencies.values())
        change = spent.get(service.id, start) - start
        if abs(change) >= max(rule("material") * start, _NOTHING * (1 + start)):
            found[service.id] = 1 if change > 0 else -1
    return found
