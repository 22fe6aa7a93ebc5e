"""From linked records to estimates: weighted shares, intervals and true counts, before anything is hidden.

`estimate` makes every count table of a release; `run_request` answers a request on any survey file. Both follow the
same variance, interval and calibration formulas; docs/methods/estimates.md says them in words and in symbols.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from rcs_core.records.catalogue import Catalogue
from rcs_core.records.estimate import coverage
from rcs_core.records.estimate.compared import Compared, compared
from rcs_core.records.estimate.means import means
from rcs_core.records.estimate.parents import parent_tables
from rcs_core.records.estimate.pupils import PupilSurvey, prepare, pupil_tables
from rcs_core.records.estimate.request import run_request
from rcs_core.records.estimate.rules import Rules, rules
from rcs_core.records.estimate.small_schools import Together, together, told_together
from rcs_core.records.link import PUPIL_SURVEYS, Linked, asked_by
from rcs_core.records.scoring import scoring
from rcs_core.records.specification import Specification
from rcs_core.records.specification import chosen as chosen_tables
from rcs_core.release import Table
from rcs_core.settings import disclosure
from rcs_core.vocab import Survey

__all__ = ["Estimates", "estimate", "run_request"]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Everything the surveys say, before disclosure control: true counts, so never to leave the records room as it is.

    tables: the count tables. surveys, coverage, indicators: the plain tables of those names. precision: share, standard
    errors of both variances, df and effective n of every share. weighting: by survey and wave, Kish's effect and largest weight.
    compared: clusters against the rest, changes, inequality and funnels, exact; `tell` says of them what may be said.
    scores: mean scores by area, exact; `tell_means` says of them what may be said. small: schools told together.
    """

    tables: list[Table]
    surveys: pd.DataFrame
    coverage: pd.DataFrame
    indicators: pd.DataFrame
    precision: pd.DataFrame = field(default_factory=pd.DataFrame)
    weighting: pd.DataFrame = field(default_factory=pd.DataFrame)
    compared: Compared | None = None
    scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    small: tuple[Together, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wave:
    """What one survey wave gives."""

    surveys: list[PupilSurvey]
    tables: list[Table]
    precision: list[pd.DataFrame]
    scores: list[pd.DataFrame]
    parents: bool


def estimate(linked: Linked, settings: Rules | None = None, spec: Specification | None = None) -> Estimates:
    """Weight the answers of every wave to its roll and make every count table, the current wave's rows first.

    spec: which tables; the partnership's own choice where none is given. A survey that did not come is simply not there;
    contact and the parent survey are of the current wave alone.
    """
    chosen, min_cell = settings or rules(), disclosure().min_cell
    given = (linked, *linked.earlier)
    known = asked_by(linked)
    spec = spec or chosen_tables(linked.partnership)
    ready = [_ready(one, known, chosen) for one in given]
    small = together((survey for surveys in ready for survey in surveys), spec.small_school)
    told_as = [[told_together(survey, small) for survey in surveys] for surveys in ready]
    waves = [_wave(one, surveys, known, chosen, min_cell, spec) for one, surveys in zip(given, told_as, strict=True)]
    precision = [exact for wave in waves for exact in wave.precision]
    scores = [exact for wave in waves for exact in wave.scores if len(exact)]
    codes = dict.fromkeys(survey.code for wave in waves for survey in wave.surveys)
    if waves[0].parents:
        codes |= {Survey.PARENT_0_8.value: None}
    about = [coverage.surveys_frame(w.surveys, one, known, min_cell, linked) for w, one in zip(waves, given, strict=True)]
    told = [coverage.coverage_frame(w.surveys, one, min_cell, linked) for w, one in zip(waves, given, strict=True)]
    return Estimates(
        stacked([table for wave in waves for table in wave.tables]),
        pd.concat(about, ignore_index=True),
        pd.concat(told, ignore_index=True),
        known.frame(list(codes)),
        pd.concat(precision, ignore_index=True) if precision else pd.DataFrame(),
        _weighting([survey for wave in waves for survey in wave.surveys]),
        _compared(waves, given, known, chosen),
        pd.concat(scores, ignore_index=True) if scores else pd.DataFrame(),
        small,
    )


def _compared(waves: list[_Wave], given: tuple[Linked, ...], known: Catalogue, chosen: Rules) -> Compared:
    """Every comparison of the pupil surveys, each survey's waves newest first."""
    by_code = {code: [s for wave in waves for s in wave.surveys if s.code == code] for code in PUPIL_SURVEYS}
    schools = pd.concat([one.schools for one in given]).drop_duplicates("school_code")
    return compared(by_code, known, chosen, schools)


def _ready(linked: Linked, known: Catalogue, chosen: Rules) -> list[PupilSurvey]:
    ready = [prepare(linked, code, known, chosen) for code in PUPIL_SURVEYS if code in linked.surveys]
    return [survey for survey in ready if survey is not None]


def _wave(
    linked: Linked, surveys: list[PupilSurvey], known: Catalogue, chosen: Rules, min_cell: int, spec: Specification
) -> _Wave:
    tables: list[Table] = []
    precision: list[pd.DataFrame] = []
    scores = [means(survey, linked.surveys[survey.code], scoring().means, chosen) for survey in surveys]
    for survey in surveys:
        made, exact = pupil_tables(survey, linked, known, chosen, spec)
        needs = [i for i in survey.cube.indicators if known.indicators[i].contact]
        roll = coverage.contact_roll(survey, linked, needs, min_cell) if spec.roll else None
        tables += [*made, *([roll] if roll else [])]
        precision.append(exact)
    parents = Survey.PARENT_0_8 in linked.surveys
    if parents:
        made, exact = parent_tables(linked, known, chosen, spec)
        tables += made
        precision += [exact] if made else []
    return _Wave(surveys, tables, precision, scores, parents)


def stacked(tables: Iterable[Table]) -> list[Table]:
    """Tables of one name made into one, their rows in the order in which they come."""
    by_name: dict[str, list[Table]] = {}
    for table in tables:
        by_name.setdefault(table.name, []).append(table)
    return [
        same[0] if len(same) == 1 else replace(same[0], frame=pd.concat([t.frame for t in same], ignore_index=True))
        for same in by_name.values()
    ]


def _weighting(surveys: list[PupilSurvey]) -> pd.DataFrame:
    rows = [(s.code, s.wave, ", ".join(s.weights.margins), s.weights.kish, s.weights.largest, s.weights.trimmed) for s in surveys]
    return pd.DataFrame(rows, columns=["survey", "wave", "margins", "kish", "largest_to_mean", "trimmed"])
