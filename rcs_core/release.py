"""THE WAIST: what passes from the records room to the workshop room, and nothing else.

A release is a folder with read-only DuckDB files `release-<content hash>.duckdb`, a manifest beside each, and
the pointer `current.json` that names the one in use. Files are never replaced in place: a process that has
opened one goes on reading it. The hash is of the sorted contents, so the same inputs give the same name.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from rcs_core.errors import ReleaseError, UnreadableReleaseError
from rcs_core.vocab import CellState

POINTER = "current.json"
ALL = "ALL"
"""The code of a margin in every dimension but `area`, whose top is the council."""
AREAS = "areas"
"""The one table that may have a column `name`: it names places, never people."""
_ABANDONED_SECONDS = 3600
ROW_LEVEL = frozenset({"pupil_id", "respondent_id", "child_id", "name", "dob", "postcode", "chi", "scn", "description"})


@dataclass(frozen=True, slots=True)
class Table:
    """One published table.

    dims: dimension columns with margins `ALL` (`area` holds council, cluster and school codes); a count table has
    at least one and carries `n` (children, blank where hidden) and `state`. labels: columns that name the population
    or question (survey, wave, indicator) and never sum. A table without dims holds no counts of children.
    """

    name: str
    title: str
    frame: pd.DataFrame
    dims: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    _rows: list[dict[str, object]] = field(default_factory=list, init=False, repr=False, compare=False)

    def rows(self) -> list[dict[str, object]]:
        """Its rows as mappings by column, each the caller's own; read from the frame once, as a release never changes."""
        if not self._rows and len(self.frame):
            self._rows[:] = [{str(k): v for k, v in row.items()} for row in self.frame.to_dict("records")]
        return [dict(row) for row in self._rows]

    @property
    def is_count(self) -> bool:
        """Whether the table holds counts of children, and so is protected and audited."""
        return bool(self.dims)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release is: whose, of when, made from what, by which rules, with which verdict."""

    partnership: str
    area_code: str
    fictional: bool
    year: str
    code_version: str
    min_cell: int
    inputs: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    content_hash: str = ""
    built_at: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a reader may see it: a number only when its state is shown."""

    value: float | None
    state: CellState

    def text(self, digits: int = 0, unit: str = "") -> str:
        """The number with its unit, or the mark that stands for it."""
        if self.state is not CellState.SHOWN or self.value is None:
            return self.state.mark
        return f"{self.value:,.{digits}f}{unit}"


@dataclass(frozen=True, slots=True)
class Release:
    """An opened release: its manifest and its tables by name."""

    manifest: Manifest
    tables: Mapping[str, Table]
    path: Path

    @property
    def id(self) -> str:
        """The first twelve characters of the content hash: what a decision cites."""
        return self.manifest.content_hash[:12]

    def __contains__(self, name: str) -> bool:
        return name in self.tables

    def frame(self, name: str) -> pd.DataFrame:
        """A copy of one table's rows; raises ReleaseError when the release was built without it."""
        return self._table(name).frame.copy()

    def rows(self, name: str) -> list[dict[str, object]]:
        """The same as mappings by column, the caller's own."""
        return self._table(name).rows()

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            raise ReleaseError("the release has no such table", str(self.path), name, ", ".join(sorted(self.tables)))
        return self.tables[name]

    def count_tables(self) -> list[Table]:
        """The tables that hold counts of children, by name."""
        return [t for _, t in sorted(self.tables.items()) if t.is_count]


def check_waist(tables: Iterable[Table], min_cell: int) -> None:
    """Refuse what must never pass: a row-level column, a shown count under `min_cell`, a number in a hidden cell."""
    for table in tables:
        columns = {str(c).lower() for c in table.frame.columns}
        named = {"name"} if table.name == AREAS else set()
        if banned := sorted((columns & ROW_LEVEL) - named):
            raise ReleaseError("a row-level column reached the waist", table.name, ", ".join(banned), "protected tables only")
        if table.is_count:
            _check_counts(table, min_cell)


def _check_counts(table: Table, min_cell: int) -> None:
    wanted = [*table.labels, *table.dims, "n", "state"]
    if missing := [c for c in wanted if c not in table.frame.columns]:
        raise ReleaseError("a count table lacks a column", table.name, ", ".join(missing), ", ".join(wanted))
    shown = table.frame["state"] == CellState.SHOWN.value
    if bool((table.frame.loc[shown, "n"].isna() | (table.frame.loc[shown, "n"] < min_cell)).any()):
        raise ReleaseError(
            "a count under the threshold would be shown", table.name, "", f"{min_cell} or more in every shown cell"
        )
    if bool(table.frame.loc[~shown, "n"].notna().any()):
        raise ReleaseError("a hidden cell still holds its count", table.name, "", "a blank in every hidden cell")
    if table.frame.duplicated([*table.labels, *table.dims]).any():
        raise ReleaseError("a cell stands twice in a table", table.name, "", "one row a cell")


def content_hash(tables: Iterable[Table], manifest: Manifest) -> str:
    """The SHA-256 of the sorted contents of all tables and of what the manifest says of them (not of when)."""
    digest = hashlib.sha256()
    about = {k: v for k, v in asdict(manifest).items() if k not in {"content_hash", "built_at"}}
    digest.update(json.dumps(about, sort_keys=True, default=str).encode())
    for table in sorted(tables, key=lambda t: t.name):
        digest.update(f"{table.name}|{table.title}|{table.dims}|{table.labels}|{list(table.frame.columns)}".encode())
        lines = table.frame.to_csv(index=False, header=False, lineterminator="\n").split("\n")
        digest.update("\n".join(sorted(lines)).encode())
    return digest.hexdigest()


def save(tables: Iterable[Table], manifest: Manifest, folder: Path) -> Path:
    """Write a release into `folder` and point to it; the previous one is served until the last step.

    Raises ReleaseError when `folder` is a file or when a table may not pass the waist.
    """
    found = sorted(tables, key=lambda t: t.name)
    check_waist(found, manifest.min_cell)
    if folder.exists() and not folder.is_dir():
        raise ReleaseError("the release path is a file", str(folder), "a file", "a folder, new or of earlier releases")
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    digest = content_hash(found, manifest)
    final = folder / f"release-{digest[:16]}.duckdb"
    named = Manifest(**{**asdict(manifest), "content_hash": digest})
    if not _holds(final, digest):
        _write_duckdb(found, named, final)
    _write_atomically(final.with_suffix(".json"), json.dumps(asdict(named), indent=1, default=str))
    _write_atomically(folder / POINTER, json.dumps({"file": final.name, "content_hash": digest}, indent=1))
    return final


def _holds(file: Path, digest: str) -> bool:
    """Whether a file is there and whole: one that was damaged since is written anew."""
    if not file.exists():
        return False
    try:
        found = load(file)
    except UnreadableReleaseError:
        return False
    return content_hash(found.tables.values(), found.manifest) == digest


def _write_duckdb(tables: list[Table], manifest: Manifest, final: Path) -> None:
    with tempfile.TemporaryDirectory(dir=final.parent, prefix=".building-") as scratch:
        draft = Path(scratch) / final.name
        with duckdb.connect(str(draft)) as con:
            rows = [(t.name, t.title, json.dumps(t.dims), json.dumps(t.labels)) for t in tables]
            con.register("frame_about", pd.DataFrame(rows, columns=["name", "title", "dims", "labels"]))
            con.execute("CREATE TABLE _tables AS SELECT * FROM frame_about")
            con.execute("CREATE TABLE _manifest AS SELECT ?::VARCHAR AS manifest", [json.dumps(asdict(manifest), default=str)])
            for table in tables:
                con.register("frame_now", table.frame)
                con.execute(f'CREATE TABLE "{table.name}" AS SELECT * FROM frame_now')
                con.unregister("frame_now")
        draft.chmod(0o444)
        os.replace(draft, final)


def _clear_abandoned(folder: Path) -> None:
    """Remove what builds that were killed more than an hour ago left behind."""
    for scratch in folder.glob(".building-*"):
        if time.time() - scratch.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(scratch, ignore_errors=True)


def _write_atomically(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def current_file(path: Path) -> Path:
    """The data file a release path stands for: a folder's current one, or a data file itself."""
    if path.is_dir():
        pointer = path / POINTER
        if not pointer.exists():
            raise UnreadableReleaseError(
                "the folder holds no release",
                str(path),
                "no current.json",
                "a folder written by `rcs build`",
                "run `rcs build INPUTS RELEASE` first",
            )
        try:
            file = path / str(json.loads(pointer.read_text(encoding="utf-8"))["file"])
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableReleaseError(
                "the pointer is damaged", str(pointer), "", '{"file": ...}', "build the release again"
            ) from error
    else:
        file = path
    if not file.is_file():
        raise UnreadableReleaseError(
            "there is no release here", str(path), "nothing", "a release folder or file", "run `rcs build INPUTS RELEASE` first"
        )
    return file


def _table(con: duckdb.DuckDBPyConnection, name: str, title: str, dims: str, labels: str) -> Table:
    frame = con.execute(f'SELECT * FROM "{name}"').df()
    if "n" in frame.columns:
        frame["n"] = frame["n"].astype("Int64")
    return Table(name, title, frame, tuple(json.loads(dims)), tuple(json.loads(labels)))


def load(path: Path) -> Release:
    """Open a release read-only; raises UnreadableReleaseError when it is missing, damaged or not a release."""
    file = current_file(path)
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            about = con.execute("SELECT name, title, dims, labels FROM _tables ORDER BY name").fetchall()
            row = con.execute("SELECT manifest FROM _manifest").fetchone()
            tables = {name: _table(con, name, title, dims, labels) for name, title, dims, labels in about}
        manifest = Manifest(**json.loads(row[0] if row else "{}"))
    except (duckdb.Error, ValueError, TypeError) as error:
        raise UnreadableReleaseError(
            "the release cannot be read", str(file), str(error).splitlines()[0], "a file written by `rcs build`", "build it again"
        ) from error
    return Release(manifest, tables, file)
