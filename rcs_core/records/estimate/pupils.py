"""The tables of one pupil survey: cube, weights, both variances, then every table's groups in one go an indicator."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate.cube import Cube, make_cube
from rcs_core.records.estimate.domains import Flags, Grid, by_area, by_cell, by_named_contact, collapsed, grid
from rcs_core.records.estimate.publish import LABELS, SAID, band_rows, published
from rcs_core.records.estimate.ready import Ready
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import OtherSchools, Scores, TheseChildren
from rcs_core.records.estimate.weights import Weights
from rcs_core.records.link import UNKNOWN, Linked
from rcs_core.records.specification import CONTACT, GROUPS, Specification, TablePlan
from rcs_core.release import ALL, Table


@dataclass(frozen=True, slots=True)
class PupilSurvey:
    """One pupil survey made ready: cube, roll of its stages, weights, and both variances.

    asked: the roll of the sectors that the survey went to, whose areas and groups its tables list. told: the area under which
    a small school is told, blank where it is told in its cluster only.
    """

    code: str
    wave: str
    council: str
    roll: pd.DataFrame
    asked: pd.DataFrame
    cube: Cube
    weights: Weights
    these: TheseChildren
    recur: OtherSchools
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """One table to make: its name, title, dimensions but `band`, groups and indicators."""

    name: str
    title: str
    dims: tuple[str, ...]
    grid: Grid
    indicators: tuple[str, ...]


def prepare(linked: Linked, code: str, catalogue: Catalogue, rules: Rules) -> PupilSurvey | None:
    """Cube and weights of one pupil survey; None when nobody on the roll answered it."""
    stages = catalogue.surveys[code].stages
    answers = linked.surveys[code]
    answers = answers[answers["stage"].isin(stages)]
    asked = [i for i in catalogue.asked(code) if i in answers]
    if answers.empty or not asked:
        return None
    roll = linked.roll[linked.roll["stage"].isin(stages)]
    cube = make_cube(answers, asked)
    ready = Ready.of(cube, roll, linked.schools, rules)
    council, reached = str(linked.partnership["area_code"]), _asked(cube, roll, linked.schools)
    return PupilSurvey(code, linked.wave, council, roll, reached, cube, ready.weights, ready.these, ready.recur)


def _asked(cube: Cube, roll: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """The roll of every sector with an answer in it; a sector without any (special schools, say) was not asked.

    A school of an asked sector stays even if nobody in it answered: that nobody did is protected like any small count.
    """
    sector = schools.drop_duplicates("school_code").set_index("school_code")["sector"]
    present = set(cube.cells["school_code"].map(sector))
    return roll[roll["school_code"].map(sector).isin(present)]


def planned(survey: PupilSurvey, linked: Linked, catalogue: Catalogue, spec: Specification) -> list[Planned]:
    """The tables of a survey by its specification; those by contact only where answers are linked."""
    title, made = catalogue.surveys[survey.code].title, []
    for plan in spec.pupils:
        groups = {GROUPS[group]: _groups(survey, linked, group, plan, spec) for group in plan.by}
        asked = _indicators(survey, catalogue, plan)
        if asked and all(len(found) > 1 for found in groups.values()):
            areas = by_area(survey.cube, survey.asked, survey.council, plan.levels, survey.told)
            about = (f"{survey.code}_{plan.name}", f"{title}: {plan.title}", plan.dims)
            made.append(Planned(*about, grid(survey.cube, areas, groups), asked))
    return made


def _groups(survey: PupilSurvey, linked: Linked, group: str, plan: TablePlan, spec: Specification) -> dict[str, Flags]:
    """The atoms of each code of a group; nothing for contact where records are not linked."""
    if GROUPS[group] == "contact":
        return by_named_contact(survey.cube, linked.extracts, group) if linked.linked else {}
    found = by_cell(survey.cube, survey.asked, group)
    return collapsed(found, spec.collapsed.get(group, {}), group in plan.collapse)


def _indicators(survey: PupilSurvey, catalogue: Catalogue, plan: TablePlan) -> tuple[str, ...]:
    """The questions of a table. Where someone opted out of linkage, contact stands beside the questions set against it only:
    what such a pupil answered to others is in their totals, and would be what is left of them.
    """
    every, needs = survey.cube.indicators, [i for i in survey.cube.indicators if catalogue.indicators[i].contact]
    unknown = "contact" in plan.dims and survey.cube.atoms["contact"].eq(UNKNOWN).any()
    return tuple(needs) if plan.questions == CONTACT or unknown else every


def pupil_tables(
    survey: PupilSurvey, linked: Linked, catalogue: Catalogue, rules: Rules, spec: Specification
) -> tuple[list[Table], pd.DataFrame]:
    """Every count table of the survey (true counts, nothing hidden yet) and the private precision of each share.

    Sensitive indicators are shown for the council only, and a stage that was not asked a question has no row of it.
    """
    todo = planned(survey, linked, catalogue, spec)
    domains = sparse.csr_array(sparse.hstack([plan.grid.members for plan in todo], format="csr"))
    starts = np.cumsum([0, *(len(plan.grid.frame) for plan in todo)])
    parts: dict[str, list[pd.DataFrame]] = {plan.name: [] for plan in todo}
    for indicator in survey.cube.indicators:
        found = _shares(survey, domains, indicator, rules)
        for plan, start in zip(todo, starts, strict=False):
            if indicator in plan.indicators:
                rows = found.iloc[start : start + len(plan.grid.frame)].reset_index(drop=True)
                labelled = pd.concat([plan.grid.frame, rows], axis=1)
                parts[plan.name].append(labelled[_told(labelled, survey, catalogue, indicator, spec)])
    tables, precision = [], []
    for plan in todo:
        groups = pd.concat(parts[plan.name], ignore_index=True)
        tables.append(Table(plan.name, plan.title, band_rows(groups, list(plan.dims)), (*plan.dims, "band"), LABELS))
        precision.append(groups.assign(table=plan.name).drop(columns=SAID))
    return tables, pd.concat(precision, ignore_index=True)


def _told(rows: pd.DataFrame, survey: PupilSurvey, catalogue: Catalogue, indicator: str, spec: Specification) -> pd.Series:
    """The rows that an indicator has: sensitive topics the council's only, and no stage that it is not asked of."""
    told = pd.Series(True, index=rows.index)
    if catalogue.indicators[indicator].sensitive:
        told &= rows["area"].eq(survey.council)
    if "stage" in rows.columns:
        asked = set(catalogue.stages(survey.code, indicator))
        wider = [name for name, codes in spec.collapsed.get("stage", {}).items() if asked & set(codes)]
        told &= rows["stage"].isin([ALL, *asked, *wider])
    return told


def _shares(survey: PupilSurvey, domains: sparse.csr_array, indicator: str, rules: Rules) -> pd.DataFrame:
    """Counts, share, both standard errors and what is said of it, a row a domain."""
    scores = Scores.of(survey.cube, survey.weights.final, domains, indicator)
    found = scores.with_variance(survey.these.variance(scores), survey.these.df(scores))
    again = scores.with_variance(survey.recur.variance(scores), survey.recur.df(scores))
    exact = {
        "survey": survey.code, "wave": survey.wave, "indicator": indicator, "yes": found.yes, "no": found.no,
        "share": found.share, "se": np.sqrt(found.variance), "df": found.df,
        "se_recur": np.sqrt(again.variance), "df_recur": again.df,
    }  # fmt: skip
    return pd.concat([pd.DataFrame(exact), published(found, rules)], axis=1)
