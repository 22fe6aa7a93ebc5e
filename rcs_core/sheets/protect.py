"""What may be changed in a workbook: cells to fill are open, with ranges and messages; all else is locked, without a password.

A lock without a password keeps a formula from a slip of the hand, and from nobody who means to change it. Filters and the
widths of columns stay free.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core.sheets.save import SheetError
from rcs_core.sheets.table import FIRST_ROW, Entry

_TITLE, _SAID, _REFUSED, _LIST = 32, 255, 225, 255
"""The most letters of a message's title, of a message, of what an error says, and of a list that stands in the rule itself."""
_MOST_RUNS = 300
"""Runs of cells that one rule is for, so that no program finds its address too long."""
_RULES: dict[str, Literal["decimal", "whole", "date", "list", "textLength"]] = {
    "number": "decimal",
    "whole": "whole",
    "date": "date",
    "list": "list",
    "text": "textLength",
}
_LARGEST, _LONGEST = 1e15, 2_000
_FIRST_DAY, _LAST_DAY = 36526, 73050
"""1 January 2000 and 31 December 2099, as spreadsheets count days."""


def lock(sheet: Worksheet) -> None:
    """Lock the cells that are not open; filters, sorting and the sizes of rows and columns stay allowed."""
    sheet.protection = SheetProtection(
        sheet=True, autoFilter=False, sort=False, formatColumns=False, formatRows=False, objects=True, scenarios=True
    )


def validate(sheet: Worksheet, entries: Mapping[tuple[int, int], Entry]) -> None:
    """Give every cell to fill its range and message, one rule for all that are alike."""
    places: dict[Entry, list[tuple[int, int]]] = {}
    for (row, column), entry in entries.items():
        places.setdefault(entry, []).append((column, row))
    for entry, where in places.items():
        for runs in batched(_runs(sorted(where)), _MOST_RUNS):
            rule = _rule(entry, runs[0].partition(":")[0])
            rule.sqref = " ".join(runs)
            sheet.add_data_validation(rule)


def _runs(places: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Cells that stand under one another as one address: E5:E9."""
    run: list[tuple[int, int]] = []
    for column, row in places:
        if run and run[-1] != (column, row - 1):
            yield _address(run)
            run = []
        run.append((column, row))
    if run:
        yield _address(run)


def _address(run: list[tuple[int, int]]) -> str:
    letter = get_column_letter(run[0][0] + 1)
    first, last = (FIRST_ROW + row for _, row in (run[0], run[-1]))
    return f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}"


def _rule(entry: Entry, first: str) -> DataValidation:
    """The rule of all cells that are alike; first: the address of the first, from which a rule with words counts."""
    rule = DataValidation(_RULES[entry.kind], allow_blank=True, showInputMessage=True, showErrorMessage=True, errorStyle="stop")
    rule.promptTitle, rule.prompt = "What belongs here"[:_TITLE], entry.said[:_SAID]
    rule.errorTitle, rule.error = "This does not belong here"[:_TITLE], entry.said[:_REFUSED]
    if entry.words:
        rule.type, rule.formula1 = "custom", _number_or_word(entry, first)
    elif entry.kind == "list":
        rule.formula1 = _list(entry.choices)
    elif entry.kind == "text":
        rule.operator, rule.formula1 = "lessThanOrEqual", str(_LONGEST)
    else:
        usual = (_FIRST_DAY, _LAST_DAY) if entry.kind == "date" else (-_LARGEST, _LARGEST)
        low, high = (given if given is not None else limit for given, limit in zip((entry.low, entry.high), usual, strict=True))
        rule.operator, rule.formula1, rule.formula2 = "between", f"{low:.15g}", f"{high:.15g}"
    return rule


def _number_or_word(entry: Entry, at: str) -> str:
    limits = [f"{at}>={entry.low:.15g}"] if entry.low is not None else []
    limits += [f"{at}<={entry.high:.15g}"] if entry.high is not None else []
    words = [f'{at}="{word}"' for word in entry.words]
    return f"OR(AND({','.join([f'ISNUMBER({at})', *limits])}),{','.join(words)})"


def _list(choices: tuple[str, ...]) -> str:
    said = ",".join(choices)
    if any("," in c or '"' in c for c in choices) or len(said) > _LIST:
        raise SheetError("a list does not fit in its rule", "choices", said, f"no commas, {_LIST} letters at most")
    return f'"{said}"'
