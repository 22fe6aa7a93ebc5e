"""One database as this process has it open: its connections, the turn of its writers, and its errors in the house form.

Writers of a process go one after the other before they go to the database, so that a room that votes at once waits in a line and
not in the database's own tries. A write is acknowledged only when it is on the disk; where the connection is lost in the very
moment of the commit, the database is asked whether it was kept.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from rcs_core.workshop.store import postgresql, rows, sqlite
from rcs_core.workshop.store.kinds import Event, StoreAwayError, StoreError
from rcs_core.workshop.store.place import Place
from rcs_core.workshop.store.sqlite import BUSY_SECONDS

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_UPGRADING = threading.Lock()
"""Alembic keeps what it works on in one place of the process."""

OPEN = "the store cannot be opened"
READ = "the store cannot be read"
WRITE = "the store did not take the event"
_LONG = 1
"""Seconds after which a server that did not answer is not asked again at once by every reader in the line."""
UNKNOWN = "the connection was lost while the event was being kept: it is not known whether it is there"


class Database:
    """A store's database. Its threads may share it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.engine = sqlite.engine(place) if place.path is not None else postgresql.engine(place)
        self.dialect = self.engine.dialect.name
        alone: dict[str, Any] = {"rcs_alone": True} if self.dialect == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self.engine.execution_options(**alone)
        self._writer = self.engine.execution_options(rcs_write=True)
        self._turn = threading.Lock()
        self._away: tuple[float, SQLAlchemyError] = (0, SQLAlchemyError())

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to ask one thing with."""
        with self._told(READ, "wait a moment and try again"), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[sa.Connection]:
        """A connection that sees the store as it was when it began, whatever is added meanwhile."""
        steady = {} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self._told(READ, "wait a moment and try again"), self.engine.connect() as connection:
            yield connection.execution_options(**steady)

    def write[T](self, work: Callable[[sa.Connection], T]) -> T:
        """Do one piece of writing while nobody else writes; it is on the disk when this returns, or nothing of it is kept."""
        told = self._told(WRITE, "nothing was saved: try again", away=False)
        with self._in_turn(), told, self._writer.connect() as connection:
            connection.begin()
            made = work(connection)
            try:
                connection.commit()
            except DBAPIError as error:
                if not (error.connection_invalidated and isinstance(made, Event) and self._kept_after_all(made)):
                    raise
            return made

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date; raises StoreError where a newer program made them."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        head = str(ScriptDirectory.from_config(config).get_current_head())
        with self._told(OPEN, _remedy(self.place)):
            if self._version(head) == head:
                return
            with _UPGRADING, self._writer.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def _version(self, head: str) -> str | None:
        with self.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current and current > head:
            what = "a newer version of the program wrote this store"
            raise StoreError(what, self.place.said, current, f"{head} or earlier", "upgrade the program")
        return current

    def _kept_after_all(self, event: Event) -> bool:
        """Whether the event of a commit that was never answered is there; the writers' lock tells that the other is over."""
        try:
            with self._writer.connect() as connection:
                return rows.holds(connection, event)
        except SQLAlchemyError as error:
            remedy = "look whether it is there before it is done again"
            raise StoreError(UNKNOWN, self.place.said, self._said(error), "a database that answers", remedy) from error

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            got = f"others were writing for {BUSY_SECONDS} seconds"
            raise StoreError(WRITE, self.place.said, got, "a turn to write", "nothing was saved: try again")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _told(self, what: str, remedy: str, away: bool = True) -> Iterator[None]:
        """What the database or its driver says, in the house form. away: whether it can be asked again later, as a reader can."""
        began = time.monotonic()
        try:
            if away and began < self._away[0]:
                raise self._away[1]
            yield
        except SQLAlchemyError as error:
            lost = isinstance(error, OperationalError) or not isinstance(error, DBAPIError) or error.connection_invalidated
            if lost and (took := time.monotonic() - began) > _LONG and self.dialect != "sqlite":
                self._away = (time.monotonic() + took, error)
            kind = StoreAwayError if away and lost else StoreError
            raise kind(what, self.place.said, self._said(error), _expected(self.place), remedy) from error

    def _said(self, error: SQLAlchemyError) -> str:
        told = error.orig if isinstance(error, DBAPIError) else error
        server = getattr(told, "diag", None)
        return self.place.plain(getattr(server, "message_primary", None) or str(told))


def _expected(place: Place) -> str:
    if place.path is not None:
        return "a file that this program made, that nobody else holds, on a disk that can be written and has room"
    return "a PostgreSQL server that answers, and a database that may be read and written"


def _remedy(place: Place) -> str:
    if place.path is not None:
        return "name another place with RCS_STORE or RCS_HOME, or put a back-up there (rcs store restore FILE)"
    return "look at RCS_STORE, at the server and at what its user may do"
