"""Writes the rows of long sheets straight into a workbook's XML: a million cells in seconds, where objects take minutes.

In: a workbook whose sheets have everything but their rows (widths, comments, frozen headers), the rows, and links. Out: the
workbook, in one step. Text is written as text whatever it begins with; only a `Formula` is live.
"""

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils import datetime as clock
from openpyxl.utils import get_column_letter

from rcs_core.sheets.save import LONGEST_TEXT, in_one_step
from rcs_core.sheets.table import Formula

CHUNK = 2_000
LINE_HEIGHT = 15.0
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RETURN = {"\r": "&#13;"}
_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")

type Styled = tuple[object, int]
"""A value and the number of its style in the workbook, 0 for none."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one sheet from row 1; links from a cell to a cell, such as B5 to 'Sheet'!C7; the heights of tall rows."""

    rows: Iterable[Sequence[Styled]]
    links: Sequence[tuple[str, str]] = ()
    heights: Mapping[int, float] = field(default_factory=dict)


def save_with_rows(
    book: Workbook, path: Path, sheets: Mapping[str, Rows], drawings: Sequence[Callable[[bytes], bytes]] = ()
) -> None:
    """Save the workbook with these rows in the place of its sheets' own; raises SheetError, and the old file stays.

    drawings: what is done to the XML of each drawing, in the order of the sheets that have one.
    """
    draft = io.BytesIO()
    book.save(draft)
    parts = {f"xl/worksheets/sheet{number}.xml": sheets.get(title) for number, title in enumerate(book.sheetnames, start=1)}
    amended = {f"xl/drawings/drawing{number}.xml": change for number, change in enumerate(drawings, start=1)}
    in_one_step(path, lambda target: _repack(draft, target, parts, amended))


def _repack(
    draft: io.BytesIO, target: Path, parts: Mapping[str, Rows | None], amended: Mapping[str, Callable[[bytes], bytes]]
) -> None:
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            rows = parts.get(name)
            if rows is None:
                part = old.read(name)
                new.writestr(name, amended[name](part) if name in amended else part)
            else:
                with new.open(name, "w", force_zip64=True) as out:
                    _write_sheet(out, old.read(name), rows)


def _write_sheet(out: IO[bytes], frame: bytes, rows: Rows) -> None:
    head, tail = _DATA.split(_DIMENSION.sub(b"", frame), maxsplit=1)
    out.write(head + b"<sheetData>")
    for chunk in _chunks(rows):
        out.write(chunk.encode("utf-8"))
    links = "".join(f"<hyperlink ref={quoteattr(at)} location={quoteattr(to)}/>" for at, to in rows.links)
    linked = f"<hyperlinks>{links}</hyperlinks><pageMargins" if links else "<pageMargins"
    out.write(b"</sheetData>" + tail.replace(b"<pageMargins", linked.encode("utf-8"), 1))


def _chunks(sheet: Rows) -> Iterator[str]:
    texts: list[str] = []
    for number, row in enumerate(sheet.rows, start=1):
        if cells := "".join(_cell(f"{_letter(k)}{number}", value, style) for k, (value, style) in enumerate(row, start=1)):
            tall = f' ht="{sheet.heights[number]:g}" customHeight="1"' if number in sheet.heights else ""
            texts.append(f'<row r="{number}"{tall}>{cells}</row>')
        if len(texts) >= CHUNK:
            yield "".join(texts)
            texts = []
    yield "".join(texts)


@cache
def _letter(position: int) -> str:
    return get_column_letter(position)


def _cell(at: str, value: object, style: int) -> str:
    shade = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f'<c r="{at}"{shade}/>' if style else ""
    if isinstance(value, bool):
        return f'<c r="{at}"{shade} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Formula):
        return f'<c r="{at}"{shade}><f>{escape(value.text)}</f></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f'<c r="{at}"{shade}><v>{_plain(value)}</v></c>'
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return f'<c r="{at}"{shade}><v>{_as_number(value)!r}</v></c>'
    return f'<c r="{at}"{shade} t="inlineStr"><is><t xml:space="preserve">{escape(fitting(str(value)), _RETURN)}</t></is></c>'


def _plain(value: int | float) -> str:
    """A number with all its figures, whatever library it came from."""
    return repr(float(value)) if isinstance(value, float) else str(int(value))


def _as_number(moment: dt.date | dt.time | dt.timedelta) -> float:
    """A day or time as a spreadsheet counts it."""
    count: Any = clock.to_excel
    return float(count(moment))


def fitting(text: str) -> str:
    """A text that a cell can hold: no signs that XML cannot, and not longer than a cell is."""
    clean = _UNFIT.sub("", text)
    return clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 3]}..."
