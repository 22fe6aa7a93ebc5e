"""Releases already given out: whoever holds an old and a new one can take one from the other, so they are looked at together.

Where the counts of a question are still those of the earlier release, both are attacked as one, and what can then be worked
out stops the build. Where they have changed, the groups told with numbers less than the threshold apart are counted, for the
controller to weigh: to serve the new release is to tell who came or left, unless the earlier one was never in other hands.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core import release
from rcs_core.audit import AuditReport, Leak, Source, audit_sources
from rcs_core.errors import DisclosureError, UnreadableReleaseError
from rcs_core.release import ALL, Release, Table
from rcs_core.settings import Disclosure

LOG = "hidden_cells.csv"
"""The private log of a folder's last build: which cells are hidden, and why. It stays with the desk."""
RE_RELEASE = "re-release"


@dataclass(frozen=True, slots=True)
class Against:
    """An earlier release beside the new one: its id, and how many groups both tell with numbers less than the threshold apart.

    first: one of those groups in words; blank when there is none. open: hidden counts that can be worked out from all together,
    which stops a build of real data.
    """

    release: str
    apart: int
    first: str = ""
    open: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As `rcs build --json` prints it."""
        return asdict(self)

    def note(self, min_cell: int) -> str:
        """What the controller should know before signing, in one sentence; blank when there is nothing to weigh."""
        if self.open:
            return (
                f"{self.open:,} hidden cell(s) can be worked out with release {self.release}: nobody is behind fictional data, "
                "so this is only said; with real data the build stops until the earlier release is withdrawn"
            )
        if not self.apart:
            return ""
        return (
            f"{self.apart:,} group(s) are told here and in release {self.release}, which is signed off, with numbers less than "
            f"{min_cell} apart (such as {self.first}): whoever holds both can tell how many came or left"
        )


def opened(paths: Sequence[Path], area_code: str) -> tuple[list[Release], list[str]]:
    """The releases of the same area among those given out, and a sentence on each that cannot be read."""
    found, notes = [], []
    for path in paths:
        try:
            one = release.load(path)
        except UnreadableReleaseError as error:
            notes.append(f"release {path.stem} is signed off but cannot be read, so it was not set against this one: {error.got}")
            continue
        if one.manifest.area_code == area_code:
            found.append(one)
    return found, notes


def set_against(
    new: Sequence[Table], sums: pd.DataFrame, earlier: Sequence[Release], rule: Disclosure, *, fictional: bool = False
) -> list[Against]:
    """Attack the new tables and those of earlier releases together.

    Raises DisclosureError when a hidden count of any of them can then be shown to be under the threshold; where all are
    fictional that is only told.
    """
    if not earlier:
        return []
    sources = [Source("the new release", tuple(new), sums), *(_source(one) for one in earlier)]
    verdict = audit_sources(sources, rule.min_cell)
    if verdict.open and not (fictional and all(one.manifest.fictional for one in earlier)):
        raise _refused(verdict, earlier, rule)
    apart = [leak for leak in verdict.leaks if leak.rule == RE_RELEASE]
    told = {one.id: [f"{_group(x)}: {x.text}" for x in apart if f"release {one.id}" in x.text] for one in earlier}
    return [Against(key, len(lines), lines[0] if lines else "", len(verdict.open)) for key, lines in told.items()]


def _group(leak: Leak) -> str:
    """The group that two releases tell, by its table and its codes; margins left out."""
    codes = [f"{column} {code}" for column, code in leak.where.items() if code != ALL and column != "survey"]
    return ", ".join([leak.table.rpartition("/")[2], *codes])


def _source(one: Release) -> Source:
    trees = (
        one.frame("hierarchies") if "hierarchies" in one else pd.DataFrame(columns=["dimension", "child", "parent", "partition"])
    )
    return Source(f"release {one.id}", tuple(one.count_tables()), trees)


def _refused(verdict: AuditReport, earlier: Sequence[Release], rule: Disclosure) -> DisclosureError:
    first = verdict.open[0]
    where = ", ".join(f"{column} {code}" for column, code in first.where.items())
    return DisclosureError(
        f"with the releases already given out, {len(verdict.open)} hidden cell(s) can be shown to be under {rule.min_cell}",
        f"{first.table}: {where}",
        f"between {first.low:g} and {first.high:g}; {'; '.join(first.sums[:2])}",
        f"an upper bound of {rule.min_cell} or more for whoever also holds {', '.join(one.id for one in earlier)}",
        "leave out the tables added since, or withdraw the earlier release (rcs withdraw) and build again",
    )


def keep_log(log: pd.DataFrame, place: Path) -> tuple[str, ...]:
    """Write the private log, readable by its owner alone; returns a sentence on what went wrong, if anything did."""
    path = place / LOG
    try:
        place.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(log.columns)
            writer.writerows(log.itertuples(index=False, name=None))
    except OSError as error:
        return (f"the desk could not keep the log of hidden cells: {error.strerror}",)
    return ()
