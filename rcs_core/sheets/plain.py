"""Write rows to a workbook as an office would save it, the same bytes for the same rows.

A workbook is a zip of XML with the time of saving inside; both clocks are set to a fixed day, so that two runs can
be compared byte for byte.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

FIXED = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_NARROWEST, _WIDEST = 8, 44


def write_rows(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merged: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write each sheet's rows in order; merged: cell ranges to merge, by sheet."""
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
        for position, width in enumerate(_widths(rows), start=1):
            sheet.column_dimensions[get_column_letter(position)].width = width
    draft = io.BytesIO()
    book.save(draft)
    path.write_bytes(without_clocks(draft.getvalue()))


def _widths(rows: Sequence[Sequence[object]]) -> list[int]:
    """Wide enough for what stands in each column; a title alone in its row may run over the next ones."""
    tables = [row for row in rows if len(row) > 1]
    columns = max((len(row) for row in tables), default=0)
    longest = [
        max((len(str(row[k])) for row in tables if k < len(row) and row[k] is not None), default=0) for k in range(columns)
    ]
    return [min(_WIDEST, max(_NARROWEST, length + 2)) for length in longest]


def without_clocks(content: bytes, day: str = "2025-01-01") -> bytes:
    """A workbook whose clocks stand at one day, so that the same rows give the same bytes."""
    clock, out = rb"\g<1>" + day.encode() + rb"T00:00:00Z\g<2>", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _CLOCK.sub(clock, part)
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return out.getvalue()
