"""The tables of one pupil survey: cube, weights, both variances, then every table's groups in one go an indicator."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate.cube import Cube, make_cube
from rcs_core.records.estimate.domains import Grid, by_cell, by_contact, contact_groups, grid
from rcs_core.records.estimate.publish import LABELS, SAID, band_rows, published
from rcs_core.records.estimate.ready import Ready
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import OtherSchools, Scores, TheseChildren
from rcs_core.records.estimate.weights import Weights
from rcs_core.records.link import Linked
from rcs_core.release import ALL, Table
from rcs_core.vocab import Contact

_COUNCIL, _CLUSTERS, _ALL_AREAS = ("council",), ("council", "cluster"), ("council", "cluster", "school")


@dataclass(frozen=True, slots=True)
class PupilSurvey:
    """One pupil survey made ready: cube, roll of its stages, weights, and both variances.

    asked: the roll of the sectors that the survey went to, whose areas and groups its tables list.
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


@dataclass(frozen=True, slots=True)
class Plan:
    """One table to make: its name, title, second dimension (or none), groups and indicators."""

    name: str
    title: str
    dimension: str
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


def plans(survey: PupilSurvey, linked: Linked, catalogue: Catalogue) -> list[Plan]:
    """The tables of a survey; those by contact only where answers are linked."""
    s, cube, title = survey.code, survey.cube, catalogue.surveys[survey.code].title
    by = {column: by_cell(cube, survey.asked, column) for column in ("sex", "stage", "simd_quintile")}
    every = cube.indicators
    made = [
        Plan(
            f"{s}_area", f"{title}: council, clusters, schools", "", grid(cube, survey.asked, survey.council, _ALL_AREAS), every
        ),
        Plan(
            f"{s}_area_sex",
            f"{title}: by sex",
            "sex",
            grid(cube, survey.asked, survey.council, _CLUSTERS, "sex", by["sex"]),
            every,
        ),
        Plan(
            f"{s}_stage",
            f"{title}: by stage",
            "stage",
            grid(cube, survey.asked, survey.council, _COUNCIL, "stage", by["stage"]),
            every,
        ),
        Plan(
            f"{s}_simd",
            f"{title}: by deprivation fifth",
            "simd_quintile",
            grid(cube, survey.asked, survey.council, _COUNCIL, "simd_quintile", by["simd_quintile"]),
            every,
        ),
    ]
    return made + (_contact_plans(survey, linked, catalogue, title) if linked.linked else [])


def _contact_plans(survey: PupilSurvey, linked: Linked, catalogue: Catalogue, title: str) -> list[Plan]:
    needs = tuple(i for i in survey.cube.indicators if catalogue.indicators[i].contact)
    groups = contact_groups(linked.extracts)
    atoms = by_contact(survey.cube, groups)
    whole = grid(survey.cube, survey.asked, survey.council, _COUNCIL, "contact", atoms)
    made = [Plan(f"{survey.code}_contact", f"{title}: by named contact", "contact", whole, needs)]
    if Contact.EITHER in groups:
        few = {code.value: atoms[code.value] for code in (Contact.ALL, Contact.NONE, Contact.EITHER)}
        clusters = grid(survey.cube, survey.asked, survey.council, _CLUSTERS, "contact", few)
        made.append(Plan(f"{survey.code}_contact_cluster", f"{title}: by named contact, clusters", "contact", clusters, needs))
    return made


def pupil_tables(survey: PupilSurvey, linked: Linked, catalogue: Catalogue, rules: Rules) -> tuple[list[Table], pd.DataFrame]:
    """Every count table of the survey (true counts, nothing hidden yet) and the private precision of each share.

    Sensitive indicators are shown for the council only, and a stage that was not asked a question has no row of it.
    """
    todo = [plan for plan in plans(survey, linked, catalogue) if plan.indicators]
    domains = sparse.csr_array(sparse.hstack([plan.grid.members for plan in todo], format="csr"))
    starts = np.cumsum([0, *(len(plan.grid.frame) for plan in todo)])
    parts: dict[str, list[pd.DataFrame]] = {plan.name: [] for plan in todo}
    for indicator in survey.cube.indicators:
        found = _shares(survey, domains, indicator, rules)
        for plan, start in zip(todo, starts, strict=False):
            if indicator in plan.indicators:
                rows = found.iloc[start : start + len(plan.grid.frame)].reset_index(drop=True)
                labelled = pd.concat([plan.grid.frame, rows], axis=1)
                parts[plan.name].append(labelled[_told(labelled, survey, catalogue, indicator)])
    tables, precision = [], []
    for plan in todo:
        groups, dims = pd.concat(parts[plan.name], ignore_index=True), ["area", *([plan.dimension] if plan.dimension else [])]
        tables.append(Table(plan.name, plan.title, band_rows(groups, dims), (*dims, "band"), LABELS))
        precision.append(groups.assign(table=plan.name).drop(columns=SAID))
    return tables, pd.concat(precision, ignore_index=True)


def _told(rows: pd.DataFrame, survey: PupilSurvey, catalogue: Catalogue, indicator: str) -> pd.Series:
    """The rows that an indicator has: sensitive topics the council's only, and no stage that it is not asked of."""
    told = pd.Series(True, index=rows.index)
    if catalogue.indicators[indicator].sensitive:
        told &= rows["area"].eq(survey.council)
    if "stage" in rows.columns:
        told &= rows["stage"].isin([ALL, *catalogue.stages(survey.code, indicator)])
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
