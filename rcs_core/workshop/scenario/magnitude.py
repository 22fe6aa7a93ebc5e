"""How large the money of a scenario is, and the unit in which the solver takes it so that pounds solve like thousands.

Units are powers of two, so that going over and coming back are exact. A scenario of ordinary size has the unit one
throughout and is solved as it stands.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.model import Model
from rcs_core.workshop.scenario.reading import Yearly

type Vector = npt.NDArray[np.float64]

_ORDINARY = 1e6
"""Money up to this amount is solved as it stands."""
_LARGEST = 1e5
"""What larger money is brought down to, at most."""
_MONEY = (
    "x", "z", "up", "down", "F", "under", "carry", "leak", "seeded", "contrib", "draw", "short",
)  # fmt: skip


def largest_money(scenario: Scenario) -> float:
    """The largest amount that the plan moves: budgets, spend before the plan, the cost of need, and what must be spent.

    What only limits (a width, a capacity) does not count: a very large one is a way to say that nothing limits.
    """

    def most(value: Yearly | None) -> float:
        if isinstance(value, tuple):
            return max(value[: scenario.horizon])
        return 0.0 if value is None else value

    amounts = [most(a.budget) for a in scenario.agencies]
    for service in scenario.prevention:
        amounts += [sum(sum(where.values()) for where in service.agencies.values()), most(service.floor), most(service.min_scale)]
    for acute in scenario.acute:
        need = max(sum(acute.need_in(loc, year) for loc in acute.demand) for year in scenario.years)
        amounts += [most(acute.unit_cost) * need, most(acute.floor)]
    amounts += [most(r.amount) for r in scenario.ringfences] + [most(h.amount) for h in scenario.held]
    return max(amounts, default=0.0)


def units(model: Model) -> Vector:
    """The unit of each column in the solver: one, or for money of a scenario in large amounts a power of two."""
    found, largest = np.ones(len(model.column)), largest_money(model.scenario)
    if largest > _ORDINARY:
        found[[v for family in _MONEY for v in model.vars.get(family, {}).values()]] = 2.0 * _below(largest / _LARGEST)
    return found


def shared_unit(weights: Vector, unit: Vector) -> float:
    """The unit of an expression over money: that of its largest weight on money, one where it has none."""
    money = np.abs(weights * unit)[unit > 1.0]
    return max(1.0, _below(float(money.max(initial=0.0))))


def shared_units(a: sparse.csr_matrix, unit: Vector) -> Vector:
    """The unit of each row of a matrix: that of its largest weight on money, one where it has none."""
    found = np.ones(a.shape[0])
    if (unit > 1.0).any():
        by_entry = unit[a.indices]
        money, filled = np.where(by_entry > 1.0, np.abs(a.data * by_entry), 0.0), np.flatnonzero(np.diff(a.indptr))
        largest = np.maximum.reduceat(money, a.indptr[filled])
        found[filled] = np.maximum(1.0, np.where(largest > 0, np.ldexp(1.0, np.frexp(largest)[1] - 1), 0.0))
    return found


def _below(value: float) -> float:
    """The largest power of two that is not over a number; nothing for nothing."""
    return float(np.ldexp(1.0, int(np.frexp(value)[1]) - 1)) if value > 0 else 0.0
