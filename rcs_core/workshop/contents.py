"""What a release holds, what it lacks and what that means for the pages: the first thing a room is told."""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, Contact, Survey
from rcs_core.workshop import comparators, evidence, profiles, reach, spend_map
from rcs_core.workshop.evidence import SurveyInfo


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a release and what is not, each as lines to read."""

    holds: tuple[str, ...]
    missing: tuple[str, ...]
    surveys: int
    services: int


def contents(release: Release) -> Contents:
    """What a release holds and lacks, in the words of the pages."""
    surveys = evidence.surveys(release)
    services = len(release.tables["services"].frame) if "services" in release else 0
    holds = [*(_survey(release, s) for s in surveys), *_places(release), *_money(release, services), *_effects(release)]
    holds += _published(release)
    return Contents(tuple(holds), tuple(_missing(release, surveys)), len(surveys), services)


def _survey(release: Release, survey: SurveyInfo) -> str:
    asked = len(evidence.indicators(release, survey.code))
    response = f", {survey.response_pct:.0f}% answered" if survey.response_pct is not None else ""
    linked = ", linked to service contact" if reach.linked(release, survey.code) else ""
    return f"{survey.title}, {survey.wave}: {asked} questions{response}{linked}"


def _places(release: Release) -> list[str]:
    frame = release.frame("areas") if "areas" in release else pd.DataFrame({"area": [], "level": []})
    levels = frame[~frame["area"].isin(evidence.closed(release) | _no_schools(release, frame))]["level"].value_counts()
    clusters, schools = (int(levels.get(level.value, 0)) for level in (AreaLevel.CLUSTER, AreaLevel.SCHOOL))
    return [f"{clusters} school clusters and {schools} schools"] if clusters else []


def _no_schools(release: Release, frame: pd.DataFrame) -> set[str]:
    """Areas of small schools, which are no school, and schools that were told in such an area of an earlier wave only."""
    if "members" not in frame:
        return set()
    here = evidence.surveys(release)
    waves = {s.wave for s in here}
    now = {a.code for s in here for a in evidence.areas(release, f"{s.code}_area")}
    parts = [part.partition(": ") for members in frame["members"].map(evidence.text) for part in members.split("; ")]
    early, late = (
        {name for wave, _, names in parts if (wave in waves) is today for name in names.split(", ")} for today in (False, True)
    )
    gone = frame["name"].isin(early - late) & ~frame["area"].isin(now)
    return set(frame.loc[gone | frame["members"].map(evidence.text).ne(""), "area"].astype(str))


def _money(release: Release, services: int) -> list[str]:
    if not services:
        return []
    ledgers = len(release.tables["ledger_totals"].frame) if "ledger_totals" in release else 0
    return [f"{services} services, with the spend of {ledgers} ledgers mapped to them"]


def _effects(release: Release) -> list[str]:
    rows = release.tables["effects"].frame if "effects" in release else pd.DataFrame()
    return [f"Evidence of effect for {rows['service_id'].nunique()} preventative services"] if len(rows) else []


def _published(release: Release) -> list[str]:
    many = len(comparators.measures(release))
    return [f"{many} published figure{'' if many == 1 else 's'} to set this area beside other councils"] if many else []


_EITHER = ((Survey.PUPIL_P5_P7, Survey.PUPIL_S1_S4), (Survey.HWC_P5_P7, Survey.HWC_S1_S6))
"""Pupils are asked in the programme's own surveys or in the national census: where one is there, the other is not missing."""


def _missing(release: Release, surveys: list[SurveyInfo]) -> list[str]:
    have = {s.code for s in surveys}
    there = [one for one in _EITHER if have & set(one)]
    instead = {s for one in (_EITHER if there else _EITHER[1:]) if one not in there for s in one}
    lines = [f"{s.label}: no survey, so their needs are not in the picture" for s in Survey if s not in have | instead]
    pupils = [s for s in surveys if s.code != Survey.PARENT_0_8.value]
    if pupils and not any(reach.linked(release, s.code) for s in pupils):
        lines.append("Answers are not linked to service contact: *Who gets help* gives limits, not figures")
    if pupils and "shapes" not in release and _places(release):
        lines.append("Outlines of school clusters (clusters.geojson): clusters are told by name, without a map")
    if "services" not in release:
        lines.append("Services and ledgers: nothing can be said about money, and no shift can be tried")
    elif "effects" not in release or release.tables["effects"].frame.empty:
        lines.append("Evidence of effect: a shift can be discussed, but not what it would do")
    return lines


def need_sentences(release: Release) -> list[str]:
    """For each survey, for whom it is harder; where that may not be shown, the most common need."""
    council = evidence.council(release)
    found = evidence.surveys(release)
    return [profiles.steepest(release, s.code) or profiles.summary(release, s.code, council).headline for s in found]


def reach_sentences(release: Release) -> list[str]:
    """The first need of each survey against social work, or against the first service that can be named."""
    lines = []
    for survey in reach.surveys(release):
        contacts = reach.contacts(release, survey.code)
        if contacts:
            contact = Contact.SOCIAL_WORK if Contact.SOCIAL_WORK in contacts else contacts[0]
            need = reach.needs(release, survey.code)[0]
            lines.append(f"{survey.title}. {reach.reach(release, survey.code, need, contact).headline}")
    return lines


def money_sentences(release: Release) -> list[str]:
    """How much is invested, and how much of it prevents."""
    if not spend_map.has_money(release):
        return []
    return [spend_map.total(release).sentence, spend_map.prevention(release).view.headline.sentence]
