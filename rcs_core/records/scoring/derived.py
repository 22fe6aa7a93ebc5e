"""Makes the answers that a survey did not bring from the columns it did, and says in receipts what was made of what.

An answer that came is never replaced: where it could be made as well, a receipt counts the forms that differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.contracts import Receipt
from rcs_core.records.scoring.kinds import Kind, Made
from rcs_core.records.scoring.states import as_text


@dataclass(frozen=True, slots=True)
class Derived:
    """One answer that can be made: by which rule, in which surveys, on whose word, and whether that was verified."""

    name: str
    rule: Kind
    surveys: list[str]
    sensitive: bool
    verified: bool
    source: str
    date: str


def derive(frame: pd.DataFrame, survey: str, rules: Mapping[str, Derived]) -> tuple[pd.DataFrame, list[Receipt]]:
    """The survey with every answer that can be made, and a receipt for each that was made, or could be in part.

    A rule may rest on what an earlier one made.
    """
    made: dict[str, pd.Series] = {}
    receipts: list[Receipt] = []
    for name, derived in rules.items():
        there = [column for column in derived.rule.columns if column in frame.columns or column in made]
        if survey not in derived.surveys or not there:
            continue
        if len(there) < len(derived.rule.columns):
            receipts += _half(survey, name, frame, [c for c in derived.rule.columns if c not in there])
            continue
        brought = {column: made[column] for column in there if column in made}
        found = derived.rule.apply(frame.assign(**brought) if brought else frame)
        if name in frame.columns:
            receipts += _beside(survey, name, frame[name], found)
            continue
        made[name] = found.values
        receipts += _receipts(survey, name, derived, found)
    return (frame.assign(**made) if made else frame), receipts


def _receipts(survey: str, name: str, derived: Derived, found: Made) -> list[Receipt]:
    """How many forms have the answer, and how many had something that no answer could be made of."""
    table, source = f"survey_{survey}", ", ".join(derived.rule.columns)
    done = int(as_text(found.values).ne("").sum())
    receipts = [Receipt(table, f"made_{name}", done, f"{done:,} forms have {name}, made from {source}")]
    if found.unusable:
        text = f"{found.unusable:,} forms have no {name}: what stands in {source} is implausible or no known code"
        receipts.append(Receipt(table, f"unusable_{name}", found.unusable, text))
    return receipts


def _half(survey: str, name: str, frame: pd.DataFrame, absent: list[str]) -> list[Receipt]:
    """An answer of which only some parts came; nothing is to be said where it came itself."""
    if name in frame.columns:
        return []
    return [
        Receipt(
            f"survey_{survey}",
            f"not_made_{name}",
            0,
            f"{name} was not collected: it is made from several columns, and these are not there: {', '.join(absent)}",
        )
    ]


def _beside(survey: str, name: str, given: pd.Series, found: Made) -> list[Receipt]:
    """An answer that came and could be made as well: it stands as it came, and the forms that differ are counted."""
    came, made = (as_text(column) for column in (given, found.values))
    differ = int((came.ne("") & made.ne("") & came.ne(made)).sum())
    text = f"{name} stands as it came; in {differ:,} forms the columns that it is made from say otherwise"
    return [Receipt(f"survey_{survey}", f"kept_{name}", differ, text)] if differ else []
