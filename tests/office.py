"""LibreOffice, where there is one: it recalculates a workbook as a finance officer's own program would."""

import os
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import openpyxl


def have_office() -> bool:
    """Whether LibreOffice is here; said in one line when not, and a failure where RCS_REQUIRE_OFFICE=1."""
    if shutil.which("soffice"):
        return True
    assert os.environ.get("RCS_REQUIRE_OFFICE") != "1", "LibreOffice (soffice) is required here and was not found"
    warnings.warn("LibreOffice is not here: no workbook was recalculated", stacklevel=2)
    return False


type Sheets = dict[str, list[list[Any]]]


def recalculated(books: list[Path], scratch: Path) -> dict[str, Sheets]:
    """Every sheet's values, row by row, after LibreOffice has opened, recalculated and saved each workbook; by file stem."""
    out = scratch / "recalculated"
    profile = (scratch / "office-profile").resolve().as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    subprocess.run([*command, *map(str, books)], check=True, capture_output=True, timeout=300)
    return {book.stem: _values(out / book.name) for book in books}


def _values(path: Path) -> Sheets:
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def error_values(sheets: Sheets) -> list[str]:
    """The cells that hold an error value such as #NAME? or Err:502."""
    return [
        f"{name}, row {number}: {value}"
        for name, rows in sheets.items()
        for number, row in enumerate(rows, start=1)
        for value in row
        if isinstance(value, str) and (value.startswith("Err:") or (value.startswith("#") and value.endswith(("!", "?", "/A"))))
    ]
