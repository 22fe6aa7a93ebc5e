"""How wide is it? The plan carried out as it stands in many draws of the inputs: by year, where nine tenths and half of them lie.

No plan is worked out anew. Prevention is paid for as planned, need follows, care is given as need asks, and a purse for which
that is too much is short: how often, and by how much, is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rcs_core.workshop.explore.ranges import SEED
from rcs_core.workshop.explore.redrawn import quantiles
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario.draws import Array, Draws, and_first, from_ranges
from rcs_core.workshop.scenario.engine import asked
from rcs_core.workshop.scenario.fixed_plan import needed_places
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.redraw import free_to_draw
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.simulate import Simulated, carry_out, cost_as_today
from rcs_core.workshop.scenario.simulate_purse import PurseDraws


@dataclass(frozen=True, slots=True)
class Band:
    """One figure in all draws: quantiles (rows, as `redrawn.SHARES`) by year, and the figure of the plan itself by year.

    A figure that is one for the whole plan has one column.
    """

    quantiles: Array
    likely: Array

    @property
    def middle(self) -> Array:
        """The median by year."""
        found: Array = self.quantiles[len(self.quantiles) // 2]
        return found

    @property
    def low(self) -> Array:
        """The low end of where nine tenths of the draws lie, by year."""
        found: Array = self.quantiles[0]
        return found

    @property
    def high(self) -> Array:
        """The high end of where nine tenths of the draws lie, by year."""
        found: Array = self.quantiles[-1]
        return found


@dataclass(frozen=True, slots=True)
class Short:
    """How often money falls short, and by how much: over the plan (all years together), in the draws in which it does.

    share: of the draws. by: quantiles of what is lacking where some is (not numbers where none ever is).
    """

    share: float
    by: Array


@dataclass(frozen=True, slots=True)
class Fan:
    """What becomes of a plan in `n` draws of a seed.

    need: of each responsive service, under the plan. released: what they cost less than if prevention were spent as
    today. shortfall: of each agency's purse. outcome: one for the plan. share: the preventative share of preventative
    and responsive spend. short: of all purses together; short_of: by agency. unmet: the share of draws in which some
    need goes unmet. drawn: the inputs that were drawn; left_out: ranges on which the fate of a fixed plan does not hang.
    """

    n: int
    seed: int
    need: Mapping[str, Band]
    released: Band
    shortfall: Mapping[str, Band]
    outcome: Band
    share: Band
    short: Short
    short_of: Mapping[str, Short]
    unmet: float
    drawn: tuple[str, ...]
    left_out: tuple[str, ...]


def fans(scenario: Scenario, result: Result, n: int | None = None, seed: int = SEED) -> Fan:
    """Carry a solved plan out in `n` draws from the ranges that the scenario states.

    n: as the contract says where nothing is given. Raises ScenarioError where there is no plan to carry out.
    """
    plan, count = needed_places(scenario, result), int(rule("simulated")) if n is None else n
    free = free_to_draw(scenario)
    draws = from_ranges(free, count, seed)
    first = and_first(asked(scenario)[0], draws)
    many, left_out = carry_out(free, plan, first)
    lacking = {a: _lacking(purse) for a, purse in many.purses.items()}
    total, needs = _sum(lacking.values(), np.zeros((first.n, scenario.horizon))), _needs(many)
    released = cost_as_today(free, first) - _sum(many.cost.values(), np.zeros_like(total))
    found = _bands([*needs.values(), *lacking.values(), released, many.share, many.outcome[:, None]])
    services, agencies, idle = len(needs), len(lacking), _idle(scenario, draws)
    return Fan(
        n=count,
        seed=seed,
        need=dict(zip(needs, found, strict=False)),
        shortfall=dict(zip(lacking, found[services:], strict=False)),
        released=found[services + agencies],
        share=found[services + agencies + 1],
        outcome=found[services + agencies + 2],
        short=_short(total[1:]),
        short_of={a: _short(one[1:]) for a, one in lacking.items()},
        unmet=_unmet(many),
        drawn=tuple(path for path in draws.values if path not in left_out and path not in idle),
        left_out=(*left_out, *idle),
    )


def _idle(scenario: Scenario, draws: Draws) -> tuple[str, ...]:
    """What could be prevented of needs on which nothing acts: drawn or not, it changes nothing."""
    acted_on = {need for service in scenario.prevention for need in service.acts_on}
    places = tuple(f"/acute/{i}/preventable" for i, d in enumerate(scenario.acute) if d.id not in acted_on)
    return tuple(path for path in draws.values if path.startswith(places)) if places else ()


_ROUNDING = 1e-6
"""A shortfall less than this, against the purse, is rounding."""


def _lacking(purse: PurseDraws) -> Array:
    """What a purse lacks, rounding left out."""
    return np.where(purse.shortfall > _ROUNDING * (1 + np.abs(purse.budget)), purse.shortfall, 0.0)


def _bands(many: Sequence[Array]) -> list[Band]:
    """The quantiles of several figures, worked out at once; the first row of each is the plan itself, and no draw."""
    ends, rows = np.cumsum([one.shape[1] for one in many])[:-1], np.concatenate(many, axis=1)
    parts = zip(np.split(quantiles(rows[1:]), ends, axis=1), np.split(rows[0], ends), strict=True)
    return [Band(spread, likely) for spread, likely in parts]


def _sum(arrays: Iterable[Array], like: Array) -> Array:
    return sum(arrays, np.zeros_like(like))


def _needs(found: Simulated) -> dict[str, Array]:
    """Need that is left of each responsive service, over groups and localities: met and unmet."""
    needs: dict[str, Array] = {}
    for (service, *_), met in found.met.items():
        needs[service] = needs.get(service, 0.0) + met
    for (service, *_), unmet in found.unmet.items():
        needs[service] = needs[service] + unmet
    return needs


def _unmet(found: Simulated) -> float:
    """The share of draws in which some need goes unmet."""
    total = _sum(found.unmet.values(), np.zeros((found.n, found.share.shape[1])))
    return float((total > _ROUNDING * (1 + _sum(found.met.values(), total))).any(axis=1)[1:].mean())


def _short(lacking: Array) -> Short:
    """How often the purses lack money in some year, and how much over the whole plan when they do."""
    total = lacking.sum(axis=1)
    falls = total > 0
    return Short(float(falls.mean()), quantiles(total[falls]))
