"""From linked records to estimates: weighted shares, intervals and true counts, before anything is hidden.

`estimate` makes every count table of a release; `run_request` answers a request on any survey file. Both follow the
same variance, interval and calibration formulas; docs/methods/estimates.md says them in words and in symbols.
"""

from dataclasses import dataclass, field

import pandas as pd

from rcs_core.records.estimate import coverage
from rcs_core.records.estimate.indicators import catalogue
from rcs_core.records.estimate.parents import parent_tables
from rcs_core.records.estimate.pupils import PupilSurvey, prepare, pupil_tables
from rcs_core.records.estimate.request import run_request
from rcs_core.records.estimate.rules import Rules, rules
from rcs_core.records.link import PUPIL_SURVEYS, Linked
from rcs_core.release import Table
from rcs_core.settings import disclosure
from rcs_core.vocab import Survey

__all__ = ["Estimates", "estimate", "run_request"]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Everything the surveys say, before disclosure control: true counts, so never to leave the records room as it is.

    tables: the count tables. surveys, coverage, indicators: the plain tables of those names. precision: share, standard
    errors of both variances, df and effective n of every share. weighting: by survey, Kish's effect and largest weight.
    """

    tables: list[Table]
    surveys: pd.DataFrame
    coverage: pd.DataFrame
    indicators: pd.DataFrame
    precision: pd.DataFrame = field(default_factory=pd.DataFrame)
    weighting: pd.DataFrame = field(default_factory=pd.DataFrame)


def estimate(linked: Linked, settings: Rules | None = None) -> Estimates:
    """Weight the answers to the roll and make every count table; a survey that did not come is simply not there."""
    chosen, known, min_cell = settings or rules(), catalogue(), disclosure().min_cell
    ready = [prepare(linked, code, known, chosen) for code in PUPIL_SURVEYS if code in linked.surveys]
    surveys = [survey for survey in ready if survey is not None]
    tables: list[Table] = []
    precision: list[pd.DataFrame] = []
    for survey in surveys:
        made, exact = pupil_tables(survey, linked, known, chosen)
        needs = [i for i in survey.cube.indicators if known.indicators[i].contact]
        roll = coverage.contact_roll(survey, linked, needs, min_cell)
        tables += [*made, *([roll] if roll else [])]
        precision.append(exact)
    if Survey.PARENT_0_8 in linked.surveys:
        made, exact = parent_tables(linked, known, chosen)
        tables += made
        precision.append(exact)
    codes = [survey.code for survey in surveys] + [Survey.PARENT_0_8.value] * (Survey.PARENT_0_8 in linked.surveys)
    return Estimates(
        tables,
        coverage.surveys_frame(surveys, linked, known, min_cell),
        coverage.coverage_frame(surveys, linked, min_cell),
        known.frame(codes),
        pd.concat(precision, ignore_index=True) if precision else pd.DataFrame(),
        _weighting(surveys),
    )


def _weighting(surveys: list[PupilSurvey]) -> pd.DataFrame:
    rows = [(s.code, ", ".join(s.weights.margins), s.weights.kish, s.weights.largest, s.weights.trimmed) for s in surveys]
    return pd.DataFrame(rows, columns=["survey", "margins", "kish", "largest_to_mean", "trimmed"])
