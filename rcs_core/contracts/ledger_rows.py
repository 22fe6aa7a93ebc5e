"""Tells the rows of a ledger apart: lines, sub-totals, headings, headers said again; and what each sub-total adds up.

In: a ledger's rows in the order of its file. Out: what each row is, and for each sub-total the rows of which it is the sum.
A sub-total is known by its words and then checked against the sum, so that no line is taken for one unseen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.model import fold

LINE, SUBTOTAL, HEADING, REPEATED = "", "subtotal", "heading", "repeated_header"
TEXTS = ("cost_centre", "description", "amount")
type Kinds = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Sum:
    """A row whose amount is, or is not, the sum of rows beside it: its row, its pence, and the first and last row it adds up."""

    row: int
    pence: int
    first: int = 0
    last: int = 0
    lines: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether its amount is the sum of some rows beside it."""
        return self.lines > 0


def kinds_of(frame: pd.DataFrame, words: Sequence[str], mapped: Collection[str], headers: Mapping[str, str]) -> Kinds:
    """What each row is: a line (nothing), a sub-total, a heading, or the headers said again at the top of a page.

    words: that mark a sub-total, folded. mapped: cost centres that the map names; such a row is never a sub-total.
    headers: what stands over each column in the file.
    """
    told = {name: fold(header) for name, header in headers.items()}
    rows = zip(frame["cost_centre"], frame["description"], frame["amount"], strict=True)
    found = [_kind(centre, text, amount, words, mapped, told) for centre, text, amount in rows]
    return np.array(found, dtype=np.object_)


def _kind(centre: str, text: str, amount: str, words: Sequence[str], mapped: Collection[str], headers: Mapping[str, str]) -> str:
    if _is_headers((centre, text, amount), headers):
        return REPEATED
    folded = fold(text)
    if centre in mapped and amount:
        return LINE
    if any(_has(fold(centre), word) or (_has(folded, word) and (not centre or folded.startswith(word))) for word in words):
        return SUBTOTAL
    return HEADING if not amount and (not centre or not text) else LINE


def _is_headers(cells: tuple[str, str, str], headers: Mapping[str, str]) -> bool:
    """Whether every cell that is filled says its own column's header, the amount's among them."""
    if not cells[2] or any(sign.isdigit() for sign in cells[1]) or fold(cells[2]) != headers.get("amount"):
        return False
    return all(not cell or fold(cell) == headers.get(name) for name, cell in zip(TEXTS, cells, strict=True))


def _has(folded: str, word: str) -> bool:
    return f"_{word}_" in f"_{folded}_"


def sums(rows: Sequence[int], pence: Sequence[int], kinds: Kinds) -> list[Sum]:
    """Each sub-total, with the block of lines that it adds up: just above it, back to any earlier break, or just below it.

    A break is the top, another sub-total, a heading, or a row left blank.
    """
    return [s for s, kind in _blocks(rows, pence, kinds) if kind == SUBTOTAL]


def suspects(rows: Sequence[int], pence: Sequence[int], kinds: Kinds) -> list[Sum]:
    """Lines that are the sum of two lines or more just above them: sub-totals, perhaps, whose word nobody named."""
    return [s for s, kind in _blocks(rows, pence, kinds) if kind == LINE and s.lines > 1]


def _blocks(rows: Sequence[int], pence: Sequence[int], kinds: Kinds) -> list[tuple[Sum, str]]:
    total, count, before = 0, 0, 0
    # Where the lines so far came to a sum at a break: how many lines that was, and the row after it.
    breaks: dict[int, tuple[int, int]] = {0: (0, 0)}
    found = []
    for place, (row, amount, kind) in enumerate(zip(rows, pence, kinds, strict=True)):
        if row != before + 1:
            breaks[total] = (count, place)
        if kind == SUBTOTAL or (kind == LINE and amount):
            found.append((_sum(place, (total, count), breaks, rows, pence, kinds), kind))
        if kind == LINE:
            total, count = total + amount, count + 1
        else:
            breaks[total] = (count, place + 1)
        before = row
    return found


def _sum(
    place: int,
    so_far: tuple[int, int],
    breaks: Mapping[int, tuple[int, int]],
    rows: Sequence[int],
    pence: Sequence[int],
    kinds: Kinds,
) -> Sum:
    total, count = so_far
    lines, first = breaks.get(total - pence[place], (count, place))
    if lines < count:
        return Sum(rows[place], pence[place], rows[first], rows[place - 1], count - lines)
    return _below(place, rows, pence, kinds) if kinds[place] == SUBTOTAL else Sum(rows[place], pence[place])


def _below(place: int, rows: Sequence[int], pence: Sequence[int], kinds: Kinds) -> Sum:
    """A total that stands over its lines."""
    total, last = 0, place
    while last + 1 < len(rows) and kinds[last + 1] == LINE and rows[last + 1] == rows[last] + 1:
        last += 1
        total += pence[last]
    if last > place and total == pence[place]:
        return Sum(rows[place], pence[place], rows[place + 1], rows[last], last - place)
    return _whole(place, rows, pence, kinds)


def _whole(place: int, rows: Sequence[int], pence: Sequence[int], kinds: Kinds) -> Sum:
    """A total of every line, wherever it stands."""
    lines = [k for k, kind in enumerate(kinds) if kind == LINE]
    if lines and sum(pence[k] for k in lines) == pence[place]:
        return Sum(rows[place], pence[place], rows[lines[0]], rows[lines[-1]], len(lines))
    return Sum(rows[place], pence[place])
