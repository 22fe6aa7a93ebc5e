"""From an input folder to one release: check, ingest, link, estimate, map the money, protect, audit, save.

Each stage takes one artefact and gives the next; the audit is the gate. Until the last step the earlier
release goes on being served, so a build that is killed half-way changes nothing.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core import __version__, release
from rcs_core.audit import AuditReport, audit
from rcs_core.contracts import check_folder, wave_folders
from rcs_core.contracts.files import listing
from rcs_core.desk_files import place_of
from rcs_core.errors import ContractError, DisclosureError, UnreadableReleaseError
from rcs_core.records.comparators import comparators
from rcs_core.records.estimate import Estimates, estimate
from rcs_core.records.estimate.means import tell_means
from rcs_core.records.estimate.tell import tell as tell_of
from rcs_core.records.given_out import keep_log, opened, set_against
from rcs_core.records.hierarchy import areas, hierarchies
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.late import late_notes
from rcs_core.records.ledgers import map_spend
from rcs_core.records.link import link
from rcs_core.records.memory import remind_and_remember
from rcs_core.records.protect import Protected, protect
from rcs_core.records.published_effects import published_effects
from rcs_core.records.scoring import scoring
from rcs_core.records.shapes import shapes
from rcs_core.records.specification import chosen
from rcs_core.records.specified import specified
from rcs_core.records.supplied import about_supplied, with_supplied
from rcs_core.records.tagging.apply import tagged
from rcs_core.release import Manifest, Table
from rcs_core.settings import Disclosure, disclosure, workspace

Progress = Callable[[str, float, str], None]
"""Called with the stage's name, the share of the whole build done (0 to 1) and a sentence."""


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: where the release is, what it hides, how long each stage took (seconds).

    notes are for the desk alone: they may name a cost centre, and are in no release.
    """

    path: Path
    release_id: str
    content_hash: str
    fictional: bool
    summary: dict[str, Any]
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The result as `rcs build --json` prints it."""
        about = {"release": str(self.path), "id": self.release_id, "content_hash": self.content_hash, "fictional": self.fictional}
        return {**about, **self.summary, "notes": list(self.notes), "seconds": {k: round(v, 2) for k, v in self.seconds.items()}}


class _Clock:
    """Names the stage under way, tells the listener, and keeps each stage's seconds."""

    def __init__(self, tell: Progress) -> None:
        self.tell, self._name, self._since = tell, "", time.perf_counter()
        self.seconds: dict[str, float] = {}

    def stage(self, name: str, share: float, text: str) -> None:
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._name, self._since = name, now
        self.tell(name, share, text)


@dataclass(slots=True)
class FolderRefused(ContractError):
    """Breaches stop a build; says every one of them before the sum of them."""

    breaches: str = ""

    def __str__(self) -> str:
        return f"{self.breaches}\n{ContractError.__str__(self)}"


def build(folder: Path, target: Path, tell: Progress = lambda *_: None, earlier: Sequence[Path] = ()) -> Built:
    """Build the release of an input folder into the release folder `target`.

    earlier: data files of releases that were given out; the new one keeps their pattern and is audited beside them.
    Raises FolderRefused when a breach stops the build, DisclosureError when the tables cannot be protected
    or the audit works out a hidden cell; in every such case the earlier release stays the current one.
    """
    if target.exists() and not target.is_dir():
        raise UnreadableReleaseError("the release path is a file", str(target), "a file", "a folder, new or of earlier releases")
    clock = _Clock(tell)
    clock.stage("check", 0.0, f"Checking every file in {folder.name}")
    report = check_folder(folder)
    if report.errors:
        remedy = f"mend each, and see with `rcs check {folder}` that none is left"
        raise FolderRefused("breaches stop the build", str(folder), str(len(report.errors)), "none", remedy, report.text())
    clock.stage("ingest", 0.1, "Dropping what cannot be used, with a receipt for every row")
    records = ingest(report)
    clock.stage("link", 0.2, "Linking surveys to the pupil census and to named contacts")
    linked = link(records)
    clock.stage("estimate", 0.25, "Weighting answers to the roll")
    spec = chosen(records.partnership)
    estimates = with_supplied(estimate(linked, spec=spec), records)
    clock.stage("money", 0.35, "Mapping each ledger to services, to the penny")
    tagging = tagged(records)
    money = map_spend(tagging.records)
    clock.stage("protect", 0.4, "Hiding what could single out a child")
    sums, rule = hierarchies(records, estimates.small, spec.collapsed), disclosure()
    given_out, unread = opened(earlier, str(records.partnership["area_code"]))
    protected = protect(
        estimates.tables,
        sums,
        rule,
        lambda text, share: clock.tell("protect", 0.4 + 0.4 * share, text),
        earlier=[one.count_tables() for one in given_out],
    )
    clock.stage("audit", 0.8, "Trying to work out what is hidden, as an outsider would")
    told = tell_of(estimates.compared, protected.tables) if estimates.compared else []
    told += tell_means(estimates.scores, protected.tables, scoring().means)
    tables = [*protected.tables, *told, *_plain(records, estimates, sums), specified(spec, protected.tables), *money.tables]
    tables += published_effects(records, money.tables)
    verdict = _gate(tables, sums, rule)
    fictional = bool(records.partnership["fictional"])
    against = set_against(protected.tables, sums, given_out, rule, fictional=fictional)
    clock.stage("save", 0.97, "Writing the release")
    built = _save(tables, records, protected, verdict, rule, spec.name, folder, target)
    clock.stage("done", 1.0, f"Release {built.release_id} is ready")
    notes = (*tagging.notes, *money.notes, *remind_and_remember(records, workspace() / "desk" / "mappings.sqlite"))
    notes += late_notes(records.opt_outs, built.path, place_of(folder))
    notes += (*unread, *filter(None, [one.note(rule.min_cell) for one in against]), *keep_log(protected.log, place_of(folder)))
    about = {"near": _near(verdict, rule), "specification": spec.name, "against": [one.to_dict() for one in against]}
    return replace(built, notes=notes, seconds=clock.seconds, summary=built.summary | about)


def _near(verdict: AuditReport, rule: Disclosure) -> list[dict[str, Any]]:
    """The hidden cells nearest to being open, for the controller."""
    return [asdict(interval) for interval in verdict.near(rule.min_cell)]


def _plain(records: Records, estimates: Estimates, sums: pd.DataFrame) -> list[Table]:
    return [
        Table("areas", "Council area, school clusters and schools", areas(records, estimates.small)),
        Table("hierarchies", "Which codes add up to which", sums),
        Table("indicators", "What each indicator means", estimates.indicators),
        Table("surveys", "The surveys, who was asked and who answered", estimates.surveys),
        Table("coverage", "Who is not in the picture", estimates.coverage),
        Table("assumptions", "Figures that other figures rest on", _assumptions(records)),
        *about_supplied(records),
        *comparators(records),
        *shapes(records),
    ]


def _assumptions(records: Records) -> pd.DataFrame:
    """Figures of the whole area that other figures are set against: id, text, value, unit, state, source."""
    roll = ("pupils_on_roll", "Pupils on the roll, P1 to S6", len(records.census), "pupils", "measured", "Pupil census")
    needs = scoring().needs
    many = ("multiple_risks_from", "Needs from which a pupil has multiple risks", needs.multiple_from, "needs", "product_default")
    rows = [*([roll] if len(records.census) else []), *([(*many, needs.source)] if records.surveys else [])]
    return pd.DataFrame(rows, columns=["id", "text", "value", "unit", "state", "source"])


def _gate(tables: list[Table], sums: pd.DataFrame, rule: Disclosure) -> AuditReport:
    verdict = audit(tables, sums, rule.min_cell)
    if verdict.open:
        first = verdict.open[0]
        where = ", ".join(f"{k} {v}" for k, v in first.where.items())
        raise DisclosureError(
            f"{len(verdict.open)} hidden cell(s) can be shown to be under {rule.min_cell}, so nothing was released",
            f"{first.table}: {where}",
            f"between {first.low:g} and {first.high:g}",
            f"an upper bound of {rule.min_cell} or more",
            f"coarsen the table; the sums that give it away: {'; '.join(first.sums[:3])}",
        )
    if not verdict.safe:
        raise DisclosureError(
            "a published figure gives a small count away, so nothing was released",
            got="; ".join(f"{leak.table}: {leak.text}" for leak in verdict.leaks[:3]),
            expected=f"no figure from which a count under {rule.min_cell} follows",
            remedy="merge the service or the group, then build again",
        )
    return verdict


def _save(
    tables: list[Table],
    records: Records,
    protected: Protected,
    verdict: AuditReport,
    rule: Disclosure,
    specification: str,
    folder: Path,
    target: Path,
) -> Built:
    about = records.partnership
    manifest = Manifest(
        partnership=str(about["name"]),
        area_code=str(about["area_code"]),
        fictional=bool(about["fictional"]),
        year=str(about["year"]),
        code_version=__version__,
        min_cell=rule.min_cell,
        inputs={p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in _inputs(folder)},
        settings={"disclosure": asdict(rule), "specification": specification},
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        audit={"cells": verdict.cells, "hidden": verdict.hidden, "open": 0, "verdict": "pass"},
    )
    path = release.save(tables, manifest, target)
    saved = release.load(path)
    if release.content_hash(saved.tables.values(), saved.manifest) != saved.manifest.content_hash:
        raise DisclosureError(
            "the written release is not the audited one", str(path), expected="the same contents", remedy="build it again"
        )
    summary = {"cells": verdict.cells, "hidden": verdict.hidden, "open": 0, "tables": _by_table(protected.tables)}
    return Built(path, saved.id, saved.manifest.content_hash, manifest.fictional, summary)


def _inputs(folder: Path) -> list[Path]:
    """The files of the folder and of the waves in it; copies that show what to mend are none."""
    files = [p for place in (folder, *wave_folders(folder)) for p in listing(place)]
    return sorted(p for p in files if p.name != "demo_truth.json")


def _by_table(tables: list[Table]) -> list[dict[str, Any]]:
    hidden = {t.name: int((t.frame["state"] != "shown").sum()) for t in tables}
    return [{"name": t.name, "title": t.title, "cells": len(t.frame), "hidden": hidden[t.name]} for t in tables]
