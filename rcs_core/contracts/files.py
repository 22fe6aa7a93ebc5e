"""Finds each table's file in the folder and reads it as text, row by row as the file counts them.

In: a folder and a file stem. Out: a `RawTable` (headers as written, cells as text, `_row`), or the one clear reason why
the file cannot be read. Nothing is interpreted here; a file in another encoding or with another separator is said.
"""

import csv
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rcs_core.contracts.cells import filled, longest
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import names_itself, policy
from rcs_core.errors import UnreadableError
from rcs_core.sheets.read import Limits, limits, read_sheet
from rcs_core.vocab import Severity

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
READABLE = (".csv", ".xlsx")
MARKED = "_to_mend.xlsx"
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as read: headers as written, one text column for each (0, 1, 2 ...), and `_row`, counted as in the file."""

    file: str
    sheet: str
    header: tuple[str, ...]
    frame: pd.DataFrame
    header_row: int = 1


def error(file: str, code: str, rule: str, remedy: str, value: str = "", column: str = "") -> Breaches:
    """One breach of a whole file that stops a build."""
    return Breaches(Severity.ERROR, file, code, rule, remedy, column=column, values=(value,) if value else ())


def note(file: str, code: str, rule: str, remedy: str = "", value: str = "", column: str = "") -> Breaches:
    """One remark on a whole file."""
    return Breaches(Severity.NOTE, file, code, rule, remedy, column=column, values=(value,) if value else ())


def listing(folder: Path) -> list[Path]:
    """The files of the folder that may be inputs: not hidden, not an editor's lock file, not a marked copy."""
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~")) and not is_marked_copy(p))


def is_marked_copy(path: Path) -> bool:
    """Whether a file is named as the copies are that show what to mend; they are never inputs."""
    return path.name.casefold().endswith(MARKED)


def marked_copies(folder: Path) -> list[Breaches]:
    """A remark on each marked copy that lies among the inputs."""
    rule, remedy = "only the input files; this copy, marked by an earlier check, was not read", "nothing need be done"
    return [note(p.name, "marked_copy", rule, remedy) for p in sorted(folder.iterdir()) if is_marked_copy(p)]


def not_files(folder: Path) -> list[Breaches]:
    """Things that are named like an input and cannot be read as a file: a folder, a link that leads nowhere."""
    named = [p for p in sorted(folder.iterdir()) if p.suffix.casefold() in READABLE and not p.name.startswith((".", "~"))]
    rule, remedy = "a file that can be read", "put the file itself in the folder, or take this away"
    return [error(p.name, "not_a_file", rule, remedy, "a folder or a broken link") for p in named if not p.is_file()]


def find(files: list[Path], stem: str) -> tuple[Path | None, list[Breaches]]:
    """The one csv or xlsx file of that stem, letter case aside; two are an error, another form is said."""
    alike = [p for p in files if p.stem.casefold().strip() == stem]
    usable = [p for p in alike if p.suffix.casefold() in READABLE]
    if len(usable) > 1:
        names = " and ".join(p.name for p in usable)
        return None, [error(usable[0].name, "two_files", f"one file for {stem}", "remove the one that is out of date", names)]
    if not usable and alike:
        rule = f"{stem}.csv or {stem}.xlsx"
        return None, [error(alike[0].name, "file_form", rule, "save it as .xlsx or as CSV UTF-8", alike[0].suffix)]
    return (usable[0] if usable else None), []


def read_raw(path: Path, sheet: str = "", header_row: int = 1) -> tuple[RawTable | None, list[Breaches]]:
    """Read a file as text; the table is None when the file cannot be used at all, and the reason is among the breaches."""
    most = limits()
    try:
        if path.stat().st_size == 0:
            return None, [error(path.name, "empty", "headers and rows", "export the file again", "an empty file")]
        if path.suffix.casefold() == ".xlsx":
            found = read_sheet(path, sheet, most)
            shown = found.name if sheet and not names_itself(found.name) else ""
            table, breaches = _table(path.name, shown, pd.DataFrame(found.rows, dtype="str"), header_row)
            return table, [*breaches, *_named_sheets(path.name, found.names)]
        return _read_csv(path, header_row, most)
    except UnreadableError as problem:
        expected = ", ".join(MASK if names_itself(part) else part for part in problem.expected.split(", ")) or problem.what
        return None, [error(path.name, "unreadable", expected, problem.remedy, _said(problem))]
    except MemoryError:
        value = f"{path.stat().st_size:,} bytes, for which there is not enough memory"
        return None, [error(path.name, "too_large", "a file that fits in memory", "send only what is asked for", value)]
    except OSError as problem:
        remedy = "close it in other programs and look at who may read it"
        return None, [error(path.name, "unreadable", "a file that can be opened", remedy, problem.strerror or str(problem))]


def _named_sheets(file: str, names: tuple[str, ...]) -> list[Breaches]:
    """A breach for each sheet that is named after a child."""
    kinds = [kind for kind in map(names_itself, names) if kind]
    rule, remedy = "no direct identifier in a sheet's name; this looks like {}", "rename the sheet"
    return [error(file, "identifier", rule.format(policy().kinds[kind].label), remedy, MASK) for kind in kinds]


def _said(problem: UnreadableError) -> str:
    return f"{problem.what}: {problem.got}" if problem.got else problem.what


def _read_csv(path: Path, header_row: int, most: Limits) -> tuple[RawTable | None, list[Breaches]]:
    if path.stat().st_size > most.file_bytes:
        value = f"{path.stat().st_size:,} bytes"
        return None, [error(path.name, "too_large", f"{most.file_bytes:,} bytes or fewer", "send only what is asked for", value)]
    text, breaches = _decode(path)
    if text is None:
        return None, breaches
    if not text.strip():
        return None, [*breaches, error(path.name, "empty", "headers and rows", "export the file again", "an empty file")]
    separator = separator_of(text, header_row)
    lines, columns = text.count("\n") + 1, _cells(_line(text, header_row), separator)
    if not columns:
        return None, [*breaches, _no_headers(path.name, header_row, "a blank line")]
    if lines > most.rows + 1 or columns > most.columns or lines * columns > most.csv_cells:
        rule = f"{most.rows:,} rows, {most.columns:,} columns and {most.csv_cells:,} cells at most"
        value = f"{lines:,} rows and {columns:,} columns"
        return None, [*breaches, error(path.name, "too_large", rule, "send only what is asked for", value)]
    if separator != ",":
        told = f"commas between cells; it was read with {SEPARATORS[separator]}"
        breaches.append(note(path.name, "separator", told, "save it as CSV UTF-8 (comma delimited)", SEPARATORS[separator]))
    frame, more = _split(path.name, text, separator, columns, header_row)
    table, last = _table(path.name, "", frame, header_row) if frame is not None else (None, [])
    return table, [*breaches, *more, *_cut_off(path.name, text, separator, columns), *last]


def text_of(path: Path) -> str | None:
    """A text file's content, in whatever encoding it is; None when it is no text or larger than is opened."""
    return _decode(path)[0] if path.stat().st_size <= limits().file_bytes else None


def separator_of(text: str, header_row: int) -> str:
    """The sign between cells: the one that parts the headers into the most."""
    top = _line(text, header_row)
    return max(SEPARATORS, key=lambda sign: _cells(top, sign))


def separator_cells(text: str, header_row: int) -> int:
    """How many cells the headers have."""
    return _cells(_line(text, header_row), separator_of(text, header_row))


def _line(text: str, number: int) -> str:
    lines = text.split("\n", number)
    return lines[min(number, len(lines)) - 1]


def _cells(line: str, separator: str) -> int:
    """How many cells a line has, separators in quotation marks aside; a line that is no row of cells has one."""
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 1


def _decode(path: Path) -> tuple[str | None, list[Breaches]]:
    """The file's text with every line ended alike, and what is wrong with its form."""
    text, breaches = _decoded(path)
    return text.replace("\r\n", "\n").replace("\r", "\n") if text and "\r" in text else text, breaches


def _decoded(path: Path) -> tuple[str | None, list[Breaches]]:
    """The file's text; another encoding than UTF-8 is an error, but the text is read on so that the rest is checked too."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        return None, [error(path.name, "file_form", "a csv file", "rename it to end in .xlsx", "a workbook named .csv")]
    remedy = "save it again as CSV UTF-8"
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            try:
                text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
            except UnicodeDecodeError as problem:
                return None, [_wrong_encoding(path.name, data, problem, remedy)]
            wrong = [] if encoding == "utf-8" else [error(path.name, "encoding", "text in UTF-8", remedy, encoding.upper())]
            return text, wrong
    if b"\x00" in data:
        return None, [error(path.name, "encoding", "text in UTF-8", remedy, "not text")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as problem:
        return data.decode("cp1252", errors="replace"), [_wrong_encoding(path.name, data, problem, remedy)]


def _wrong_encoding(file: str, data: bytes, problem: UnicodeDecodeError, remedy: str) -> Breaches:
    row = data.count(b"\n", 0, problem.start) + 1
    value = f"a byte that is not UTF-8 (0x{data[problem.start]:02x})"
    return Breaches(Severity.ERROR, file, "encoding", "text in UTF-8", remedy, rows=(row,), values=(value,))


def _split(file: str, text: str, separator: str, columns: int, header_row: int) -> tuple[pd.DataFrame | None, list[Breaches]]:
    try:
        with warnings.catch_warnings():
            # Cells beyond the header would otherwise be lost with a warning only.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return _parse(text, separator, columns), []
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError):
        return _split_slowly(file, text, separator, columns, header_row)


def _parse(text: str, separator: str, columns: int) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text),
        header=None,
        names=list(range(columns)),
        index_col=False,
        sep=separator,
        dtype="str",
        na_filter=False,
        skip_blank_lines=False,
        on_bad_lines="error",
    )


def _split_slowly(
    file: str, text: str, separator: str, columns: int, header_row: int
) -> tuple[pd.DataFrame | None, list[Breaches]]:
    """Line by line, to say every row that has more cells than the header."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as problem:
        remedy = "look for a quotation mark that is never closed and export the file again"
        return None, [error(file, "unreadable", "rows of cells", remedy, str(problem))]
    long = [number for number, row in enumerate(rows, start=1) if number > header_row and any(row[columns:])]
    frame = pd.DataFrame([(row + [""] * columns)[:columns] for row in rows], dtype="str")
    rule, remedy = f"{columns} cells, as in the header", "put text that holds a separator in quotation marks"
    counts = [f"{len(rows[number - 1])} cells" for number in long]
    return frame, [Breaches(Severity.ERROR, file, "cells", rule, remedy, rows=long, values=counts)] if long else []


def _cut_off(file: str, text: str, separator: str, columns: int) -> list[Breaches]:
    """A last line without its end and with too few cells: the export stopped half-way."""
    if text.endswith(("\n", "\r")) or '"' in text[-2000:]:
        return []
    last = text[text.rfind("\n") + 1 :]
    if not last.strip() or last.count(separator) + 1 >= columns or text.count("\n") == 0:
        return []
    value = f"{last.count(separator) + 1} cells and no end of line"
    rule, remedy = f"{columns} cells in the last row", "export the file again: it seems to have been cut off"
    return [Breaches(Severity.ERROR, file, "cut_off", rule, remedy, rows=(text.count("\n") + 1,), values=(value,))]


def _no_headers(file: str, row: int, value: str) -> Breaches:
    return error(file, "empty", f"headers in row {row}", "export the file again, its headers in that row", value)


def _table(file: str, sheet: str, frame: pd.DataFrame, header_row: int) -> tuple[RawTable | None, list[Breaches]]:
    if len(frame) < header_row or not (frame.iloc[header_row - 1] != "").any():
        return None, [_no_headers(file, header_row, f"{len(frame)} rows")]
    if (signs := longest(frame)) > limits().cell_signs:
        rule, remedy = f"{limits().cell_signs:,} signs in a cell at most", "look for a quotation mark that is never closed"
        return None, [error(file, "too_large", rule, remedy, f"{signs:,} signs in a cell")]
    header = [str(h) for h in frame.iloc[header_row - 1]]
    body = frame.iloc[header_row:].copy()
    body.columns = pd.RangeIndex(len(header))
    body["_row"] = body.index + 1
    body = body[filled(body.drop(columns="_row"))].reset_index(drop=True)
    return RawTable(file, sheet, tuple(header), body, header_row), []
