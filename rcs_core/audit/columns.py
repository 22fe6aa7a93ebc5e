"""Which columns of strange csv files add up, and which only name a population or a question.

A column adds up when it has a margin `ALL` in some file, or a hierarchy, or when another file without it holds its sums:
the base of a question in a table of its own, beside answers that have no `ALL` row.
"""

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from rcs_core.errors import UnreadableError
from rcs_core.release import ALL

LABELS = ("survey", "wave", "indicator")
ANSWERS = frozenset({"band", "answer", "response"})
"""Columns that say what children answered."""
TOTALS = frozenset({"all", "total", "totals", "grand total", "overall"})
"""Words, in any case, that others write where we write ALL."""


def dimensions(frames: Mapping[str, pd.DataFrame], counts: Mapping[str, str], hierarchies: pd.DataFrame) -> set[str]:
    """The columns that add up; frames as text, counts: file -> its column of counts."""
    found = {str(d) for d in hierarchies["dimension"]} | {"area"}
    for name, count in counts.items():
        found |= {c for c in before(frames[name], count) if (frames[name][c] == ALL).any()}
    found -= set(LABELS)
    return found | set(_answers(frames, counts, found))


def refuse_other_totals(codes: pd.DataFrame, dims: Collection[str], where: str) -> None:
    """Refuse a column with a total under another word than ALL: taken for a mere label, its sums would be looked at by nobody.

    codes: the columns before the counts, as text; dims: the columns that are known to add up; where: the file.
    """
    for column in (str(c) for c in codes.columns if c not in dims and c not in LABELS):
        found = sorted(set(codes[column].str.strip()))
        if len(found) > 1 and (total := next((code for code in found if code.casefold() in TOTALS), None)):
            raise UnreadableError(
                "a total is not marked as one", f"{where}, column {column}", total, f"the code {ALL}", f"write {ALL} for {total}"
            )


def before(frame: pd.DataFrame, count: str) -> list[str]:
    """The columns that stand before the counts."""
    return [str(c) for c in frame.columns[: list(frame.columns).index(count)]]


def _answers(frames: Mapping[str, pd.DataFrame], counts: Mapping[str, str], dims: set[str]) -> Iterator[str]:
    """Columns without a margin whose sums another file holds."""
    for name, count in counts.items():
        columns = before(frames[name], count)
        for column in (c for c in columns if c not in dims and c not in LABELS):
            rest = [c for c in columns if c != column]
            for other, base in counts.items():
                theirs = before(frames[other], base)
                fits = theirs and column not in theirs and set(rest) & dims <= set(theirs) <= set(rest)
                if other != name and fits and _sums_up(frames[name], count, column, rest, frames[other], base, theirs):
                    yield column


def _sums_up(
    frame: pd.DataFrame, count: str, column: str, rest: list[str], base: pd.DataFrame, base_count: str, shared: list[str]
) -> bool:
    """Whether the other file's numbers are sums over the column: wherever all are shown, and nowhere less than what is."""
    mine = frame.assign(_n=pd.to_numeric(frame[count], errors="coerce"))
    added = mine.groupby(rest)["_n"].agg(["sum", "count", "size"]).reset_index()
    theirs = base[shared].assign(_total=pd.to_numeric(base[base_count], errors="coerce"))
    both = added.merge(theirs, on=shared).dropna(subset=["_total"])
    whole = both["count"] == both["size"]
    told = column in ANSWERS or bool(whole.any())
    return told and len(both) > 0 and bool(((both["sum"] == both["_total"]) | (~whole & (both["sum"] <= both["_total"]))).all())
