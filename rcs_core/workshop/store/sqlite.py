"""The store as one SQLite file: written ahead, and waited for at every commit."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DisconnectionError

from rcs_core.workshop.store.kinds import StoreError
from rcs_core.workshop.store.place import Place

BUSY_SECONDS = 30
"""How long a writer waits for another to finish before it gives up and says so."""
_FILE = "rcs_file"


def engine(place: Place) -> sa.Engine:
    """Connections to the file, whose folder is made if need be."""
    path = Path(str(place.path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("the folder of the store cannot be made", str(path.parent), error.strerror or "") from error
    made = sa.create_engine(place.url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    def connected(connection: sqlite3.Connection, record: Any) -> None:
        # First, since the rest may wait while a store is put back under the same name.
        record.info[_FILE] = _which(path)
        _prepare(connection)

    def taken(_connection: sqlite3.Connection, record: Any, _proxy: object) -> None:
        if record.info[_FILE] != _which(path):
            raise DisconnectionError("another file lies in this one's place")

    sa.event.listen(made, "connect", connected)
    sa.event.listen(made, "checkout", taken)
    sa.event.listen(made, "begin", _begin)
    return made


def _which(path: Path) -> tuple[int, int] | None:
    """Which file lies there: a store that was put back under a running program is another one."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection) -> None:
    """Leave transactions to us, write ahead, and wait for the disk at each commit."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _set_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA recursive_triggers=ON")


def _set_wal(connection: sqlite3.Connection) -> None:
    # Two processes that make the same file at once can meet here, where SQLite does not wait by itself.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: sa.Connection) -> None:
    """A writer takes the lock at once, so that what it reads still holds when it writes; one question alone needs none."""
    options = connection.get_execution_options()
    if not options.get("rcs_alone", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("rcs_write", False) else "BEGIN")
