"""The audit: every hidden count attacked with all that is published at once, and every figure looked at."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from rcs_core.audit.attack import Attacked, attacked
from rcs_core.audit.bounds import Reach
from rcs_core.audit.figures import figure_leaks
from rcs_core.audit.folder import HIERARCHIES, read_folder
from rcs_core.audit.joined import Cell, Place
from rcs_core.audit.options import COLUMNS, parse_hier
from rcs_core.audit.reading import Addition, Picture, in_words, left, read_picture
from rcs_core.audit.report import NEAR_MISS, AuditReport, Interval, OpenCell
from rcs_core.audit.sources import Source, re_released, told, views, with_rolls
from rcs_core.release import ALL, POINTER, Table, load
from rcs_core.settings import disclosure

NOT_LISTED = "(not listed)"


def audit(tables: Sequence[Table], hierarchies: pd.DataFrame, min_cell: int, *, intervals: bool = False) -> AuditReport:
    """Try to work out the hidden counts of published tables.

    tables: as published, `n` blank where hidden; hierarchies: `dimension, child, parent, partition`; min_cell: the
    threshold (children). A hidden count is open when it can be shown to be under the threshold. `intervals` asks for
    the least and the most of every hidden count, not only of those that are open or nearly so.
    Raises UnreadableError when tables contradict each other.
    """
    return audit_sources([Source("", tuple(tables), hierarchies)], min_cell, intervals=intervals)


def audit_path(path: Path, nest: Sequence[str] = (), hier: Sequence[str] = (), *, intervals: bool = False) -> AuditReport:
    """Audit a release, or any folder of published csv files, at the programme's threshold.

    nest and hier as the command line takes them: "cluster>school" and "DIM=FILE".
    """
    return audit_paths([path], nest, hier, intervals=intervals)


def audit_paths(
    paths: Sequence[Path], nest: Sequence[str] = (), hier: Sequence[str] = (), *, intervals: bool = False
) -> AuditReport:
    """Audit several releases or folders together, as one who holds them all would.

    Questions on which they agree are attacked jointly, others apart; a group told twice with numbers less than the
    threshold apart is a leak. What contradicts itself within one of them is refused.
    """
    sources, limit = [], disclosure().min_cell
    for path, name in zip(paths, _names(paths), strict=True):
        tables, hierarchies, threshold = _published(path, nest, parse_hier(hier))
        sources.append(Source(name, tuple(tables), hierarchies))
        limit = max(limit, threshold)
    return audit_sources(sources, limit, intervals=intervals)


def _names(paths: Sequence[Path]) -> list[str]:
    """A name a source: the last part of its path, more of it where two end alike, none for a source alone."""
    if len(paths) == 1:
        return [""]
    names = [path.name for path in paths]
    return [str(path) if names.count(path.name) > 1 else path.name for path in paths]


def audit_sources(sources: Sequence[Source], min_cell: int, *, intervals: bool = False) -> AuditReport:
    """Audit what is published in one or several places; see `audit` and `audit_paths`."""
    start = time.perf_counter()
    for source in sources if len(sources) > 1 else ():
        read_picture(source.tables, source.hierarchies)
    sources = [with_rolls(source) for source in sources]
    numbers = told(sources)
    limit = None if intervals else min_cell + NEAR_MISS
    found = [part for view in views(sources, numbers) for part in attacked(view, sources, numbers, limit)]
    cells = _cells(found)
    reached = _reached(found, {cell for cell, number in cells.items() if number is None})
    opened = [_open(picture, cell, reach) for (cell, _), (reach, picture) in reached.items() if reach.high < min_cell]
    opened += [leak for part in found for leak in _unlisted(part.picture, min_cell)]
    leaks = [*re_released(sources, numbers, min_cell), *figure_leaks(sources, min_cell)]
    return AuditReport(
        cells=len(cells),
        hidden=sum(number is None for number in cells.values()),
        open=sorted(opened, key=lambda o: (o.table, sorted(o.where.items()))),
        seconds=time.perf_counter() - start,
        leaks=leaks,
        intervals=[Interval(*picture.stands_in[cell], r.low, r.high) for (cell, _), (r, picture) in reached.items()],
    )


Named = tuple[Cell, tuple[int, ...]]
"""A cell, and the sources whose children it counts (none named when all agree)."""


def _named(found: Sequence[Attacked]) -> Iterator[tuple[Attacked, dict[Cell, Named]]]:
    """Each part with its cells under names that tell apart the same cell of different children."""
    homes: dict[Place, set[tuple[int, ...]]] = {}
    for part in found:
        for cell in part.picture.numbers:
            homes.setdefault(cell[0], set()).add(part.of)
    for part in found:
        yield part, {cell: (cell, part.of if len(homes[cell[0]]) > 1 else ()) for cell in part.picture.numbers}


def _cells(found: Sequence[Attacked]) -> dict[Named, int | None]:
    cells: dict[Named, int | None] = {}
    for part, names in _named(found):
        for cell, number in part.picture.numbers.items():
            cells[names[cell]] = number if number is not None else cells.get(names[cell])
    return cells


def _reached(found: Sequence[Attacked], hidden: set[Named]) -> dict[Named, tuple[Reach, Picture]]:
    """The tightest bounds of each hidden count, with the picture that gives them."""
    reached: dict[Named, tuple[Reach, Picture]] = {}
    for part, names in _named(found):
        for cell, reach in part.reached.items():
            known = reached.get(names[cell])
            if names[cell] in hidden and (known is None or reach.high < known[0].high):
                reached[names[cell]] = reach, part.picture
    return reached


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
