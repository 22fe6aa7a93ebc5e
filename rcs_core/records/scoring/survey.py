"""Scores one survey: its instruments, the answers that can be made, and how many needs each form has.

In: the forms that the check kept. Out: the same forms with the scores beside the answers, and a receipt for each score:
how many forms have it, how many lack what it needs, and what was not collected at all.
"""

from collections.abc import Iterable

import pandas as pd

from rcs_core.contracts import Receipt
from rcs_core.records.scoring.contract import Scoring
from rcs_core.records.scoring.derived import derive
from rcs_core.records.scoring.needs import MULTIPLE, TOTAL, Need, count_needs, not_collected
from rcs_core.records.scoring.sdq import SdqRules, score_sdq
from rcs_core.records.scoring.wellbeing import WellbeingRules, score_wellbeing
from rcs_core.vocab import Survey


def score_survey(frame: pd.DataFrame, survey: str, rules: Scoring, needs: Iterable[Need]) -> tuple[pd.DataFrame, list[Receipt]]:
    """The survey with every score and answer that its columns allow, and a receipt for each.

    needs: the questions of the survey, from the catalogue of indicators.
    """
    scored, receipts = derive(frame, survey, rules.derived)
    steps = (
        _sdq(scored, survey, rules.sdq_self_report),
        _wellbeing(scored, survey, rules.wemwbs),
        _wellbeing(scored, survey, rules.swemwbs),
    )
    for made, told in steps:
        scored, receipts = _beside(scored, made), [*receipts, *told]
    made, told = _needs(scored, survey, rules, rules.needs.counted(needs))
    return _beside(scored, made), [*receipts, *told]


def _beside(frame: pd.DataFrame, made: pd.DataFrame | None) -> pd.DataFrame:
    return frame if made is None else pd.concat([frame, made], axis=1)


SELF_REPORTED = frozenset((Survey.PUPIL_S1_S4.value, Survey.HWC_S1_S6.value))
"""The surveys whose items are the pupils' own Strengths and Difficulties, a questionnaire of secondary stages."""

type Step = tuple[pd.DataFrame | None, list[Receipt]]


def _sdq(frame: pd.DataFrame, survey: str, rules: SdqRules) -> Step:
    if survey not in SELF_REPORTED or not set(rules.columns) <= set(frame.columns):
        return None, []
    scores = score_sdq(frame, rules)
    done = int(scores["sdq_total"].notna().sum())
    table = f"survey_{survey}"
    return scores, [
        Receipt(table, "sdq_scored", done, f"{done:,} forms have a total of difficulties ({rules.missing_rule})"),
        Receipt(table, "sdq_not_scored", len(frame) - done, f"{len(frame) - done:,} forms lack items that the total needs"),
    ]


def _wellbeing(frame: pd.DataFrame, survey: str, rules: WellbeingRules) -> Step:
    if not set(rules.columns) <= set(frame.columns):
        return None, []
    score = score_wellbeing(frame, rules)
    done, table, name = int(score.notna().sum()), f"survey_{survey}", rules.prefix
    return score.to_frame(), [
        Receipt(table, f"{name}_scored", done, f"{done:,} forms have a wellbeing score ({rules.items} items, all answered)"),
        Receipt(table, f"{name}_not_scored", len(frame) - done, f"{len(frame) - done:,} forms lack one of the {rules.items}"),
    ]


def _needs(frame: pd.DataFrame, survey: str, rules: Scoring, needs: list[Need]) -> Step:
    """The counts of needs, or a receipt that says why there are none."""
    least = rules.needs.least_answered.get(survey)
    if least is None:
        return None, []
    table, absent = f"survey_{survey}", not_collected(frame, needs)
    counts = count_needs(frame, survey, needs, rules.needs)
    if counts.columns.empty:
        text = f"{MULTIPLE} was not collected: it needs {least} questions, and these are not there: {', '.join(absent)}"
        return None, [Receipt(table, f"not_made_{MULTIPLE}", 0, text)]
    done = int(counts[TOTAL].notna().sum())
    of = f"{len(needs) - len(absent)} questions" + (f" (not collected: {', '.join(absent)})" if absent else "")
    lack = len(frame) - done
    return counts, [
        Receipt(table, "needs_counted", done, f"{done:,} forms answered {least} or more of {of}"),
        Receipt(table, "needs_not_counted", lack, f"{lack:,} forms answered fewer than {least} of them, so no needs are counted"),
    ]
