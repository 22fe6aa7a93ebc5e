"""From a checked folder to records: rows dropped with receipts, duplicates resolved, answers scored.

In: the `CheckReport` of `rcs_core.contracts.check_folder`, free of errors. Out: `Records`, the one artefact that
`link`, `estimate` and `ledgers` read. Every frame keeps `_row`, the row number in the file it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from rcs_core.contracts import CheckReport, Contract, Receipt, contracts
from rcs_core.contracts.report import receipts_of
from rcs_core.contracts.shapes import Shapes
from rcs_core.contracts.supplied import AGGREGATE
from rcs_core.contracts.supplied import STEM as SUPPLIED
from rcs_core.errors import ContractError
from rcs_core.records.catalogue import catalogue
from rcs_core.records.scoring import Scoring, only_asked, score_survey, scoring
from rcs_core.vocab import AnswerState, Severity, Survey

NOT_ASKED = (AnswerState.NOT_ASKED_OF_STAGE.value, AnswerState.NOT_COLLECTED.value)
LEDGER_COLUMNS = ["cost_centre", "description", "amount_pence", "_row"]


@dataclass(frozen=True, slots=True)
class Records:
    """A partnership's records, clean and reconciled; absent inputs are None or empty, never made up.

    Codes and answers are text (blank = missing), counts Int64, percentages and weights float64, dates text as
    yyyy-mm-dd. surveys: by survey code (vocab.Survey), only those the folder holds; the frames
    carry what was scored (`sdq_total` Int64, `sdq_raised` and `multiple_risks` yes, no or blank, and the like). ledgers: by
    file stem, columns cost_centre, description, amount_pence (int64), sub-total rows left out. ledger_columns: by file
    stem, each ledger's own description as written in ledger_columns.yaml. receipts: table, rule, rows, text
    (of this wave; a table of an earlier one is named `wave_2023/...` in the check alone). earlier: the records of earlier
    survey waves, the newest first: roll, pupil surveys and schools, nothing of contact or money. opt_outs: whose records may
    not be joined (the forms of who opted out of the survey are gone already). supplied: need by contact as counts
    of the council, only where linkage is aggregate. population: children under nine by age band, sex and fifth.
    comparators: figures that somebody published about whole council areas. apportionment_keys: how money of several
    council areas is divided. budgets: what is set aside for the years after the ledgers. published_effects: what
    somebody published of the effect of services. ledger_rules: which lines a rule sends where, once somebody accepted it.
    movements: who came into, moved between and left placements. shapes: the outlines of the clusters.
    """

    partnership: dict[str, Any]
    schools: pd.DataFrame
    census: pd.DataFrame
    surveys: dict[str, pd.DataFrame]
    social_work: pd.DataFrame | None
    additional_support: pd.DataFrame | None
    services: pd.DataFrame
    ledgers: dict[str, pd.DataFrame]
    ledger_columns: dict[str, dict[str, Any]]
    ledger_map: pd.DataFrame
    effects: pd.DataFrame
    demand: pd.DataFrame
    receipts: pd.DataFrame
    earlier: tuple["Records", ...] = ()
    opt_outs: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    supplied: pd.DataFrame | None = None
    comparators: pd.DataFrame | None = None
    apportionment_keys: pd.DataFrame | None = None
    ledger_rules: pd.DataFrame | None = None
    budgets: pd.DataFrame | None = None
    published_effects: pd.DataFrame | None = None
    movements: pd.DataFrame | None = None
    shapes: Shapes | None = None


def ingest(report: CheckReport, rules: Scoring | None = None) -> Records:
    """Take up what the check kept, in the types that later stages compute with, and score the answers.

    Raises ContractError when the report holds an error: a build never goes on over one.
    """
    if stop := report.count(Severity.ERROR):
        raise ContractError(
            f"{stop:,} breach(es) stop a build", report.folder, expected="none", remedy="mend each and check again"
        )
    known, chosen = contracts(), rules or scoring()
    now, earlier = _records(report, known, chosen), []
    places = now.schools
    for wave in report.earlier:
        found = _records(wave, known, chosen)
        # A school is where today's list has it, so that one sum of areas holds for every wave.
        places = pd.concat([places, found.schools]).drop_duplicates("school_code", ignore_index=True)
        earlier.append(replace(found, schools=places))
    return replace(now, earlier=tuple(earlier))


def _records(report: CheckReport, known: Mapping[str, Contract], rules: Scoring) -> Records:
    """The records of one wave: of the folder itself, or of the sub-folder of an earlier one."""
    kept = {stem: kept_rows(frame) for stem, frame in report.tables.items()}
    typed = {stem: typed_frame(known[stem], kept.get(stem)) for stem in known if known[stem].form == "file"}
    surveys, parted = _surveys(report, typed)
    scored, receipts = _scored(surveys, rules)
    return Records(
        partnership=_partnership(report.partnership, known["partnership"]),
        schools=typed["schools"],
        census=typed["pupil_census"],
        surveys=scored,
        social_work=typed["social_work"] if "social_work" in kept else None,
        additional_support=typed["additional_support"] if "additional_support" in kept else None,
        services=typed["services"],
        ledgers={stem: kept[stem][LEDGER_COLUMNS] for stem in report.ledger_columns if stem in kept},
        ledger_columns=report.ledger_columns,
        ledger_map=typed["ledger_map"],
        effects=typed["evidence_of_effect"],
        demand=typed["demand_history"],
        receipts=pd.DataFrame([*_own_receipts(report), *parted, *receipts], columns=["table", "rule", "rows", "text"]),
        opt_outs=typed["opt_outs"] if "opt_outs" in kept else None,
        population=typed["population_0_8"] if "population_0_8" in kept else None,
        supplied=typed[SUPPLIED] if SUPPLIED in kept and report.partnership.get("linkage") == AGGREGATE else None,
        comparators=typed["comparators"] if "comparators" in kept else None,
        apportionment_keys=typed["apportionment_keys"] if "apportionment_keys" in kept else None,
        ledger_rules=typed["ledger_rules"] if "ledger_rules" in kept else None,
        budgets=typed["budgets"] if "budgets" in kept else None,
        published_effects=typed["published_effects"] if "published_effects" in kept else None,
        movements=typed["movements"] if "movements" in kept else None,
        shapes=report.shapes,
    )


def _surveys(report: CheckReport, typed: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[Receipt]]:
    """Each survey's forms by its code. A file of two surveys is parted by stage, each part with receipts of its own rows.

    A column that nobody of a part answered was not asked of it, and stays away as one that was not collected.
    """
    found, receipts = dict[str, pd.DataFrame](), list[Receipt]()
    for survey in (s for s in Survey if s.file in report.tables):
        name, frame, came = f"survey_{survey}", typed[survey.file], report.tables[survey.file]
        if survey.file != name:
            stages = catalogue().surveys[survey.value].stages
            frame, came = frame[frame["stage"].isin(stages)].reset_index(drop=True), came[came["stage"].isin(stages)]
            if came.empty:
                continue
            frame = frame.drop(columns=[c for c in frame.columns if frame[c].isin(["", *NOT_ASKED]).all()])
            receipts += receipts_of(name, came, {})
        found[survey.value] = frame
    return found, receipts


def _own_receipts(report: CheckReport) -> list[Receipt]:
    """The receipts of the report's own wave, by the plain name of the table."""
    inside = f"{report.folder}/" if report.wave else ""
    mine = [r for r in report.receipts if r.table.startswith(inside)]
    return [replace(r, table=r.table.removeprefix(inside)) for r in mine if "/" not in r.table.removeprefix(inside)]


def kept_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that no rule took out, without the marks."""
    return frame[frame["_mark"] == ""].drop(columns=["_mark", "_why"]).reset_index(drop=True)


def typed_frame(contract: Contract, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Counts as Int64, other numbers as float64, the rest as text; a column that was not collected stays away."""
    if frame is None:
        frame = pd.DataFrame({name: pd.Series(dtype="str") for name in contract.names}).assign(_row=pd.Series(dtype="int64"))
    numbers = {
        c.name: pd.to_numeric(frame[c.name].replace("", None)).astype("Int64" if c.kind == "integer" else "float64")
        for c in contract.columns
        if c.kind in ("integer", "number") and c.name in frame.columns
    }
    return frame.assign(**numbers)


def _scored(surveys: Mapping[str, pd.DataFrame], rules: Scoring) -> tuple[dict[str, pd.DataFrame], list[Receipt]]:
    """The surveys with their scores and derived answers, and a receipt for each."""
    known, receipts, scored = catalogue(), list[Receipt](), dict[str, pd.DataFrame]()
    for code, frame in surveys.items():
        own = {i: known.stages(code, i) for i in known.asked(code) if known.indicators[i].stages}
        asked, lost = only_asked(frame, code, own)
        made, told = score_survey(asked, code, rules, known.needs(code))
        # A score may be made of answers whose own stage it was not asked of, too.
        scored[code], more = only_asked(made, code, {i: own[i] for i in own if i not in asked.columns})
        receipts += [*lost, *told, *more]
    return scored, receipts


def _partnership(told: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """The partnership's own words as text, `fictional` as a truth value, whatever way YAML took them."""
    about: dict[str, Any] = dict(told)
    for column in contract.columns:
        if column.kind == "boolean":
            about[column.name] = str(about.get(column.name, "")).lower() == "true"
        elif column.kind == "string" and "." not in column.name:
            about[column.name] = str(about.get(column.name, ""))
    return about
