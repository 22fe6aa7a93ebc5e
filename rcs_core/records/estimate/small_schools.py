"""Small schools are told together: who is told with whom, in each survey and wave by its own roll.

In: the prepared pupil surveys. Out: the area under which each small school stands. A school under the threshold is told with
the other small schools of its cluster; one alone is joined by the next smallest, since its cluster less the schools shown
would be that one school. Where all schools of a cluster would be one such area, the cluster says it already.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.records.estimate.pupils import PupilSurvey

SUFFIX = "-small"

Rolls = dict[str, dict[str, int]]
"""Pupils on the roll of one survey and wave, by cluster and school."""


@dataclass(frozen=True, slots=True)
class Together:
    """Small schools of one cluster, told as one area of a survey and wave; no area where they are the whole cluster."""

    survey: str
    wave: str
    area: str
    cluster: str
    schools: tuple[str, ...]


def together(surveys: Iterable[PupilSurvey], least: int) -> tuple[Together, ...]:
    """The areas of small schools; least: pupils on the roll of a survey's stages (0: no school is small)."""
    found = []
    for survey in surveys:
        for cluster, schools in sorted(_rolls(survey.asked).items()):
            small = {school for school, pupils in schools.items() if pupils < least}
            small |= {_next(schools, small)} - {""}
            area = "" if len(small) == len(schools) else f"{cluster}{SUFFIX}"
            if small:
                found.append(Together(survey.code, survey.wave, area, cluster, tuple(sorted(small))))
    return tuple(found)


def _next(schools: Mapping[str, int], small: set[str]) -> str:
    """The next smallest school of a cluster in which one small school stands alone; blank where there is none."""
    others = sorted((pupils, school) for school, pupils in schools.items() if school not in small)
    return others[0][1] if others and len(schools) - len(others) == 1 else ""


def _rolls(asked: pd.DataFrame) -> Rolls:
    pupils = asked.groupby(["cluster_code", "school_code"], observed=True).size().reset_index(name="pupils")
    found: Rolls = defaultdict(dict)
    for cluster, school, many in zip(pupils["cluster_code"], pupils["school_code"], pupils["pupils"], strict=True):
        found[str(cluster)][str(school)] = int(many)
    return found


def told_together(survey: PupilSurvey, areas: Iterable[Together]) -> PupilSurvey:
    """The survey with the area under which each of its small schools is told; blank where that is the whole cluster."""
    own = [one for one in areas if (one.survey, one.wave) == (survey.code, survey.wave)]
    return replace(survey, told={school: one.area for one in own for school in one.schools})


def listed(places: pd.DataFrame, areas: Iterable[Together]) -> pd.DataFrame:
    """The frame of areas (area, name, level, parent) and each area of small schools; `members` names them, by wave."""
    name_of: Mapping[str, str] = dict(zip(places["area"], places["name"], strict=True))
    frame, rows, clusters = places.assign(members=""), [], dict[str, str]()
    names: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in areas:
        if one.area:
            clusters[one.area] = one.cluster
            names[one.area][one.wave] |= {name_of.get(school, school) for school in one.schools}
    for area, waves in sorted(names.items()):
        cluster = name_of.get(clusters[area], clusters[area]).removesuffix(" cluster")
        members = "; ".join(f"{wave}: {', '.join(sorted(schools))}" for wave, schools in waves.items())
        rows.append((area, f"Small schools of {cluster} together", "school", clusters[area], members))
    return pd.concat([frame, pd.DataFrame(rows, columns=frame.columns)], ignore_index=True).astype(str)
