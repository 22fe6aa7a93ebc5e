"""`rcs protect`: any csv count tables in, the same tables with small counts hidden out, and a report of how it went."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rcs_core.audit import audit
from rcs_core.errors import DisclosureError, SettingsError, UnreadableError
from rcs_core.records.protect.effort import Effort, read_effort
from rcs_core.records.protect.files import as_tables, read_files, write_file
from rcs_core.records.protect.run import Progress, protect
from rcs_core.settings import disclosure

REPORT = "report.json"


def protect_files(
    paths: Sequence[Path],
    nest: Sequence[str] = (),
    hier: Mapping[str, Path] | None = None,
    min_cell: int | None = None,
    effort: str = "quick",
    out: Path = Path(),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Protect csv tables together and write them to `out` with `report.json`; returns the report.

    nest: columns inside one another, such as "cluster>school"; hier: dimension -> file of child, parent[, partition];
    min_cell: the threshold (children), the programme's own when None; effort: quick or full. Raises UnreadableError or
    ContradictionError (exit code 2), DisclosureError when no pattern protects (exit code 1). Nothing is written then.
    """
    start = time.perf_counter()
    rule = disclosure() if min_cell is None else replace(disclosure(), min_cell=min_cell)
    files = read_files(paths)
    _check_out(out, paths)
    tables, hierarchies = as_tables(files, nest, hier or {})
    result = protect(tables, hierarchies, rule, progress, _effort(effort))
    verdict = audit(result.tables, hierarchies, rule.min_cell)
    if not verdict.safe:
        raise DisclosureError(
            "the outside reader can work out hidden counts",
            "the tables",
            str(len(verdict.open)),
            "none",
            "report this as a defect",
        )
    report = result.summary | {"audit": {"open": len(verdict.open)}, "seconds": round(time.perf_counter() - start, 3)}
    out.mkdir(parents=True, exist_ok=True)
    for file, table in zip(files, result.tables, strict=True):
        write_file(file, table, out)
    (out / REPORT).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _effort(name: str) -> Effort:
    known = read_effort()
    efforts = {"quick": known.table(), "full": known.full()}
    if name not in efforts:
        raise SettingsError("there is no such effort", "--effort", name, "quick or full")
    return efforts[name]


def _check_out(out: Path, paths: Sequence[Path]) -> None:
    if out.exists() and not out.is_dir():
        raise UnreadableError("the output is a file", str(out), "a file", "a folder")
    if any(path.resolve().parent == out.resolve() for path in paths):
        raise UnreadableError("the output would replace the input", str(out), "the folder of a table", "another folder")
