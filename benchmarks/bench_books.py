"""The whole scenario workbook of 60 services, 10 years and 8 agencies, beside the bare time to write as many cells.

Solved beforehand, and what stands beside the plan (prices, tests) left out: neither is counted. *Bare* is the same values, cell
for cell, appended to plain sheets of openpyxl and saved: no style, no width, no chart, no name. Ours is everything between
the solved scenario and the file. Processor milliseconds, in turns in one run.
Usage: python benchmarks/bench_books.py [ROUNDS]
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from common import table
from solve_cases import Size, made_up

from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from rcs_core.workshop.scenario import parse_scenario, solve

SIZE = Size(60, 8, 10, 6)


class Solved:
    """A scenario, or an answer with its purses, in its interchange form: so nothing is worked out beside the plan."""

    def __init__(self, content: dict[str, Any], purses: Sequence[Any] = ()) -> None:
        self.content, self.purses = content, purses

    def to_dict(self) -> dict[str, Any]:
        """The interchange form."""
        return self.content


def values(path: Path) -> list[tuple[str, list[list[object]]]]:
    """Every sheet of a workbook as bare rows; a formula as its text with the equals sign."""
    book = openpyxl.load_workbook(path)
    return [(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book]


def bare(sheets: list[tuple[str, list[list[object]]]], path: Path) -> None:
    """The same cells with openpyxl alone."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def took(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    content = made_up(SIZE)
    scenario = parse_scenario(content)
    answer = solve(scenario)
    asked, result = Solved(scenario.to_dict()), Solved(answer.to_dict(), answer.purses)
    about = About("Strathmere", "0123456789ab", dt.date(2026, 11, 22), "Ada", True)
    with tempfile.TemporaryDirectory() as scratch:
        ours, plain = Path(scratch) / "ours.xlsx", Path(scratch) / "bare.xlsx"
        write_scenario_book(asked, result, about, ours)
        sheets = values(ours)
        cells = sum(value is not None for _, rows in sheets for row in rows for value in row)
        pairs = [
            (took(lambda: write_scenario_book(asked, result, about, ours)), took(lambda: bare(sheets, plain)))
            for _ in range(rounds)
        ]
        sizes = [f"{path.stat().st_size / 1e6:.1f} MB" for path in (ours, plain)]
    whole, alone = (statistics.median(times) for times in zip(*pairs, strict=True))
    rows = [
        ["the same cells, openpyxl alone (bare)", 1000 * alone, 1.0, sizes[1]],
        ["the whole scenario workbook", 1000 * whole, whole / alone, sizes[0]],
    ]
    title = f"{SIZE.services} services, {SIZE.years} years, {SIZE.agencies} agencies: {len(sheets)} sheets, {cells:,} cells"
    table(title, ["what", "ms", "x bare", "file"], rows)


if __name__ == "__main__":
    main()
