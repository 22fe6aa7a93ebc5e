"""Has need risen or fallen since the wave before? Changes of the council and its clusters, with shared schools' covariance.

A school that answered in both waves is one unit: what it is like in both cancels out. A school of one wave only counts
in that wave. In: readings of two waves. Out: exact changes with their tests, or why two waves cannot be compared.
"""

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd

from rcs_core.records.estimate.by_school import Places, Reading
from rcs_core.records.estimate.compare import Differences, Judged, Schools, between, chance_of, pooled, two_sided
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Floats, Ints
from rcs_core.records.estimate.strata import Flags, Lonely, scale
from rcs_core.settings import disclosure


@dataclass(frozen=True, slots=True)
class Waves:
    """Two readings of one indicator, laid over the schools of either wave.

    now, before: each school's place in a reading, -1 where it is not in that wave. clusters: those of both waves;
    cluster_of: each school's, -1 where it moved or its cluster is of one wave only.
    """

    newer: Reading
    older: Reading
    schools: tuple[str, ...]
    now: Ints
    before: Ints
    clusters: tuple[str, ...]
    cluster_of: Ints

    @classmethod
    def of(cls, newer: Reading, older: Reading) -> "Waves":
        """Lay two waves over one another."""
        schools = tuple(sorted({*newer.places.schools, *older.places.schools}))
        now, before = (pd.Index(r.places.schools).get_indexer(pd.Index(schools)) for r in (newer, older))
        clusters = tuple(c for c in newer.places.clusters if c in older.places.clusters)
        homes = [_homes(reading, place) for reading, place in ((newer, now), (older, before))]
        home = [a if a == b or not b else b if not a else "" for a, b in zip(*homes, strict=True)]
        of_school = pd.Index(clusters).get_indexer(pd.Index(home, dtype=object)).astype(np.int64)
        return cls(newer, older, schools, now.astype(np.int64), before.astype(np.int64), clusters, of_school)

    def laid(self, values: Floats, wave: Ints) -> Floats:
        """One wave's values, a row a school of either wave; 0 where the school is not in the wave."""
        found = values[wave.clip(min=0)]
        return np.where((wave >= 0).reshape((-1,) + (1,) * (found.ndim - 1)), found, 0.0)

    @property
    def bases(self) -> tuple[Floats, Floats]:
        """Weighted answers by school, now and before."""
        return self.laid(self.newer.base, self.now), self.laid(self.older.base, self.before)


def _homes(reading: Reading, places: Ints) -> list[str]:
    return ["" if k < 0 else reading.places.clusters[reading.places.cluster_of[k]] for k in places]


def not_comparable(newer: Places, older: Places, indicator: str, since: str) -> str:
    """Why the two waves' answers cannot be compared, in words; blank where they can."""
    if since and since[:4] > older.survey.wave[:4]:
        return f"The wording changed in {since}"
    asked = [indicator in places.survey.cube.indicators for places in (newer, older)]
    if not all(asked):
        return f"Not asked in {(newer if not asked[0] else older).survey.wave}"
    if not set(newer.schools) & set(older.schools):
        return "No school answered in both waves"
    now, before = (_stages(places, indicator) for places in (newer, older))
    return "" if now == before else "Not answered by the same stages in both waves"


def _stages(places: Places, indicator: str) -> set[str]:
    """The stages with as many answers as may be shown: a handful of strays makes no other survey."""
    cube = places.survey.cube
    column = cube.indicators.index(indicator)
    kinds, stage_of = np.unique(cube.cells["stage"].to_numpy(dtype=str), return_inverse=True)
    answers = np.bincount(stage_of[cube.cell_of], cube.yes[:, column] + cube.no[:, column])
    return {str(code) for code in kinds[answers >= disclosure().min_cell]}


def changes(newer: Reading, older: Reading, sector_of: dict[str, str], rules: Rules) -> tuple[list[str], Judged]:
    """The areas (the council, then the clusters of both waves) and their changes, tested."""
    waves = Waves.of(newer, older)
    top, below = council_change(waves, sector_of), cluster_changes(waves, rules)
    both = Differences(*(np.concatenate(pair) for pair in zip(astuple(top), astuple(below), strict=True)))
    return [newer.places.survey.council, *waves.clusters], two_sided(both, rules)


def council_change(waves: Waves, sector_of: dict[str, str]) -> Differences:
    """The change of the whole area: schools of both waves are units within sectors; df schools less sectors."""
    scores = waves.laid(waves.newer.council_scores, waves.now) - waves.laid(waves.older.council_scores, waves.before)
    _, stratum = np.unique([sector_of.get(school, "") for school in waves.schools], return_inverse=True)
    many = np.bincount(stratum).astype(float)
    rule = scale(many, np.full(len(many), np.inf), many, Lonely.ADJUST)
    middle = np.where(rule.own_mean, np.bincount(stratum, scores) / many, 0.0)
    variance = float(rule.factor[stratum] @ (scores - middle[stratum]) ** 2)
    valid = np.add(*waves.bases) > 0
    df = float(valid.sum() - len(np.unique(stratum[valid])))
    return Differences(np.array([waves.newer.council - waves.older.council]), np.array([variance]), np.array([df]))


def cluster_changes(waves: Waves, rules: Rules) -> Differences:
    """The change of each cluster, its variance pooled over clusters like that of a difference.

    A school of both waves brings the variance of schools' changes; a school of one wave that of schools' shares then.
    """
    if not waves.clusters:
        return Differences(np.zeros(0), np.zeros(0), np.zeros(0))
    now, before = waves.bases
    shared, chance = (now > 0) & (before > 0), np.add(*_chances(waves))
    spread, df = _pooled_change(waves, shared, chance, rules)
    alone = [pooled(reading, rules)[0].max(initial=0.0) for reading in (waves.newer, waves.older)]
    value, variance = np.zeros(len(waves.clusters)), np.zeros(len(waves.clusters))
    for k, code in enumerate(waves.clusters):
        inside = waves.cluster_of == k
        parts = [_part(base, inside) for base in (now, before)]
        per_school = np.where(shared, ((parts[0] + parts[1]) / 2) ** 2 * (spread[k] + chance), 0.0)
        for part, other in zip(parts, alone, strict=True):
            per_school += np.where(shared, 0.0, part**2 * (other + chance))
        variance[k] = per_school.sum()
        value[k] = np.subtract(*(r.cluster[r.places.clusters.index(code)] for r in (waves.newer, waves.older)))
    return Differences(value, variance, df)


def _chances(waves: Waves) -> tuple[Floats, Floats]:
    """The variance of a school's share from its answers, now and before (0 where it did not answer)."""
    newer, older = waves.newer, waves.older
    now = waves.laid(chance_of(newer.council, newer.steady), waves.now)
    return now, waves.laid(chance_of(older.council, older.steady), waves.before)


def _part(base: Floats, keep: Flags) -> Floats:
    total = float(base[keep].sum())
    return np.where(keep, base, 0.0) / total if total > 0 else np.zeros(len(base))


def _pooled_change(waves: Waves, shared: Flags, chance: Floats, rules: Rules) -> tuple[Floats, Floats]:
    """The variance of true changes between schools and its degrees of freedom, one number a cluster."""
    many = len(waves.clusters)
    schools, df = _within(waves, shared, chance)
    if df >= rules.min_df:
        return np.full(many, between(schools)), np.full(many, df)
    outside = [_outside(waves, k, shared, chance) for k in range(many)]
    if df >= max((freedom for _, freedom in outside), default=0.0):
        return np.full(many, between(schools)), np.full(many, df)
    return np.array([between(s) for s, _ in outside]), np.array([freedom for _, freedom in outside])


def _within(waves: Waves, shared: Flags, chance: Floats) -> tuple[Schools, float]:
    """The change of every shared school against its own cluster's."""
    inside, sides = waves.cluster_of >= 0, []
    for reading, place in ((waves.newer, waves.now), (waves.older, waves.before)):
        column = np.array([reading.places.clusters.index(code) for code in waves.clusters], dtype=np.int64)
        own = reading.cluster_scores[place.clip(min=0), column[waves.cluster_of]]
        sides.append(np.where(inside & (place >= 0), own, 0.0))
    return _kept(waves, sides, waves.cluster_of, inside, shared, chance)


def _outside(waves: Waves, cluster: int, shared: Flags, chance: Floats) -> tuple[Schools, float]:
    """The change of every shared school outside a cluster against that of all of these."""
    code = waves.clusters[cluster]
    sides = [
        waves.laid(reading.rest_scores[:, reading.places.clusters.index(code)], place)
        for reading, place in ((waves.newer, waves.now), (waves.older, waves.before))
    ]
    inside = (waves.cluster_of >= 0) & (waves.cluster_of != cluster)
    return _kept(waves, sides, np.zeros(len(inside), dtype=np.int64), inside, shared, chance)


def _kept(waves: Waves, sides: list[Floats], group: Ints, inside: Flags, shared: Flags, chance: Floats) -> tuple[Schools, float]:
    """Scores of both waves made one deviation of the change, by each wave's own part of its group's base."""
    keep = inside & shared
    away, parts = np.zeros(int(keep.sum())), np.zeros(int(keep.sum()))
    for base, scores, sign in zip(waves.bases, sides, (1, -1), strict=True):
        whole = np.bincount(group[inside], base[inside], minlength=1)
        part = base[keep] / whole[group[keep]]
        away += sign * scores[keep] / part
        parts += part / 2
    return Schools(away, parts, group[keep], chance[keep]), float(keep.sum() - len(np.unique(group[keep])))
