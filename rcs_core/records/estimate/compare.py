"""Is a cluster different from the rest of the area? Differences, variances pooled over clusters, Benjamini-Hochberg.

A cluster's own spread is a poor guide to its chance: with one secondary it is exactly zero, with six primaries too
small. So one variance between schools is estimated for each indicator and used for every cluster. In: readings by
school. Out: differences with their variance and degrees of freedom; nothing is rounded or hidden here.
References: Benjamini and Hochberg (1995), *J. R. Statist. Soc. B* 57; docs/methods/estimates.md.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.by_school import Reading
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Floats, Ints
from rcs_core.records.estimate.strata import Flags

_ROUNDS = 5
"""Rounds of weighting schools by what is found; the variance settles to three digits in two or three."""
_NOTHING = 1e-18
"""A variance under this is none: nothing can be tested against it."""


@dataclass(frozen=True, slots=True)
class Schools:
    """The schools that a variance is learned from, one entry a school.

    away: how far each stands from the share of its group; part: its part of the group's weighted base; group: the
    group's place; chance: the variance of its share from its number of answers alone, p(1 - p)/n.
    """

    away: Floats
    part: Floats
    group: Ints
    chance: Floats


def between(schools: Schools) -> float:
    """The variance of true shares between schools of one group, in squared shares; never negative.

    The group's share holds the school itself, so E(away²) = (1 - 2a) v + Σ a² v over the group, v = between + chance:
    solved for `between` by moments, schools weighted by 1/v of the round before. A group of one school says nothing.
    """

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(schools.group, values, minlength=size)[schools.group])

    size = int(schools.group.max(initial=-1)) + 1
    squares = schools.part**2
    hold = 1 - 2 * schools.part + summed(squares)
    noise = (1 - 2 * schools.part) * schools.chance + summed(squares * schools.chance)
    found, weight = 0.0, np.ones(len(schools.away))
    for _ in range(_ROUNDS):
        bottom = float(weight @ hold)
        if bottom <= _NOTHING:
            return 0.0
        found = max(float(weight @ (schools.away**2 - noise)) / bottom, 0.0)
        if not np.all(found + schools.chance > 0):
            break
        weight = 1 / (found + schools.chance)
    return found


@dataclass(frozen=True, slots=True)
class Differences:
    """One number a cluster: share with need less that of the rest of the area, its variance and degrees of freedom."""

    value: Floats
    variance: Floats
    df: Floats


def chance_of(share: float, steady: Floats) -> Floats:
    """The variance of a school's share from its number of answers: p(1 - p)/n."""
    return np.divide(share * (1 - share), steady, out=np.zeros_like(steady), where=steady > 0)


def within_clusters(reading: Reading) -> tuple[Schools, float]:
    """Every school against its own cluster's share; degrees of freedom schools less clusters."""
    cluster_of, base, valid = reading.places.cluster_of, reading.base, reading.answered
    part = base / np.bincount(cluster_of, base, minlength=len(reading.places.clusters))[cluster_of].clip(min=_NOTHING)
    own = reading.cluster_scores[np.arange(len(base)), cluster_of]
    return _kept(own, part, cluster_of, chance_of(reading.council, reading.steady), valid)


def outside_cluster(reading: Reading, cluster: int) -> tuple[Schools, float]:
    """Every school outside a cluster against the share of all of these; degrees of freedom these less 1."""
    outside = reading.answered & (reading.places.cluster_of != cluster)
    part = np.where(outside, reading.base, 0.0) / max(float(reading.base[outside].sum()), _NOTHING)
    group = np.zeros(len(part), dtype=np.int64)
    return _kept(reading.rest_scores[:, cluster], part, group, chance_of(reading.council, reading.steady), outside)


def _kept(scores: Floats, part: Floats, group: Ints, chance: Floats, keep: Flags) -> tuple[Schools, float]:
    """Only the schools with answers, their scores made deviations; df is schools less groups."""
    schools = Schools(scores[keep] / part[keep], part[keep], group[keep], chance[keep])
    return schools, float(keep.sum() - len(np.unique(group[keep])))


def pooled(reading: Reading, rules: Rules) -> tuple[Floats, Floats]:
    """The variance between schools to test each cluster with, and its degrees of freedom, one number a cluster.

    Learned within all clusters at once; where these hold too few schools for that (one secondary each), from all
    schools outside the cluster, so that a cluster that differs does not hide itself.
    """
    many = len(reading.places.clusters)
    schools, df = within_clusters(reading)
    if df >= rules.min_df:
        return np.full(many, between(schools)), np.full(many, df)
    outside = [outside_cluster(reading, cluster) for cluster in range(many)]
    if df >= max((freedom for _, freedom in outside), default=0.0):
        return np.full(many, between(schools)), np.full(many, df)
    return np.array([between(s) for s, _ in outside]), np.array([freedom for _, freedom in outside])


def differences(reading: Reading, rules: Rules) -> Differences:
    """Every cluster against the rest of the area; NaN where a side has no answers or nothing varies."""
    spread, df = pooled(reading, rules)
    inside = (reading.places.cluster_of[:, None] == np.arange(len(spread))) * reading.base[:, None]
    squares = sum((side / side.sum(axis=0).clip(min=_NOTHING)) ** 2 for side in (inside, reading.base[:, None] - inside))
    variance = spread * squares.sum(axis=0) + chance_of(reading.council, reading.steady) @ squares
    return Differences(reading.cluster - reading.rest, variance, df)


class Judged(NamedTuple):
    """Values with the ends of their intervals (shares) and the p of a two-sided t test; NaN where it cannot be had."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats


def two_sided(found: Differences, rules: Rules) -> Judged:
    """Test each difference against none; its interval is cut at -1 and 1."""
    known = np.isfinite(found.value) & (found.variance > _NOTHING) & (found.df > 0)
    error, freedom = np.sqrt(np.where(known, found.variance, np.nan)), np.where(known, found.df, np.nan)
    ends = intervals.wald(found.value, error, freedom, rules.confidence)
    p = 2 * special.stdtr(freedom, -np.abs(found.value) / error)
    return Judged(found.value, ends.low.clip(-1, 1), ends.high.clip(-1, 1), p)


def benjamini_hochberg(p: Floats, q: float) -> Flags:
    """Which tests are flagged so that at most a share q of the flags is expected to be false.

    The largest k with p_(k) <= q k/m, and every p up to it, so equal p values share one fate. NaN is no test: it is
    not counted in m and never flagged.
    """
    tests = np.sort(p[np.isfinite(p)])
    passed = np.flatnonzero(tests <= q * np.arange(1, len(tests) + 1) / max(len(tests), 1))
    return np.asarray(np.isfinite(p) & (p <= tests[passed[-1]])) if len(passed) else np.zeros(len(p), dtype=bool)


def comparisons(reading: Reading, rules: Rules) -> Judged:
    """Every cluster against the rest of the area, tested."""
    return two_sided(differences(reading, rules), rules)
