"""What each size of release would hold and hide, told before one is chosen.

In: an input folder. Out: for each specification its tables, cells, cells under ten, cells that would be hidden, and something
coarser in the place of what would be mostly hidden. It counts and protects as a build does, and writes nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rcs_core.contracts import check_folder
from rcs_core.errors import DisclosureError, SettingsError
from rcs_core.records.build import FolderRefused
from rcs_core.records.coarser import Proposal, proposals
from rcs_core.records.estimate import estimate
from rcs_core.records.hierarchy import hierarchies
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.link import Linked, link
from rcs_core.records.protect import Protected, protect
from rcs_core.records.specification import OWN, Specification, TablePlan, chosen, specifications
from rcs_core.records.supplied import with_supplied
from rcs_core.release import Table
from rcs_core.settings import disclosure
from rcs_core.vocab import CellState

Tell = Callable[[float, str], None]
"""Called with the share of the work done (0 to 1) and a sentence."""
_CHECKED = 0.1


@dataclass(frozen=True, slots=True)
class TableCost:
    """One table: its cells, those under ten children, and those that would be hidden."""

    name: str
    title: str
    cells: int
    small: int
    hidden: int

    @property
    def share(self) -> float:
        """The share of its cells that would be hidden."""
        return self.hidden / self.cells if self.cells else 0.0


@dataclass(frozen=True, slots=True)
class Costed:
    """What one specification would hold and hide; cells that stand in several tables are counted once, but in `tables`.

    chosen: whether the partnership has chosen it. adds: what it has beyond the one before it. cost: what protecting it
    costs beyond the small cells themselves (docs/methods/disclosure.md). refused: why it cannot be protected, if so.
    """

    name: str
    title: str
    why: str
    chosen: bool
    adds: str
    tables: tuple[TableCost, ...]
    cells: int
    small: int
    hidden: int
    cost: float
    seconds: float
    proposals: tuple[Proposal, ...] = ()
    refused: str = ""

    @property
    def share(self) -> float:
        """The share of cells that would be hidden."""
        return self.hidden / self.cells if self.cells else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        tables = [asdict(t) | {"share": round(t.share, 4)} for t in self.tables]
        return asdict(self) | {"tables": tables, "share": round(self.share, 4), "seconds": round(self.seconds, 2)}


def preview(folder: Path, names: Sequence[str] = (), tell: Tell = lambda *_: None) -> list[Costed]:
    """What releases of an input folder would hold and hide, a specification each, from the smallest; nothing is written.

    names: which ones (`own` is the partnership's own list); every size where none is given. Raises FolderRefused when a
    breach would stop a build, SettingsError when there is no such specification.
    """
    tell(0.0, f"Checking every file in {folder.name}")
    report = check_folder(folder)
    if report.errors:
        remedy = f"mend each, and see with `rcs check {folder}` that none is left"
        raise FolderRefused("breaches stop the preview", str(folder), str(len(report.errors)), "none", remedy, report.text())
    records = ingest(report)
    ours, wanted = chosen(records.partnership), _wanted(chosen(records.partnership), names)
    linked = link(records)
    found, before = [], None
    for k, spec in enumerate(wanted):
        start, part = _CHECKED + (1 - _CHECKED) * k / len(wanted), (1 - _CHECKED) / len(wanted)

        def told(text: str, share: float, spec: Specification = spec, start: float = start, part: float = part) -> None:
            tell(start + part * share, f"{spec.title}: {text}")

        found.append(_costed(records, linked, spec, adds(before, spec), spec.name == ours.name, told))
        before = spec
    return found


def _wanted(ours: Specification, names: Sequence[str]) -> list[Specification]:
    known = {**specifications(), **({OWN: ours} if ours.name == OWN else {})}
    if unknown := [name for name in names if name not in known]:
        raise SettingsError("no such set of tables", "--tables", ", ".join(unknown), ", ".join(known), "name one of these")
    return [spec for name, spec in known.items() if not names or name in names]


def _costed(
    records: Records, linked: Linked, spec: Specification, more: str, ours: bool, told: Callable[[str, float], None]
) -> Costed:
    begun, rule = time.perf_counter(), disclosure()
    told("counting", 0.0)
    estimates = with_supplied(estimate(linked, spec=spec), records)
    sums = hierarchies(records, estimates.small, spec.collapsed)
    true = [table for table in estimates.tables if table.is_count]
    refused, costs = "", [_cost(t, t, rule.min_cell) for t in true]
    offers: tuple[Proposal, ...] = ()
    summary = {"cells": sum(c.cells for c in costs), "sensitive": sum(c.small for c in costs), "hidden": 0, "cost": 0.0}
    try:
        found: Protected = protect(true, sums, rule, lambda text, share: told(text, 0.2 + 0.7 * share))
        costs = [_cost(t, w, rule.min_cell) for t, w in zip(true, found.tables, strict=True)]
        summary = found.summary
        told("looking for something coarser where most would be hidden", 0.9)
        offers = tuple(proposals(true, found.tables, sums, rule))
    except DisclosureError as error:
        refused = error.what
    figures = (int(summary["cells"]), int(summary["sensitive"]), int(summary["hidden"]), float(summary["cost"]))
    return Costed(
        spec.name, spec.title, spec.why, ours, more, tuple(costs), *figures, time.perf_counter() - begun, offers, refused
    )


def _cost(true: Table, written: Table, min_cell: int) -> TableCost:
    small, hidden = true.frame["n"] < min_cell, written.frame["state"] == CellState.SUPPRESSED.value
    return TableCost(true.name, true.title, len(true.frame), int(small.sum()), int(hidden.sum()))


def adds(before: Specification | None, spec: Specification) -> str:
    """What a specification holds beyond the one before it, in words; blank where it is the first."""
    if before is None:
        return ""
    had = {plan.name: plan for plan in before.tables if plan in before.pupils}
    found = [_added(had.get(plan.name), plan) for plan in spec.pupils]
    return "; ".join(text for text in found if text) or "nothing"


def _added(had: TablePlan | None, plan: TablePlan) -> str:
    if had is None:
        return f"{plan.title} ({_down_to(plan.levels)})"
    deeper = [level for level in plan.levels if level not in had.levels]
    return f"{plan.title}, also for {' and '.join(f'{level}s' for level in deeper)}" if deeper else ""


def _down_to(levels: tuple[str, ...]) -> str:
    return "council" if len(levels) == 1 else f"down to {levels[-1]}s"
