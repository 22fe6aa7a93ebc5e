"""The state of every answer, kept apart: an answer, missing, preferred not to say, not asked of the stage, not collected."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from rcs_core.contracts import Receipt
from rcs_core.vocab import AnswerState


def as_text(cells: pd.Series) -> pd.Series:
    """A column's cells as text, blank where there is none, whatever its type."""
    return cells.astype(object).where(cells.notna(), "").astype("str")


def answer_states(frame: pd.DataFrame, column: str, stages: Iterable[str] = ()) -> pd.Series:
    """The state of each form's answer in a column; `stages` are those it is asked of (none: everybody is).

    A column that is not there was not collected from anybody it was asked of.
    """
    asked = list(stages)
    of_stage = frame["stage"].isin(asked).to_numpy() if asked and "stage" in frame.columns else np.ones(len(frame), dtype=bool)
    if column not in frame.columns:
        here = np.full(len(frame), AnswerState.NOT_COLLECTED.value)
    else:
        cells = as_text(frame[column])
        # A cell may itself say why it holds no answer, where a council's form says who was not asked.
        told = [s.value for s in AnswerState if s not in (AnswerState.VALUE, AnswerState.MISSING)]
        here = np.select([cells.eq(""), cells.isin(told)], [AnswerState.MISSING.value, cells], AnswerState.VALUE.value)
    said = np.where(of_stage, here, AnswerState.NOT_ASKED_OF_STAGE.value)
    return pd.Series(said, index=frame.index, dtype="str")


def count_states(frame: pd.DataFrame, columns: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """How many forms stand in each state: column, state, n (Int64), a row for every state; each column's rows add up.

    columns: by name, the stages each is asked of. These are true counts: they stay in the records room.
    """
    rows = []
    for name, stages in columns.items():
        found = answer_states(frame, name, stages).value_counts()
        rows += [(name, state.value, int(found.get(state.value, 0))) for state in AnswerState]
    return pd.DataFrame(rows, columns=["column", "state", "n"]).astype({"n": "Int64"})


def only_asked(frame: pd.DataFrame, survey: str, stages: Mapping[str, Iterable[str]]) -> tuple[pd.DataFrame, list[Receipt]]:
    """The survey without answers to questions that were not asked of the pupil's stage, and a receipt for each.

    stages: by column, the stages it was asked of; a column that is not named, or with none, was asked of everybody.
    """
    receipts, blanked = [], {}
    for column, asked in stages.items():
        wrong = answer_states(frame, column, asked).eq(AnswerState.NOT_ASKED_OF_STAGE.value)
        if column in frame.columns and (wrong & as_text(frame[column]).ne("")).any():
            blanked[column] = frame[column].mask(wrong, "")
            lost = int((wrong & as_text(frame[column]).ne("")).sum())
            told = f"{lost:,} answers to {column} are left out: it was not asked of their stage"
            receipts.append(Receipt(f"survey_{survey}", f"not_asked_{column}", lost, told))
    return (frame.assign(**blanked) if blanked else frame), receipts
