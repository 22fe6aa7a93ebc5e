"""The audit: every hidden count attacked with all that is published at once, and every figure looked at."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from rcs_core.audit.bounds import Reach, all_intervals, open_cells
from rcs_core.audit.derived import derived_leaks
from rcs_core.audit.figures import leaks
from rcs_core.audit.folder import HIERARCHIES, read_folder
from rcs_core.audit.options import COLUMNS, parse_hier
from rcs_core.audit.reading import Addition, Cell, Picture, in_words, left, read_picture
from rcs_core.audit.report import AuditReport, Interval, OpenCell
from rcs_core.release import ALL, POINTER, Table, load
from rcs_core.settings import disclosure

NOT_LISTED = "(not listed)"


def audit(tables: Sequence[Table], hierarchies: pd.DataFrame, min_cell: int, *, intervals: bool = False) -> AuditReport:
    """Try to work out the hidden counts of published tables.

    tables: as published, `n` blank where hidden; hierarchies: `dimension, child, parent, partition`; min_cell: the
    threshold (children). A hidden count is open when it can be shown to be under the threshold. `intervals` asks for
    the least and the most of every hidden count, which takes longer. Raises UnreadableError when tables contradict each other.
    """
    start = time.perf_counter()
    picture = read_picture(tables, hierarchies)
    reached = list(all_intervals(picture) if intervals else open_cells(picture, min_cell))
    found = sorted(
        (_open(picture, c, r) for c, r in reached if r.high < min_cell), key=lambda o: (o.table, sorted(o.where.items()))
    )
    found += list(_unlisted(picture, min_cell))
    return AuditReport(
        cells=len(picture.numbers),
        hidden=sum(number is None for number in picture.numbers.values()),
        open=found,
        seconds=time.perf_counter() - start,
        leaks=[*leaks(tables, min_cell), *derived_leaks(tables)],
        intervals=[Interval(*picture.stands_in[c], r.low, r.high) for c, r in reached] if intervals else [],
    )


def audit_path(path: Path, nest: Sequence[str] = (), hier: Sequence[str] = ()) -> AuditReport:
    """Audit a release, or any folder of published csv files, at the programme's threshold.

    nest and hier as the command line takes them: "cluster>school" and "DIM=FILE".
    """
    return audit_paths([path], nest, hier)


def audit_paths(paths: Sequence[Path], nest: Sequence[str] = (), hier: Sequence[str] = ()) -> AuditReport:
    """Audit several releases or folders together, as one who holds them all would.

    Cells of the same labels and codes are taken to be the same children: give together what was made from the same
    inputs (an old and a new release of one wave, a release and its exports). What was not contradicts itself and is refused.
    """
    tables: list[Table] = []
    trees: list[pd.DataFrame] = []
    limit = disclosure().min_cell
    for path in paths:
        found, hierarchies, threshold = _published(path, nest, parse_hier(hier))
        named = [replace(t, name=f"{path.name}/{t.name}") if t.is_count and len(paths) > 1 else t for t in found]
        tables, trees, limit = [*tables, *named], [*trees, hierarchies], max(limit, threshold)
    return audit(tables, pd.concat(trees, ignore_index=True).drop_duplicates(), limit)


def _published(path: Path, nest: Sequence[str], hier: dict[str, Path]) -> tuple[list[Table], pd.DataFrame, int]:
    """The tables of a release or folder, their hierarchies, and the threshold that they were made for."""
    if path.is_dir() and not (path / POINTER).exists():
        return *read_folder(path, nest, hier), 0
    found = load(path)
    hierarchies = found.frame(HIERARCHIES) if HIERARCHIES in found else pd.DataFrame(columns=COLUMNS)
    return list(found.tables.values()), hierarchies, found.manifest.min_cell


def _open(picture: Picture, cell: Cell, reach: Reach) -> OpenCell:
    table, where = picture.stands_in[cell]
    return OpenCell(table, where, reach.low, reach.high, [_say(picture, addition) for addition in reach.why])


def _say(picture: Picture, addition: Addition) -> str:
    """One addition with its numbers: `area C01, band yes: 120 = 57 (sex female) + ? (sex male)`."""
    table, where = picture.stands_in[addition.whole]
    parts = [f"{_number(picture, part)} ({addition.column} {_code(part, addition.column)})" for part in addition.parts]
    sign = ">=" if addition.at_most else "="
    return f"{table}: {in_words(where)}: {_number(picture, addition.whole)} {sign} {' + '.join(parts)}"


def _number(picture: Picture, cell: Cell) -> str:
    number = picture.numbers[cell]
    return "?" if number is None else str(number)


def _code(cell: Cell, column: str) -> str:
    return next((code for name, code in cell[1] if name == column), ALL)


def _unlisted(picture: Picture, min_cell: int) -> Iterator[OpenCell]:
    """Groups that no table lists but that are what is left of a published total, and small."""
    for addition in picture.additions:
        over = left(addition, picture) if addition.at_most else None
        if over is not None and 0 < over < min_cell:
            table, where = picture.stands_in[addition.whole]
            yield OpenCell(table, where | {addition.column: NOT_LISTED}, over, over, [_say(picture, addition)])
