"""Whether promises can hold together, asked of the solver: all of a scenario, or some of them."""

from collections.abc import Iterable

import numpy as np

from rcs_core.workshop.scenario.conflict import Promises
from rcs_core.workshop.scenario.engine import accuracy, asked
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.model import write
from rcs_core.workshop.scenario.session import Status


def promises_of(scenario: Scenario) -> Promises:
    """The programme of a scenario whose promises can be let go and eased, all of them in force."""
    exact = accuracy()
    return Promises.of(write(asked(scenario)[0]), exact.certificate, exact.solver)


def holds(scenario: Scenario, promises: Iterable[str] | None = None) -> bool:
    """Whether any plan keeps all the promises of a scenario, or only those that are named (as far as they are there)."""
    test = promises_of(scenario)
    return test.keep(test.rows if promises is None else set(promises) & set(test.rows))


def leeways(test: Promises, promise: str) -> list[float] | None:
    """The least leeway on each row of a promise, in the order of its rows, by which a plan is possible; None where none is."""
    columns, cost = test.leeway[promise], np.zeros(test.session.matrix.a.shape[1])
    cost[columns] = 1.0
    test.session.open(columns, np.inf)
    solved = test.session.solve(cost)
    test.session.open(columns, 0.0)
    return [float(solved.values[c]) for c in columns] if solved.status is Status.OPTIMAL else None
