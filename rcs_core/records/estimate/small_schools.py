"""Small schools are told together: who is told with whom, decided once for all surveys and waves of a release.

In: the prepared pupil surveys. Out: the area under which each small school stands. A school under the threshold in any survey
and wave is told with the other small schools of its cluster; one alone is joined by the next smallest, since its cluster less
the schools shown would be that one school. Where all schools of a cluster would be one such area, the cluster says it already.
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
    """Small schools of one cluster, told as one area."""

    area: str
    cluster: str
    schools: tuple[str, ...]


def together(surveys: Iterable[PupilSurvey], least: int) -> tuple[Together, ...]:
    """The areas of small schools, by cluster; least: pupils on the roll of a survey's stages (0: no school is small)."""
    rolls = [schools for survey in surveys for schools in _rolls(survey.asked).items()]
    small = {school for _, schools in rolls for school, pupils in schools.items() if pupils < least}
    while joining := {_next(schools, small) for _, schools in rolls} - {""}:
        small |= joining
    found: dict[str, set[str]] = defaultdict(set)
    for cluster, schools in rolls:
        found[cluster] |= small & set(schools)
    return tuple(Together(f"{c}{SUFFIX}", c, tuple(sorted(schools))) for c, schools in sorted(found.items()) if schools)


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
    here = _rolls(survey.asked)
    told: dict[str, str] = {}
    for one in areas:
        alone = set(here.get(one.cluster, {})) <= set(one.schools)
        told |= dict.fromkeys(set(one.schools) & set(here.get(one.cluster, {})), "" if alone else one.area)
    return replace(survey, told=told)


def listed(places: pd.DataFrame, areas: Iterable[Together]) -> pd.DataFrame:
    """The frame of areas (area, name, level, parent) with small schools as one area each; `members` names them."""
    name_of: Mapping[str, str] = dict(zip(places["area"], places["name"], strict=True))
    frame, rows = places.assign(members=""), []
    for one in areas:
        cluster = name_of.get(one.cluster, one.cluster).removesuffix(" cluster")
        names = "; ".join(sorted(name_of.get(school, school) for school in one.schools))
        rows.append((one.area, f"Small schools of {cluster} together", "school", one.cluster, names))
    hidden = {school for one in areas for school in one.schools}
    more = pd.DataFrame(rows, columns=frame.columns)
    return pd.concat([frame[~frame["area"].isin(hidden)], more], ignore_index=True).astype(str)
