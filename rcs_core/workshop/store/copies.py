"""A whole store in another place, event for event under the same ids: back-up, restore, and moving from a file to a server.

A back-up is one SQLite file, whatever the store is, made while others write: it holds what was there when it began. It is read
back and compared before it bears its name. Putting one back never loses what is there.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rcs_core.workshop.store.database import Database
from rcs_core.workshop.store.kinds import StoreError
from rcs_core.workshop.store.place import Place
from rcs_core.workshop.store.rows import EVENT
from rcs_core.workshop.store.store import Store

_AT_ONCE = 500
"""Events that are carried at a time."""
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a file."""
_ALL = sa.select(EVENT).order_by(EVENT.c.id).execution_options(yield_per=_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds: how many events, the last of them, and a digest of every column of every event in order."""

    events: int
    last: int
    at: str
    digest: str

    @property
    def said(self) -> str:
        """In one line for a person."""
        last = f", the last number {self.last:,} of {self.at[:19].replace('T', ' ')} UTC" if self.events else ""
        return f"{self.events:,} event{'' if self.events == 1 else 's'}{last}"


class _Tally:
    """Counts and digests events as they pass."""

    def __init__(self) -> None:
        self._digest, self._count, self._last, self._at = hashlib.sha256(), 0, 0, ""

    def of(self, rows: sa.Result[Any]) -> Iterator[dict[str, Any]]:
        """The same rows, each seen."""
        for row in rows.mappings():
            found = dict(row)
            self._digest.update(json.dumps(list(found.values()), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
            self._count, self._last, self._at = self._count + 1, found["id"], found["at"]
            yield found

    @property
    def held(self) -> Held:
        return Held(self._count, self._last, self._at, self._digest.hexdigest())


def held(connection: sa.Connection) -> Held:
    """What a store holds, every event read."""
    tally = _Tally()
    for _ in tally.of(connection.execute(_ALL)):
        pass
    return tally.held


def backup(store: Store, file: Path, replace: bool = False) -> Held:
    """Write all that the store holds when this begins to one SQLite file; returns what is in it, read back.

    Raises StoreError where there is a file of that name (unless it may be replaced), or where it does not hold the same.
    """
    own = store.database.place.path
    if own is not None and file.exists() and file.samefile(own):
        raise StoreError("a back-up is not written over the store itself", str(file), remedy="name another file")
    if file.exists() and not replace:
        raise StoreError("there is a file of this name already", str(file), remedy="name another, or say --replace")
    with _part(file) as part:
        found = _written(store.database, part)
        part.replace(file)
        _on_disk(file.parent)
    return found


def restore(file: Path, named: str) -> tuple[Held, Path | None]:
    """Put a back-up in the place of the store; returns what it holds, and where the store that was there is kept now.

    A file that holds events is kept beside under another name. A PostgreSQL database that holds events is refused.
    """
    place = Place.of(named)
    if place.path is not None and place.path.exists() and file.exists() and file.samefile(place.path):
        raise StoreError("a store is not put back from itself", str(file), remedy="name the back-up")
    with opened_copy(file) as source:
        if place.path is None:
            with Store.open(named) as target:
                return _into_empty(source.database, target.database), None
        place.path.parent.mkdir(parents=True, exist_ok=True)
        with _part(place.path) as part:
            found = _written(source.database, part)
            return found, _in_place_of(place.path, part)


@contextmanager
def opened_copy(file: Path) -> Iterator[Store]:
    """A store's file opened as a copy: it may lie where nothing can be written, and stays as it is."""
    if not file.is_file():
        raise StoreError("there is no such file", str(file), "", "a back-up that rcs store backup made, or a store's own file")
    with tempfile.TemporaryDirectory(prefix="rcs-store-") as scratch:
        copy = Path(scratch) / "store.sqlite"
        for end in ("", *_BESIDE):
            if end != "-shm" and (beside := file.with_name(file.name + end)).is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + end))
        _sound(copy, file)
        with Store.open(copy) as store:
            yield store


def _sound(copy: Path, file: Path) -> None:
    """Raises StoreError where a file is no store, or is damaged."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
            there = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('event', 'alembic_version')"
            ).fetchone()[0]
    except sqlite3.DatabaseError as error:
        said, there = str(error), 2
    if said != "ok" or there != 2:
        got = said if said != "ok" else "a database without events"
        raise StoreError(
            "this file is no sound store", str(file), got, "a back-up that rcs store backup made", "take another copy"
        )


def _written(source: Database, part: Path) -> Held:
    """A new file with all that a store holds, on the disk and read back."""
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with Store.open(part) as made:
        found = _into_empty(source, made.database)
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    _on_disk(part)
    _sound(part, part)
    return found


def _into_empty(source: Database, target: Database) -> Held:
    """Carry every event into a store that has none, in one write; what arrived is read back before it counts."""

    def carry(connection: sa.Connection) -> Held:
        if connection.execute(sa.select(EVENT.c.id).limit(1)).first():
            remedy = "restore into a new, empty database, and point RCS_STORE to it; this one stays as it is"
            raise StoreError("there are events in this store already", target.place.said, "", "an empty one", remedy)
        tally = _Tally()
        with source.looking() as reading:
            for some in batched(tally.of(reading.execute(_ALL)), _AT_ONCE):
                connection.execute(sa.insert(EVENT), list(some))
        if held(connection) != tally.held:
            raise StoreError("what was written is not what was read", target.place.said, remedy="nothing was kept: try again")
        return tally.held

    return target.write(carry)


def _in_place_of(path: Path, part: Path) -> Path | None:
    """Put a new file in a store's place, and keep that which is there, unless it holds nothing."""
    if not path.exists():
        part.replace(path)
        _on_disk(path.parent)
        return None
    with _alone(path) as empty:
        if os.name == "posix":
            return _swapped(path, part, empty)
    return _swapped(path, part, empty)  # elsewhere a file that is open is not renamed


def _swapped(path: Path, part: Path, empty: bool) -> Path | None:
    kept = None if empty else _free(path)
    _as_it_was(path, part)
    if kept is not None:
        for beside in [path.with_name(path.name + end) for end in _BESIDE]:
            if beside.exists():
                beside.replace(kept.with_name(beside.name.replace(path.name, kept.name)))
        _second_name(path, kept)
    part.replace(path)
    _on_disk(path.parent)
    return kept


def _as_it_was(path: Path, part: Path) -> None:
    """The same right to read and write as the store had whose place this takes."""
    there = path.stat()
    part.chmod(there.st_mode & 0o777)
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(part, there.st_uid, there.st_gid)


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Hold a store's file while nobody else has it open; whether it is empty. A damaged one is not: it is kept as it is."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            # Also brings in what was written ahead, so that the one file is the whole store.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            empty = not tables or ("event" in tables and not connection.execute("SELECT count(*) FROM event").fetchone()[0])
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                what, remedy = (
                    "the store is in use, so nothing was put in its place",
                    "stop the workbench and the desk, and try again",
                )
                raise StoreError(what, str(path), str(error), "a store that no program has open", remedy) from error
            empty = False
        yield empty


def _free(path: Path) -> Path:
    """A name beside a store that says when it was set aside."""
    return path.with_name(f"{path.stem}-before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}{path.suffix}")


def _second_name(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:
        path.rename(kept)  # a disk without second names: for a moment there is no store under its own


@contextmanager
def _part(file: Path) -> Iterator[Path]:
    """A name beside a file for what is not whole yet; nothing of it is left behind."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        yield part
    finally:
        for end in ("", *_BESIDE):
            part.with_name(part.name + end).unlink(missing_ok=True)


def _on_disk(path: Path) -> None:
    with suppress(PermissionError):  # a system that does not open folders
        number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(number)
        finally:
            os.close(number)
