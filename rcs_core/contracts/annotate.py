"""Gives a rejected file back: beside each file with breaches a copy that shows, cell by cell, what to mend and how.

In: a check's report and its folder. Out: `<stem>_to_mend.xlsx` for each file with a breach that stops a build or costs a row.
Values that point to a child are not repeated in the list or in comments, and a direct identifier is masked in the copy too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rcs_core.contracts.as_sent import AsSent, as_sent
from rcs_core.contracts.files import MARKED, is_marked_copy
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.hidden import Hidden, hidden_cells
from rcs_core.contracts.places import Places, places_of
from rcs_core.contracts.report import ORDER, CheckReport
from rcs_core.contracts.workbooks import Workbooks, workbooks
from rcs_core.sheets.marked import Copy, Line, Mark, is_ours, write_marked
from rcs_core.sheets.write import SheetError
from rcs_core.vocab import Severity

LONGEST_NOTE = 2_000
AS_IT_SHOULD_BE = {"subtotal", "heading"}
COLOURS = "red stops a build, amber leaves a row out, blue is for information"
NO_CELLS = "The file cannot be opened, so its cells are not here."
THE_TEXT = f"The next sheet holds the lines of the file: {COLOURS}."
THE_CELLS = f"The next sheet holds the values that were read, in their own rows and columns, without formulas: {COLOURS}."
TITLE = "What to mend in {}"


@dataclass(frozen=True, slots=True)
class Written:
    """One marked copy: of which file, where it is, how many breaches it shows, and whether cells are masked in it."""

    file: str
    path: Path
    breaches: int
    masked: bool

    def text(self) -> str:
        """One line for a person."""
        return f"{self.path}: what to mend in {self.file}{'; identifiers are masked in it' if self.masked else ''}"

    def to_dict(self) -> dict[str, object]:
        """The same as plain values, for `rcs check --json` and the desk."""
        return {"file": self.file, "written": str(self.path), "breaches": self.breaches, "masked": self.masked}


def annotate(report: CheckReport, folder: Path) -> list[Written]:
    """Write a marked copy beside each file that has something to mend, and take away those of files that have not any more.

    Raises SheetError naming each copy that could not be written or taken away; the others are written all the same.
    """
    by_file: dict[str, list[Breaches]] = defaultdict(list)
    for group in report.groups:
        by_file[group.file].append(group)
    written: list[Written] = []
    problems: list[SheetError] = []
    for file, groups in by_file.items():
        path = folder / file
        if path.is_file() and not is_marked_copy(path) and any(_to_mend(g) for g in groups):
            try:
                written.append(_mark(report, path, file, groups))
            except SheetError as problem:
                problems.append(problem)
    problems += _take_away({w.path for w in written} | {folder / p.where for p in problems}, folder)
    if problems:
        raise _together(problems, folder)
    return written


def _to_mend(group: Breaches) -> bool:
    """Whether a person has something to put right; a ledger's sub-totals are left out as they should be."""
    return group.severity is not Severity.NOTE and group.code not in AS_IT_SHOULD_BE


def marked_path(path: Path) -> Path:
    """Where the marked copy of a file is."""
    return path.with_name(f"{path.stem}{MARKED}")


def _together(problems: Sequence[SheetError], folder: Path) -> SheetError:
    said = "; ".join(f"{Path(p.where).name}: {p.got}" for p in problems)
    remedy = "close the copies in other programs, look at who may write to the folder, and run it again"
    return SheetError(
        "not every marked copy could be written; what was there is still there", str(folder), said,
        "a folder that may be written to, and copies that are not open elsewhere", remedy,
    )  # fmt: skip


def _take_away(keep: set[Path], folder: Path) -> list[SheetError]:
    """Remove marked copies of files that have nothing to mend any more."""
    problems = []
    for path in sorted(p for p in folder.rglob(f"*{MARKED}") if len(p.relative_to(folder).parts) <= 2):
        if path not in keep and path.is_file() and is_ours(path):
            try:
                path.unlink()
            except OSError as error:
                problems.append(SheetError("an old marked copy cannot be taken away", str(path), error.strerror or ""))
    return problems


def _mark(report: CheckReport, path: Path, file: str, groups: Sequence[Breaches]) -> Written:
    told = report.ledger_columns.get(path.stem.casefold(), {}) if path.suffix.casefold() in (".csv", ".xlsx") else {}
    layout = report.layouts.get(file)
    header_row = layout.header_row if layout else _number(told.get("header_row"))
    sent = as_sent(path, str(told.get("sheet") or ""), header_row)
    where = places_of(path, sent, layout, told)
    hidden = hidden_cells(groups, sent, where, report.partnership)
    limits = workbooks()
    lines = [_line(group, k, where, hidden) for group, k in _first(groups, limits.marked_alike, limits.marked_listed)]
    copy = None
    if sent is not None:
        hidden.mask(sent.rows)
        copy = Copy(sent.sheet, sent.rows, sent.header_row, _marks(groups, where, hidden, limits))
    total = sum(group.count for group in groups)
    target = marked_path(path)
    said = _said(path.name, groups, len(lines), sent, hidden, limits)
    write_marked(target, TITLE.format(path.name), said, lines, copy)
    return Written(file, target, total, bool(hidden.told))


def _number(told: object) -> int:
    return max(1, int(str(told))) if str(told).isdecimal() else 1


def _first(groups: Sequence[Breaches], alike: int, most: int) -> Iterable[tuple[Breaches, int]]:
    """Each breach as its group and number: the gravest first, and no more than `alike` of a kind before the others' turn."""
    ordered = sorted(groups, key=lambda g: ORDER[g.severity])
    longest = max((g.count for g in groups), default=0)
    turns = (
        (group, k)
        for start in range(0, longest, alike)
        for group in ordered
        for k in range(start, min(start + alike, group.count))
    )
    return islice(turns, most)


def _line(group: Breaches, k: int, where: Places, hidden: Hidden) -> Line:
    row = int(group.rows[k]) if len(group.rows) else None
    columns = where.columns(group)
    place = None
    if row is not None:
        place = (row, min(columns) + 1 if columns else 1)
    elif columns and where.header_row:
        place = (where.header_row, min(columns) + 1)
    elif columns:
        place = (min(columns) + 1, 1)
    header, found = hidden.header(where.header(group)), _found(group, k, where, hidden)
    grave, does = ORDER[group.severity], group.severity.label
    return Line(grave, does, group.file, header, found, group.rule, group.remedy, row, place)


def _found(group: Breaches, k: int, where: Places, hidden: Hidden) -> str:
    """The value as it may be repeated: masked wherever the contract restricts the column."""
    value = hidden.header(str(group.values[k])) if k < len(group.values) else ""
    return MASK if value and where.restricted(group) and not value.startswith((MASK, "(")) else value


def _marks(groups: Sequence[Breaches], where: Places, hidden: Hidden, limits: Workbooks) -> dict[int, dict[int, Mark]]:
    """Every breached cell with its gravest colour; comments for the first of each kind, as many as a workbook bears."""
    marks: dict[int, dict[int, Mark]] = defaultdict(dict)
    for group in sorted(groups, key=lambda g: -ORDER[g.severity]):
        for row, column in _cells(group, where):
            marks[row][column] = Mark(ORDER[group.severity])
    for group, k in _first(groups, limits.marked_alike, limits.marked_notes):
        line = _line(group, k, where, hidden)
        if line.place is not None:
            row, column = line.place
            old = marks[row].get(column, Mark(line.grave))
            note = f"{old.note}\n\n{_note(line)}" if old.note else _note(line)
            marks[row][column] = Mark(old.grave, note[:LONGEST_NOTE])
    return marks


def _cells(group: Breaches, where: Places) -> Iterable[tuple[int, int]]:
    columns = [column + 1 for column in where.columns(group)]
    if len(group.rows):
        return ((int(row), column) for row in group.rows for column in columns or where.every())
    if not where.header_row:
        return ((line, 1) for line in columns)
    return ((where.header_row, column) for column in columns)


def _note(line: Line) -> str:
    found = f"Found: {line.found}\n" if line.found else ""
    remedy = f"\nTo fix: {line.remedy}" if line.remedy else ""
    return f"{line.does}.\n{found}Expected: {line.expected}{remedy}".replace("`", "")


def _said(
    file: str, groups: Sequence[Breaches], listed: int, sent: AsSent | None, hidden: Hidden, limits: Workbooks
) -> list[str]:
    """What stands above the list: how much there is, what to do with this copy, what is masked, and what is left out."""
    counts = {s: sum(g.count for g in groups if g.severity is s) for s in ORDER}
    total = sum(counts.values())
    said = [
        f"{counts[Severity.ERROR]:,} breach(es) stop a build; {counts[Severity.DROP]:,} row(s) are left out; "
        f"{counts[Severity.NOTE]:,} remark(s).",
        f"Mend them in {file} itself and check again. This copy is never read, and each check writes it anew.",
        NO_CELLS if sent is None else THE_TEXT if not sent.header_row else THE_CELLS,
        *hidden.told,
    ]
    if any(str(value).startswith(MASK) for group in groups for value in group.values[:1]):
        said.append(f"{MASK} stands for a value that could point to a child; row and column say where it is.")
    if total > listed:
        said.append(f"The list shows {listed:,} of {total:,}; {total - listed:,} more are not listed. All are coloured.")
    if total > limits.marked_notes:
        said.append(f"Only the first {limits.marked_notes:,} breaches have comments on their cells.")
    return said


def summary(written: Sequence[Written], report: CheckReport) -> list[str]:
    """The lines that `rcs check --annotate` says of what it wrote."""
    files = {copy.file for copy in written}
    nowhere = sum(g.count for g in report.of(Severity.ERROR) if g.file not in files)
    lines = [f"written: {copy.text()}" for copy in written]
    return [*lines, f"{nowhere:,} breach(es) are of files that are not there, so no copy shows them."] if nowhere else lines
