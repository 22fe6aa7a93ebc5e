"""Would the plan be another? It is worked out anew in draws of the inputs, and each service counted: gains, loses, as today.

What comes in is a scenario; what goes out is how often each service gains, what is spent on it by year, how often the
promises cannot all hold, and what the plan itself would have done in each draw, beside the best that could have been done.
"""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rcs_core.errors import ScenarioError
from rcs_core.workshop.explore.draws_run import Stop, Told, anew
from rcs_core.workshop.explore.ranges import SEED, to_work_out
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario import Result, solve
from rcs_core.workshop.scenario.draws import Array, Draws
from rcs_core.workshop.scenario.fixed_plan import needed_places
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.redraw import Redrawing, free_to_draw
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.simulate import carry_out

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are told: the middle, and where half and nine tenths of the draws lie."""
MOST = 1000
"""The most draws of one run."""
_NOTHING = 1e-6

type Flags = npt.NDArray[np.bool_]
type Ways = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A plan worked out anew in `n` draws of a seed; arrays are by draw, and what has no plan is not a number.

    services: ids, in the file's order. today: spend before the plan, and likely: the last year's spend of the file's own
    plan, by service. possible: whether the promises can all hold. spend: by draw, service and year. objective, outcome:
    of the plan of the draw. own: the objective that the file's own plan reaches in the draw, if it is carried out as it
    stands; short: the money that its purses then lack, all years together. drawn: the inputs that were drawn. unsolved:
    draws to which the solver gave no answer that checks out; they are neither possible nor impossible.
    """

    n: int
    seed: int
    services: tuple[str, ...]
    today: Array
    likely: Array
    possible: Flags
    spend: Array
    objective: Array
    outcome: Array
    own: Array
    short: Array
    drawn: tuple[str, ...]
    unsolved: int = 0

    @property
    def impossible(self) -> int:
        """In how many draws the promises cannot all hold."""
        return int((~self.possible).sum()) - self.unsolved

    @property
    def ways(self) -> Ways:
        """By draw and service: 1 where it gains in the last year, -1 where it loses, 0 where it is as today."""
        return _ways(self.spend[:, :, -1], self.today)

    @property
    def likely_ways(self) -> Ways:
        """The same of the file's own plan."""
        return _ways(self.likely, self.today)

    @property
    def held(self) -> int:
        """In how many draws the same services gain as in the file's own plan."""
        return int((((self.ways > 0) == (self.likely_ways > 0)).all(axis=1) & self.possible).sum())

    def counted(self, service: str) -> tuple[int, int, int]:
        """In how many draws a service gains, loses and is as today; where the promises cannot hold, none of these."""
        ways = self.ways[self.possible, self.services.index(service)]
        return int((ways > 0).sum()), int((ways < 0).sum()), int((ways == 0).sum())

    def spread(self, service: str) -> Array:
        """Quantiles (rows, as `SHARES`) of what is spent on a service by year, over the draws that have a plan."""
        return quantiles(self.spend[self.possible, self.services.index(service)])

    @property
    def moved(self) -> Array:
        """By draw, what services gain that gain, in the last year."""
        return np.maximum(self.spend[:, :, -1] - self.today, 0.0).sum(axis=1)

    @property
    def regret(self) -> Array:
        """By draw, how much better the plan of the draw is than the file's own plan carried out as it stands.

        Below nought where the own plan did better with money that it did not have (`short`).
        """
        return self.objective - self.own


def redrawn(
    scenario: Scenario,
    n: int = 200,
    seed: int = SEED,
    workers: Executor | None = None,
    told: Told | None = None,
    stop: Stop | None = None,
    result: Result | None = None,
) -> Redrawn:
    """Work a scenario out anew in `n` draws from the ranges that it states.

    workers: any executor; nobody given, here and now. told: hears the share that is done. stop: asked between parts.
    result: the scenario's own answer where it is known. The same seed gives the same answer, whoever works; draw k is the
    same however many there are. Raises Stopped, WorkersError, and ScenarioError for draws that no file could hold.
    """
    if not 1 <= n <= MOST:
        raise ScenarioError("too few or too many draws", "draws", str(n), f"1 to {MOST:,}")
    base, draws = Redrawing(scenario), to_work_out(scenario, n, seed)
    found = anew(scenario, base.mark, draws, workers, told, stop)
    own, short = _own(scenario, result or solve(scenario), draws)
    assert base.base is not None
    return Redrawn(
        n, seed, tuple(s.id for s in scenario.prevention),
        np.array([sum(sum(by.values()) for by in s.agencies.values()) for s in scenario.prevention]),
        base.base.spend[:, -1],
        np.array([one.status is Status.OPTIMAL for one in found]),
        np.stack([one.spend for one in found]),
        np.array([one.objective for one in found]),
        np.array([one.outcome for one in found]),
        own, short, tuple(draws.values), sum(one.status is None for one in found),
    )  # fmt: skip


def _own(scenario: Scenario, result: Result, draws: Draws) -> tuple[Array, Array]:
    """What the scenario's own plan reaches in each draw, and what its purses then lack; nothing is known without a plan."""
    nothing = np.full(draws.n, np.nan)
    if result.status is not Status.OPTIMAL:
        return nothing, nothing
    found, _ = carry_out(free_to_draw(scenario), needed_places(scenario, result), draws)
    lacking = [purse.shortfall.sum(axis=1) for purse in found.purses.values()]
    return found.objective.copy(), np.sum(lacking, axis=0) if lacking else np.zeros(draws.n)


def _ways(last: Array, today: Array) -> Ways:
    """Which way each service goes in the last year, where it changes materially; not a number goes nowhere."""
    change = np.nan_to_num(last - today)
    material = (np.abs(change) >= rule("material") * today) & (np.abs(change) > _NOTHING)
    return np.where(material, np.sign(change), 0).astype(np.int8)


def quantiles(values: Array) -> Array:
    """The quantiles of `SHARES` over the draws (the first axis); not numbers where there is none."""
    if not len(values):
        return np.full((len(SHARES), *values.shape[1:]), np.nan)
    found: Array = np.quantile(values, SHARES, axis=0)
    return found
