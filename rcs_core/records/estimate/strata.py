"""The variance within strata: the one place where scale, finite population and lonely units are decided.

Shared by the general estimator (sums of clusters) and by the cube (sums of children), so that both follow the same rules.
Reference: Lumley (2010), *Complex Surveys*, chapter 2; the conventions are those of R's `survey` package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from rcs_core.errors import ContractError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CENSUS = 1e-7
"""A stratum with less than this share unsampled is a census of itself and adds nothing."""


class Lonely(StrEnum):
    """What to do with a stratum that holds one sampled unit."""

    FAIL = "fail"
    ADJUST = "adjust"
    REMOVE = "remove"
    CERTAINTY = "certainty"


class LonelyUnitError(ContractError):
    """A stratum that is asked about holds one sampled unit, and the rule for it is `fail`."""


@dataclass(frozen=True, slots=True)
class Scale:
    """For each stratum: what its squared deviations are multiplied by, and whether they are taken from its own mean.

    A stratum without `own_mean` is measured from 0, the grand mean of linearised scores.
    """

    factor: Floats
    own_mean: Flags


def scale(
    sampled: Floats,
    population: Floats,
    present: Floats,
    rule: Lonely,
    adjust_domain: bool = False,
    names: Sequence[str] = (),
) -> Scale:
    """The scale of each stratum: (1 - f) n / (n - 1), by its sampled units n and its population (inf without an fpc).

    present: units that the domain holds. A lonely unit counts for nothing under `remove` and `certainty`, raises
    LonelyUnitError under `fail`, and is measured from the grand mean of the scores under `adjust`, as in `survey` 4.1 (since
    4.3 the mean of the units' sums is taken off, which moves totals only). `adjust_domain` makes `adjust` treat a
    stratum that the domain leaves with one unit as lonely too.
    """
    unsampled = np.where(np.isinf(population), 1.0, 1 - sampled / np.where(np.isinf(population), 1.0, population))
    lonely, open_ = sampled <= 1, unsampled >= CENSUS
    if rule is Lonely.FAIL and np.any(lonely & open_):
        at = int(np.flatnonzero(lonely & open_)[0])
        raise LonelyUnitError(
            "a stratum holds one sampled unit only",
            f"stratum {names[at]}" if len(names) else "a stratum",
            "1",
            "2 or more",
            "choose lonely_psu adjust, remove or certainty, or join the stratum to a neighbour",
        )
    factor = np.where(lonely, unsampled, unsampled * sampled / np.maximum(sampled - 1, 1))
    from_grand_mean = (rule is Lonely.ADJUST) & (lonely | (adjust_domain & (present <= 1)))
    return Scale(np.where(open_, factor, 0.0), ~from_grand_mean)
