"""What was changed in a workbook beside its inputs: told, never taken, since all other figures are worked out anew."""

from collections.abc import Iterator, Mapping
from typing import Any

from rcs_core.sheets.returned import Book, Returned, address
from rcs_core.sheets.table import FIRST_ROW, HEAD_ROW
from rcs_core.workshop.export.scenario_prints import BLANK, CONSTANT, ENTRY, FORMULA, LENGTH, plain, row_hash

MOST = 5
"""Cells or rows of one sheet that are told one by one."""


def told_of(book: Book, prints: Mapping[str, Any], inputs: str, own: frozenset[str]) -> tuple[list[str], list[str]]:
    """What was typed over, moved or added on other sheets; and what people filled in where a cell was there for it.

    inputs: the name that the sheet Inputs has now. own: the names of the sheets that were read already.
    """
    told, filled = list[str](), list[str]()
    for name, printed in prints.items():
        if name in own:
            continue
        sheet = book.sheets.get(name)
        if sheet is None:
            told.append(
                f"The sheet {name} is gone or has another name: nothing is read from it, its figures are worked out anew."
            )
            continue
        try:
            told += _typed_over(sheet, printed)
            filled += _filled(sheet, printed)
        except (TypeError, ValueError, KeyError, AttributeError):
            continue
    added = [name for name in book.sheets if prints and name not in prints and name not in own and name != inputs]
    told += [f"The sheet {name} was added: it is not read." for name in added]
    return told, filled


def _rows(printed: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Every row as it was written: its number, its kinds of cells, its hash."""
    number, hashes = FIRST_ROW, str(printed["rows"])
    end = FIRST_ROW + len(hashes) // LENGTH
    for count, kinds in printed["kinds"]:
        for _ in range(min(int(count), end - number)):
            start = (number - FIRST_ROW) * LENGTH
            yield number, str(kinds), hashes[start : start + LENGTH]
            number += 1


def _typed_over(sheet: Returned, printed: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    count = 0
    for number, kinds, expected in _rows(printed):
        count += 1
        constants = [sheet.value(number, k) for k, kind in enumerate(kinds, start=1) if kind == CONSTANT]
        lost = [
            k for k, kind in enumerate(kinds, start=1) if kind == FORMULA and (number, k) not in sheet.formulas
        ]  # fmt: skip
        if lost:
            found += [
                f"{address(sheet.name, number, k)}: a formula was overwritten ({_short(sheet.value(number, k))})" for k in lost
            ]
        elif row_hash(constants) != expected:
            found.append(f"{sheet.name}, row {number}: typed over or moved")
        written = [k for k, kind in enumerate(kinds, start=1) if kind == BLANK and plain(sheet.value(number, k))]
        found += [f"{address(sheet.name, number, k)}: written in ({_short(sheet.value(number, k))})" for k in written]
    found += _beside(sheet, printed, FIRST_ROW + count)
    if len(found) > MOST:
        return [f"{sheet.name}: {len(found)} rows or cells are not as they were written, such as {found[0]}. Not taken."]
    return [f"{one}. Not taken." for one in found]


def _beside(sheet: Returned, printed: Mapping[str, Any], end: int) -> list[str]:
    """Cells with something in them to the right of the table, or under it."""
    width = max((len(str(kinds)) for _, kinds in printed["kinds"]), default=0)
    return [
        f"{address(sheet.name, number, k)}: written beside the table ({_short(value)})"
        for number, row in enumerate(sheet.rows, start=1)
        for k, value in enumerate(row, start=1)
        if plain(value) and number >= FIRST_ROW and (k > width or number >= end)
    ]


def _filled(sheet: Returned, printed: Mapping[str, Any]) -> list[str]:
    """What people put into cells that are there to be filled, such as who signed off."""
    found = []
    for number, kinds, _ in _rows(printed):
        for k, kind in enumerate(kinds, start=1):
            if kind == ENTRY and (text := plain(sheet.value(number, k))):
                label = ", ".join(filter(None, (plain(sheet.value(number, 1)), plain(sheet.value(HEAD_ROW, k)))))
                found.append(f"{address(sheet.name, number, k)} ({label}): {text}" if k > 1 else text)
    return found


def _short(value: object) -> str:
    text = plain(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
