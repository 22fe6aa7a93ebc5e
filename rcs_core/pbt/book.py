"""The workbook: three tables of text under a front page, written so that what is read back is what was there.

Reading finds each sheet by its name, letter case aside, and its headings in the first rows, so that a workbook with a title
above the table is read as one without. Everything wrong is told at once, in the house form.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from rcs_core.contracts.across import check_row_rules
from rcs_core.contracts.clean import mend
from rcs_core.contracts.files import error, read_raw
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Column as Field
from rcs_core.contracts.model import fold
from rcs_core.contracts.rows import check_rows
from rcs_core.errors import UnreadableError
from rcs_core.pbt.layout import ORGANISE, OUTCOMES, PREVENTION, SPOKEN, Layout, layouts
from rcs_core.sheets import write
from rcs_core.sheets.read import read_sheet
from rcs_core.vocab import Severity

READ_ME, SEARCHED, WORD = "Read me", 12, 7
"""The front page; how many rows from the top are searched for headings; letters of a step's word (organis, prevent, outcome)."""


@dataclass(frozen=True, slots=True)
class Book:
    """The three tables, every cell text and blank where nothing is; columns as in `data_contracts/budgeting_tool.yaml`."""

    organise: pd.DataFrame
    prevention: pd.DataFrame
    outcomes: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the order of the steps."""
        return {ORGANISE: self.organise, PREVENTION: self.prevention, OUTCOMES: self.outcomes}


def table_of(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows as one of the three tables; what a row does not say is blank."""
    columns = layouts()[name].columns
    return pd.DataFrame([[row.get(c, "") for c in columns] for row in rows], columns=columns, dtype="str")


def plain_number(value: str) -> str:
    """A number in its shortest form, so that 40, 40.0 and 4E1 are one text; any other text as it is."""
    try:
        found = Decimal(value)
    except InvalidOperation:
        return value
    return f"{found.normalize():f}" if found.is_finite() else value


def write_book(book: Book, path: Path, about: str, desk_only: bool) -> None:
    """Write the workbook in one step; `about` says whose money it is; raises SheetError where it cannot be written."""
    sheets = [_front(about, desk_only)]
    for name, frame in book.tables().items():
        layout = layouts()[name]
        columns = [write.Column(t.heading, t.width, _format(layout, c), wrap=t.width > 20) for c, t in layout.told.items()]
        rows = [[_cell(layout, c, str(row[c])) for c in layout.columns] for row in frame.to_dict("records")]
        sheets.append(write.Sheet(layout.sheet, layout.title, columns, rows, note=about))
    write.write_book(path, sheets, {}, "Preventative Budgeting Tool tables")


def _format(layout: Layout, name: str) -> str:
    column = layout.contract.column(name)
    if column is not None and column.kind == "date":
        return "yyyy-mm-dd"
    return write.MONEY if name == "amount_gbp" else "General"


def _cell(layout: Layout, name: str, value: str) -> write.Value:
    column = layout.contract.column(name)
    if not value or column is None:
        return None
    if name in SPOKEN:
        return column.labels.get(value, value)
    if column.kind in ("number", "integer"):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    if column.kind == "date":
        return dt.date.fromisoformat(value)
    return value


def _front(about: str, desk_only: bool) -> write.Sheet:
    lines = [
        ("What this is", f"{about} The three steps of the Preventative Budgeting Tool: organise, prevention tags, outcome tags."),
        ("Headings", "Ours. The official workbook may name columns otherwise: data_contracts/budgeting_tool.yaml takes both."),
        ("Prevention", "Shares of a line by main purpose and target population; they add up to 100. Tags are experimental."),
        ("To bring it back", "rcs pbt THIS.xlsx FOLDER --register INPUT_FOLDER: joined by id, never by the order of rows."),
    ]
    lines += (
        [("Desk only", "It names cost centres of ledgers. Do not publish it; delete it when it was used.")] if desk_only else []
    )
    for layout in layouts().values():
        lines += [(f"{layout.sheet}: {t.heading}", t.about or layout_about(layout, c)) for c, t in layout.told.items()]
    columns = [write.Column("What", 34), write.Column("Said", 100, wrap=True)]
    return write.Sheet(READ_ME, "Preventative Budgeting Tool tables", columns, lines)


def layout_about(layout: Layout, name: str) -> str:
    """What a column is, as the contract that it comes from says it."""
    column = layout.contract.column(name)
    return column.about if column else ""


def read_book(path: Path) -> tuple[Book, list[Breaches]]:
    """Read a workbook: its three tables with wrong cells blank, and everything that is wrong with them.

    Raises UnreadableError where the file is no workbook, is damaged or is too large.
    """
    if path.suffix.casefold() != ".xlsx":
        raise UnreadableError("this is no workbook", path.name, path.suffix or "no ending", ".xlsx", "save it as a workbook")
    names = read_sheet(path).names
    found: dict[str, pd.DataFrame] = {}
    breaches: list[Breaches] = []
    for name, layout in layouts().items():
        sheet = _sheet(layout, names)
        if sheet is None:
            found[name] = table_of(name, [])
            remedy = f"name the sheet {layout.sheet}"
            breaches.append(error(path.name, "sheet", f"a sheet {layout.sheet}", remedy, ", ".join(names)))
            continue
        found[name], said = _read(path, sheet, layout)
        breaches += said
    book = Book(**found)
    return book, [*breaches, *_repeated(path.name, book)]


def _sheet(layout: Layout, names: tuple[str, ...]) -> str | None:
    """The sheet whose name holds the step's own word, whatever stands around it."""
    return next((name for name in names if layout.table[:WORD] in fold(name)), None)


def _read(path: Path, sheet: str, layout: Layout) -> tuple[pd.DataFrame, list[Breaches]]:
    raw, breaches = read_raw(path, sheet, _header_row(path, sheet, layout))
    if raw is None:
        return table_of(layout.table, []), breaches
    raw = replace(raw, sheet=sheet)
    table = mend(layout.contract, raw)
    wrong = check_rows(layout.contract, table, dt.date.today().year)
    ours = {t.heading for t in layout.told.values()}
    said = [b for b in [*breaches, *table.breaches] if not (b.code == "header" and set(b.values) <= ours)]
    frame = table.frame.reindex(columns=layout.columns, fill_value="").fillna("").astype("str")
    for breach in (b for b in wrong if b.column in layout.columns and b.severity is Severity.ERROR):
        frame[breach.column] = frame[breach.column].mask(table.frame["_row"].isin(list(breach.rows)), "")
    return _plain(frame, layout), [*said, *wrong, *check_row_rules(layout.contract, table)]


def _plain(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    fields: list[Field] = [c for c in layout.contract.columns if c.kind in ("number", "integer")]
    return frame.assign(**{c.name: frame[c.name].map(plain_number) for c in fields}).reset_index(drop=True)


def _header_row(path: Path, sheet: str, layout: Layout) -> int:
    """The row of the first ones that holds most of the headings, from 1."""
    known = {fold(word) for c in layout.contract.columns for word in (c.name, *c.aliases)}
    rows = read_sheet(path, sheet).rows[:SEARCHED]
    hits: list[int] = [len([cell for cell in row if cell and fold(cell) in known]) for row in rows]
    most = max(hits, default=0)
    return hits.index(most) + 1 if most else 1


def _repeated(file: str, book: Book) -> Iterator[Breaches]:
    """A line, a service's prevention tags or an outcome that stands twice."""
    for name, key, what in (
        (ORGANISE, ["line"], "each line once"),
        (PREVENTION, ["service_id"], "one row of prevention tags for each service"),
        (OUTCOMES, ["service_id", "outcome_list", "outcome"], "each outcome of a service once"),
    ):
        frame = book.tables()[name]
        twice = frame[frame.duplicated(key) & (frame[key] != "").all(axis=1)]
        for values in twice[key].drop_duplicates().itertuples(index=False, name=None):
            remedy = "remove the row that is out of date"
            yield replace(error(file, "twice", what, remedy, ", ".join(values), key[0]), sheet=layouts()[name].sheet)
