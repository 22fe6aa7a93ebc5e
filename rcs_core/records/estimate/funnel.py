"""Funnel limits: how far an area of its size may lie from the council by chance, widened for what schools differ anyway.

Exact binomial limits around the council's share, interpolated between whole answers; then their distance from the
share is multiplied by √φ, φ the overdispersion of the areas' z-scores, winsorised.
Reference: Spiegelhalter (2005), *Statistics in Medicine* 24.
"""

import numpy as np
from scipy import special

from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Floats


def exact_limit(share: float, answers: Floats, tail: float) -> Floats:
    """The lower binomial limit at probability `tail`, as a share, interpolated between whole answers; within 0 and 1.

    With r the least count whose cumulative probability reaches the tail, the limit is (r - α)/n, where α is how far the
    cumulative probability of r overshoots, as a part of the probability of r itself. No count below it is likelier
    than the tail.
    """
    least = _least_count(share, answers, tail)
    over = _up_to(least, answers, share) - tail
    of_it = _up_to(least, answers, share) - _up_to(least - 1, answers, share)
    part = np.divide(over, of_it, out=np.zeros_like(of_it), where=of_it > 0)
    return np.asarray(((least - part) / answers).clip(0, 1))


def _least_count(share: float, answers: Floats, tail: float) -> Floats:
    """The least count whose cumulative binomial probability reaches the tail."""
    near = np.ceil(special.bdtrik(tail, answers, share)).clip(0, answers)
    before = (near - 1).clip(0)
    return np.asarray(np.where(_up_to(before, answers, share) >= tail, before, near), dtype=float)


def _up_to(count: Floats, answers: Floats, share: float) -> Floats:
    """The binomial probability of at most this count, as an incomplete beta function."""
    within = special.betainc(np.maximum(answers - count, 1e-300), count + 1, 1 - share)
    return np.asarray(np.where(count < 0, 0.0, np.where(count >= answers, 1.0, within)), dtype=float)


def overdispersion(shares: Floats, answers: Floats, council: float, rules: Rules) -> float:
    """φ: the mean square of winsorised z-scores of areas, 1 unless a chi-square test says that it is more."""
    if len(shares) < 2 or not 0 < council < 1:
        return 1.0
    z = (shares - council) / np.sqrt(council * (1 - council) / answers)
    low, high = np.quantile(z, [rules.funnel_winsorised, 1 - rules.funnel_winsorised])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    surely = len(z) * phi > special.chdtri(len(z) - 1, 1 - rules.confidence)
    return max(phi, 1.0) if surely else 1.0


def limits(council: float, answers: Floats, phi: float, inside: float) -> tuple[Floats, Floats]:
    """The two limits that hold at least a share `inside` of areas like the council, as shares within 0 and 1.

    The upper limit is the lower one of the opposite answer: interpolated from below it would cut off counts that are
    likely (all of 20 answers at a share of 0.9, say).
    """
    if not 0 < council < 1:
        return np.full(len(answers), council), np.full(len(answers), council)
    tail, wider = (1 - inside) / 2, np.sqrt(phi)
    low, high = exact_limit(council, answers, tail), 1 - exact_limit(1 - council, answers, tail)
    return (council + (low - council) * wider).clip(0, 1), (council + (high - council) * wider).clip(0, 1)
