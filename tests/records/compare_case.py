"""Invented schools in clusters, whose true shares are known: readings without a survey, for laws and simulations."""

from types import SimpleNamespace

import numpy as np
from scipy.special import ndtr, ndtri

from rcs_core.records.estimate.by_school import Reading

PRIMARIES = [6, 7, 5, 6, 8, 7, 6, 7]
"""Primary schools of eight clusters, as in a partnership of 20,000 pupils."""
SECONDARIES = [1] * 8


def reading(share: np.ndarray, base: np.ndarray, answers: np.ndarray, cluster_of: np.ndarray, codes: tuple = ()) -> Reading:
    """What a survey of these schools would give (one indicator, no margins): scores are parts times deviations."""
    many = int(cluster_of.max()) + 1
    inside = (cluster_of[:, None] == np.arange(many)).astype(float)
    with np.errstate(invalid="ignore"):
        parts = [side * base[:, None] / (side * base[:, None]).sum(axis=0) for side in (inside, 1 - inside)]
    cluster, rest = (part.T @ share for part in parts)
    council = float(base @ share / base.sum())
    places = SimpleNamespace(
        clusters=tuple(f"C{k + 1:02d}" for k in range(many)),
        cluster_of=cluster_of,
        schools=codes or tuple(f"S{k:03d}" for k in range(len(share))),
        survey=SimpleNamespace(council="999"),
    )
    return Reading(
        places, "it", base, answers, share,
        cluster, parts[0] * (share[:, None] - cluster), rest, parts[1] * (share[:, None] - rest),
        council, base / base.sum() * (share - council),
        np.full(5, council), np.ones(5), np.zeros((len(share), 5)), float(len(share) - 1),
    )  # fmt: skip


def page(
    rng: np.random.Generator, sizes: list[int], answers: tuple[int, int], shares: list[float], differ: float, lift: float = 0.0
) -> tuple[list[Reading], int]:
    """Readings of a page of indicators, and the cluster that is lifted by `lift` on the first of them.

    answers: least and most a school. differ: the variance between schools, on the probit scale.
    """
    cluster_of = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    n = rng.integers(*answers, len(cluster_of)).astype(float)
    base, odd, made = n * rng.uniform(1.15, 1.6, len(n)), int(rng.integers(len(sizes))), []
    for k, share in enumerate(shares):
        true = ndtr(ndtri(share) * np.sqrt(1 + differ) + np.sqrt(differ) * rng.standard_normal(len(n)))
        true = np.where((cluster_of == odd) & (k == 0), np.clip(true + lift, 0.01, 0.99), true)
        made.append(reading(rng.binomial(n.astype(int), true) / n, base, n, cluster_of))
    return made, odd


def own_variance(found: Reading) -> tuple[np.ndarray, np.ndarray]:
    """What each cluster's own schools would give: between schools of one sector, n/(n - 1), df schools - 1."""
    scores = found.cluster_scores - found.rest_scores
    n = len(scores)
    return ((scores - scores.mean(axis=0)) ** 2).sum(axis=0) * n / (n - 1), np.full(scores.shape[1], n - 1.0)
