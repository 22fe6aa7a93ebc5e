"""The tables of the parent survey: a stratified and clustered random sample with the fieldwork's own weights.

Where the children under nine are known (population_0_8), the weights are raked to them and standard errors are of the
residuals; without, the weights are taken as they came. Strata with one sampled unit are measured from the grand mean; the
effective n is cut at n, as NCHS does.
"""

from itertools import product

import numpy as np
import pandas as pd

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.design import Design, Flags, ratio
from rcs_core.records.estimate.domains import collapsed
from rcs_core.records.estimate.publish import LABELS, SAID, band_rows, published
from rcs_core.records.estimate.rules import Rules
from rcs_core.records.estimate.shares import Shares
from rcs_core.records.estimate.under_nine import parent_design
from rcs_core.records.link import Linked
from rcs_core.records.specification import Specification, TablePlan
from rcs_core.release import ALL, Table
from rcs_core.vocab import Survey

CODE = Survey.PARENT_0_8.value
_COLUMN = {"sex": "child_sex", "simd_quintile": "simd_quintile"}


def parent_tables(linked: Linked, catalogue: Catalogue, rules: Rules, spec: Specification) -> tuple[list[Table], pd.DataFrame]:
    """The count tables of the parent survey for the council, and the private precision of each share."""
    answers = linked.surveys[CODE]
    asked = [i for i in catalogue.asked(CODE) if i in answers]
    if answers.empty or not asked or not spec.parents:
        return [], pd.DataFrame()
    (design, _), title = parent_design(answers, linked.population), catalogue.surveys[CODE].title
    tables, precision = [], []
    for plan in spec.parents:
        groups = _rows(design, answers, asked, plan, linked, rules, spec)
        table = Table(
            f"{CODE}_{plan.name}", f"{title}: {plan.title}", band_rows(groups, list(plan.dims)), (*plan.dims, "band"), LABELS
        )
        tables.append(table)
        precision.append(groups.assign(table=table.name).drop(columns=SAID))
    return tables, pd.concat(precision, ignore_index=True)


def _groups(answers: pd.DataFrame, dimension: str, plan: TablePlan, spec: Specification) -> dict[str, Flags]:
    values = answers[_COLUMN[dimension]].fillna("not_known").replace({"": "not_known"}).astype(str)
    codes = sorted(values.unique(), key=lambda code: (code == "not_known", code))
    found = {ALL: np.ones(len(answers), dtype=bool), **{code: values.eq(code).to_numpy() for code in codes}}
    return collapsed(found, spec.collapsed.get(dimension, {}), dimension in plan.collapse)


def _rows(
    design: Design, answers: pd.DataFrame, asked: list[str], plan: TablePlan, linked: Linked, rules: Rules, spec: Specification
) -> pd.DataFrame:
    """Counts, share, standard error and what is said of it, a row a group and indicator."""
    by = {dimension: _groups(answers, dimension, plan, spec) for dimension in plan.dims[1:]}
    crossed = list(product(*(found.items() for found in by.values())))
    groups = [np.logical_and.reduce([np.ones(len(answers), dtype=bool), *(f for _, f in kinds)]) for kinds in crossed]
    places = {dimension: [kinds[place][0] for kinds in crossed] for place, dimension in enumerate(by)}
    about = {"wave": str(linked.partnership["survey_wave"]), "area": str(linked.partnership["area_code"])}
    parts = []
    for indicator in asked:
        found = _shares(design, answers[indicator], groups)
        exact = {"yes": found.yes, "no": found.no, "share": found.share, "se": np.sqrt(found.variance), "df": found.df}
        said = published(found, rules, nchs=True)
        parts.append(pd.DataFrame({**places, **exact}).assign(survey=CODE, indicator=indicator, **about).join(said))
    return pd.concat(parts, ignore_index=True)


def _shares(design: Design, answers: pd.Series, groups: list[Flags]) -> Shares:
    said_yes, valid = answers.eq("yes").to_numpy(), answers.isin(["yes", "no"]).to_numpy()
    one = np.ones(len(answers))
    found = [ratio(design, said_yes.astype(float), one, valid & group, clamped=True) for group in groups]
    yes = np.array([(said_yes & g).sum() for g in groups], dtype=float)
    no = np.array([(valid & ~said_yes & g).sum() for g in groups], dtype=float)
    base = np.array([design.weights[valid & g].sum() for g in groups])
    share = intervals.clamp(np.array([f.estimate for f in found]))
    return Shares(yes, no, base, share, np.array([f.variance for f in found]), np.array([f.df for f in found], dtype=float))
