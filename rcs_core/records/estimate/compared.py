"""Every comparison of a build, exact: clusters against the rest, waves, fifths, and shares for the funnel.

In: the prepared pupil surveys, waves newest first. Out: `Compared`, which never leaves the records room; `tell` makes
of it what may be said once cells are hidden.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from rcs_core.records.estimate.by_school import Places, Reading
from rcs_core.records.estimate.changes import changes, not_comparable
from rcs_core.records.estimate.compare import comparisons
from rcs_core.records.estimate.indicators import Catalogue
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
    made: dict[str, list[pd.DataFrame]] = {"comparisons": [], "changes": [], "inequality": [], "funnel": []}
    clusters: set[str] = set()
    for waves in surveys.values():
        places = [Places.of(survey) for survey in waves]
        clusters |= {code for place in places for code in place.clusters}
        readings = [dict(_readings(place, known)) for place in places]
        for place, read in zip(places, readings, strict=True):
            for indicator, reading in read.items():
                keys = dict(zip(_KEYS, (place.survey.code, place.survey.wave, indicator), strict=True))
                made["inequality"].append(inequality(reading, rules).assign(**keys))
                if not known.indicators[indicator].sensitive:
                    made["comparisons"].append(comparisons(reading, rules).assign(**keys))
                    made["funnel"].append(_shares(reading).assign(**keys, need_band=known.indicators[indicator].need_band))
        pairs = zip(pairwise(places), pairwise(readings), strict=True)
        for (newer, older), (now, before) in pairs:
            made["changes"] += list(_changes(newer, older, now, before, known, rules, sector_of))
    columns = {"comparisons": COMPARISONS, "changes": CHANGES, "inequality": INEQUALITY, "funnel": FUNNEL}
    frames = {name: _joined(parts, columns[name]) for name, parts in made.items()}
    return Compared(**frames, clusters=frozenset(clusters), rules=rules)


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


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
) -> Iterator[pd.DataFrame]:
    """The changes of every indicator of either wave; without numbers where the waves are not comparable."""
    for indicator in (code for code in known.asked(newer.survey.code) if code in now or code in before):
        reason = not_comparable(newer, older, indicator, known.indicators[indicator].comparable_since)
        if reason:
            areas = [newer.survey.council, *(code for code in newer.clusters if code in older.clusters)]
            found = pd.DataFrame({"area": areas, "value": np.nan, "low": np.nan, "high": np.nan, "p": np.nan})
        else:
            found = changes(now[indicator], before[indicator], sector_of, rules)
        if known.indicators[indicator].sensitive:
            found = found[found["area"] == newer.survey.council]
        keys = {"survey": newer.survey.code, "indicator": indicator}
        yield found.assign(**keys, wave_from=older.survey.wave, wave_to=newer.survey.wave, reason=reason)


def _shares(reading: Reading) -> pd.DataFrame:
    """The exact share of every cluster and school with answers: area, level, share, top (the council's code), council."""
    places = reading.places
    parts = (("cluster", places.clusters, reading.cluster), ("school", places.schools, reading.share))
    made = [pd.DataFrame({"area": list(codes), "level": level, "share": shares}) for level, codes, shares in parts]
    found = pd.concat(made, ignore_index=True).assign(top=places.survey.council, council=reading.council)
    return found[found["share"].notna()]
