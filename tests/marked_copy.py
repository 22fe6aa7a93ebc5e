"""What tests read out of a marked copy: its list, the colour of a cell, and all that is in its parts."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from rcs_core.contracts import check_folder
from rcs_core.contracts.annotate import annotate, marked_path
from rcs_core.sheets.marked import LIST, SHADES

RED, AMBER, BLUE = SHADES


def marked(folder: Path, file: str) -> Any:
    """Check and annotate a folder, and open the marked copy of one file."""
    annotate(check_folder(folder), folder)
    return openpyxl.load_workbook(marked_path(folder / file))


def in_list(path: Path) -> list[list[Any]]:
    """The rows of the list under its headings, as values: only that sheet is read, however long the copy beside it."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(LIST).to_python()
    return rows[next(n for n, row in enumerate(rows) if row[0] == "What it does") + 1 :]


def listed(book: Any) -> list[dict[str, Any]]:
    """The rows of the list by heading; `to` is where the link leads."""
    rows = list(book[LIST].iter_rows())
    top = next(n for n, row in enumerate(rows) if row[0].value == "What it does")
    heads = [cell.value for cell in rows[top]]
    found = []
    for row in rows[top + 1 :]:
        line = dict(zip(heads, (cell.value for cell in row), strict=True))
        found.append(line | {"to": row[heads.index("Cell")].hyperlink and row[heads.index("Cell")].hyperlink.location})
    return found


def shade(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type else ""


def everything_in(path: Path) -> str:
    """All that is in a workbook's parts, as text."""
    with zipfile.ZipFile(path) as packed:
        return "\n".join(packed.read(name).decode("utf-8") for name in packed.namelist())
