"""Every comparison of a build, exact: clusters against the rest, waves, fifths, and shares for the funnel.

In: the prepared pupil surveys, waves newest first. Out: `Compared`, which never leaves the records room; `tell` makes
of it what may be said once cells are hidden.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate.by_school import Places, Reading
from rcs_core.records.estimate.changes import changes, not_comparable
from rcs_core.records.estimate.compare import Judged, comparisons
from rcs_core.records.estimate.inequality import inequality
from rcs_core.records.estimate.pupils import PupilSurvey
from rcs_core.records.estimate.rules import Rules

_KEYS = ["survey", "wave", "indicator"]
_TEST = ["area", "value", "low", "high", "p"]
COMPARISONS = [*_KEYS, *_TEST]
CHANGES = ["survey", "indicator", "wave_from", "wave_to", *_TEST, "reason"]
INEQUALITY = [*_KEYS, "measure", "value", "low", "high"]
FUNNEL = [*_KEYS, "need_band", "area", "level", "share", "top", "council"]


@dataclass(frozen=True, slots=True)
class Compared:
    """Exact comparisons, all of the share with need (0 to 1); p is of a two-sided test, NaN where nothing can be tested.

    comparisons, changes, inequality, funnel: frames with the columns named above. clusters: the codes of all clusters.
    reason (of changes): why two waves are not comparable, else blank. rules: the thresholds they are told by.
    """

    comparisons: pd.DataFrame
    changes: pd.DataFrame
    inequality: pd.DataFrame
    funnel: pd.DataFrame
    clusters: frozenset[str]
    rules: Rules


def compared(surveys: Mapping[str, list[PupilSurvey]], known: Catalogue, rules: Rules, schools: pd.DataFrame) -> Compared:
    """Compare everything that can be compared, before anything is hidden.

    surveys: by code, its waves newest first. schools: school_code and sector of every school of any wave. Sensitive
    indicators are compared for the council only.
    """
    sector_of = dict(zip(schools["school_code"].astype(str), schools["sector"].astype(str), strict=True))
    rows: dict[str, list[tuple[object, ...]]] = {"comparisons": [], "changes": [], "inequality": [], "funnel": []}
    clusters: set[str] = set()
    for waves in surveys.values():
        places = [Places.of(survey) for survey in waves]
        clusters |= {code for place in places for code in place.clusters}
        readings = [dict(_readings(place, known)) for place in places]
        for place, read in zip(places, readings, strict=True):
            for indicator, reading in read.items():
                keys, about = (place.survey.code, place.survey.wave, indicator), known.indicators[indicator]
                rows["inequality"] += [(*keys, *row) for row in inequality(reading, rules)]
                if not about.sensitive:
                    tests = comparisons(reading, rules)
                    rows["comparisons"] += [(*keys, *row) for row in zip(place.clusters, *tests, strict=True)]
                    rows["funnel"] += [(*keys, about.need_band, *row) for row in _shares(reading)]
        for (newer, older), (now, before) in zip(pairwise(places), pairwise(readings), strict=True):
            rows["changes"] += list(_changes(newer, older, now, before, known, rules, sector_of))
    columns = {"comparisons": COMPARISONS, "changes": CHANGES, "inequality": INEQUALITY, "funnel": FUNNEL}
    frames = {name: pd.DataFrame(made, columns=columns[name]) for name, made in rows.items()}
    return Compared(**frames, clusters=frozenset(clusters), rules=rules)


def _readings(places: Places, known: Catalogue) -> Iterator[tuple[str, Reading]]:
    for indicator in places.survey.cube.indicators:
        yield indicator, Reading.of(places, indicator, known.indicators[indicator].need_band)


def _changes(
    newer: Places,
    older: Places,
    now: dict[str, Reading],
    before: dict[str, Reading],
    known: Catalogue,
    rules: Rules,
    sector_of: dict[str, str],
) -> Iterator[tuple[object, ...]]:
    """The changes of every indicator of either wave; without numbers where the waves are not comparable."""
    shared = [newer.survey.council, *(code for code in newer.clusters if code in older.clusters)]
    for indicator in (code for code in known.asked(newer.survey.code) if code in now or code in before):
        reason = not_comparable(newer, older, indicator, known.indicators[indicator].comparable_since)
        nothing = np.full(len(shared), np.nan)
        areas, tests = shared, Judged(nothing, nothing, nothing, nothing)
        if not reason:
            areas, tests = changes(now[indicator], before[indicator], sector_of, rules)
        said = zip(areas, *tests, strict=True)
        for row in (next(said),) if known.indicators[indicator].sensitive else said:
            yield newer.survey.code, indicator, older.survey.wave, newer.survey.wave, *row, reason


def _shares(reading: Reading) -> Iterator[tuple[object, ...]]:
    """The exact share of every cluster and school with answers: area, level, share, top (the council's code), council."""
    places = reading.places
    for level, codes, shares in (("cluster", places.clusters, reading.cluster), ("school", places.schools, reading.share)):
        for code, share in zip(codes, shares, strict=True):
            if np.isfinite(share):
                yield code, level, share, places.survey.council, reading.council
