"""What a partnership decided, by whom and when: events that are only ever added, in one SQLite file.

Scenarios are kept as versions of a name (none is overwritten; see `kept`) and releases are signed off before they are served.
A write is acknowledged only when it is on the disk. The table refuses change and removal by itself (see `migrations/`).
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

from rcs_core import settings
from rcs_core.errors import RcsError
from rcs_core.vocab import Label

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 30
"""How long a writer waits for another to finish before it gives up and says so."""
ID_LENGTH = 12
"""A release id is the first characters of its content hash (see `Release.id`)."""
_LARGE = ("scenario", "names")
"""Keys of a body that are large."""

_EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("at", sa.String),
    sa.column("kind", sa.String),
    sa.column("author", sa.String),
    sa.column("agency", sa.String),
    sa.column("release_id", sa.String),
    sa.column("scenario_id", sa.String),
    sa.column("body", sa.Text),
)


class StoreError(RcsError):
    """The store cannot be opened, or was asked to keep what it cannot."""


class EventKind(Label):
    """What can happen in a workshop that is worth remembering."""

    SCENARIO_SAVED = "scenario_saved", "Scenario saved"
    SCENARIO_RENAMED = "scenario_renamed", "Scenario renamed"
    SCENARIO_RETIRED = "scenario_retired", "Scenario retired"
    RELEASE_SIGNED_OFF = "release_signed_off", "Release signed off"
    EDIT_MADE = "edit_made", "Edit made"
    RELEASE_WITHDRAWN = "release_withdrawn", "Release withdrawn"
    QUESTIONS_PUT = "questions_put", "Questions put to the group"
    ANSWER_GIVEN = "answer_given", "Answer given"
    ROUND_CLOSED = "round_closed", "Round of answers closed"
    DECISION_RECORDED = "decision_recorded", "Decision recorded"
    DECISION_UNDONE = "decision_undone", "Decision taken back"
    PRIORITY_SET = "priority_set", "Priority of the plan set"
    PRIORITY_DROPPED = "priority_dropped", "Priority of the plan dropped"
    ACTION_PLACED = "action_placed", "Action placed under a priority"
    ACTION_REVIEWED = "action_reviewed", "Action reviewed"
    CONDITION_CHECKED = "condition_checked", "Condition of a decision checked"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` and `at` (UTC) are given by the store when it is appended."""

    kind: EventKind
    author: str
    body: dict[str, Any] = field(default_factory=dict)
    agency: str = ""
    release_id: str = ""
    scenario_id: str = ""
    at: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who took responsibility for serving a release of which specification, in what role and words.

    specification: the name of its set of tables; blank for what was signed before it was kept.
    """

    release_hash: str
    by: str
    role: str
    note: str
    fictional: bool
    at: str
    specification: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a release out of use, and why."""

    release_hash: str
    by: str
    why: str
    at: str


def store_path() -> Path:
    """The store of this workspace."""
    return settings.workspace() / "store.sqlite"


class Store:
    """The workshop's memory. Open it once a process; its threads may share it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url_or_path: str | Path) -> "Store":
        """Open the store at a path (or `sqlite:///` URL), made or brought up to date if need be.

        Raises StoreError when the place cannot be written, the file is not a store, or a newer version wrote it.
        """
        engine = _engine(_path(url_or_path))
        try:
            _upgrade(engine)
        except DatabaseError as error:
            engine.dispose()
            raise StoreError(
                "the store cannot be opened",
                str(url_or_path),
                str(error.orig),
                "a file that this program made, in a folder that can be written",
                "choose another workspace with RCS_HOME, or put back a copy of the file",
            ) from error
        return cls(engine)

    def close(self) -> None:
        """Give up the file."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, event: Event) -> int:
        """Add one event, on the disk when this returns; returns its id."""
        with self._writing() as connection:
            return _insert(connection, event)

    def append_after(self, kinds: Sequence[EventKind], make: Callable[[list[Event]], Event]) -> Event:
        """Add the event that is made of those of some kinds before it; nobody adds another between. Returns it as it is kept.

        What `make` is given has no scenario in its bodies: they are large, and no event is made of one.
        """
        with self._writing() as connection:
            before = [_event(row) for row in connection.execute(_query(kinds, _LARGE)).mappings()]
            identity = _insert(connection, make(before))
        return self.events(after=identity - 1)[0]

    def events(
        self, *kinds: EventKind, release_id: str = "", scenario_id: str = "", after: int = 0, without: Sequence[str] = ()
    ) -> list[Event]:
        """The events in the order they happened, narrowed by what is given; `after` is the last id already known.

        without: keys that are left out of the bodies.
        """
        query = _query(kinds, without).where(_EVENT.c.id > after)
        for column, value in {"release_id": release_id, "scenario_id": scenario_id}.items():
            if value:
                query = query.where(_EVENT.c[column] == value)
        try:
            with self._engine.connect() as connection:
                return [_event(row) for row in connection.execute(query).mappings()]
        except DatabaseError as error:
            where, wanted = str(self._engine.url.database), "a file that this program made and nobody else holds"
            raise StoreError("the store cannot be read", where, str(error.orig), wanted, "wait a moment and try again") from error

    def sign_off(self, release_hash: str, by: str, role: str, note: str, fictional: bool, specification: str = "") -> SignOff:
        """Record that a person takes responsibility for serving a release; raises StoreError when who or what is blank."""
        _need("a sign-off needs the release's content hash", release_hash if len(release_hash) >= ID_LENGTH else "")
        _need("a sign-off needs a name", by.strip())
        _need("a sign-off needs a role", role.strip())
        if gone := self.withdrawn(release_hash):
            said = f"withdrawn by {gone.by} on {gone.at[:10]}: {gone.why}"
            raise StoreError("a withdrawn release is not signed off again", release_hash[:ID_LENGTH], said, "", "build a new one")
        body = {"release_hash": release_hash, "role": role.strip(), "note": note.strip(), "fictional": fictional}
        body |= {"specification": specification} if specification else {}
        self.append(Event(EventKind.RELEASE_SIGNED_OFF, by.strip(), body, release_id=release_hash[:ID_LENGTH]))
        found = self.signed_off(release_hash)
        assert found is not None
        return found

    def signed_off(self, release_hash: str) -> SignOff | None:
        """The latest sign-off of a release (by content hash, or by its id), or None when nobody has signed."""
        events = self.events(EventKind.RELEASE_SIGNED_OFF, release_id=release_hash[:ID_LENGTH] or "-")
        found = [_sign_off(e) for e in events if str(e.body["release_hash"]).startswith(release_hash)]
        return found[-1] if found else None

    def withdraw(self, release_hash: str, by: str, why: str) -> Withdrawal:
        """Record that a release is no longer to be served; raises StoreError when who or why is blank, or when it is done."""
        _need("a withdrawal needs the release's content hash", release_hash if len(release_hash) >= ID_LENGTH else "")
        _need("a withdrawal needs a name", by.strip())
        _need("a withdrawal needs a reason", why.strip())
        if gone := self.withdrawn(release_hash):
            raise StoreError("the release is withdrawn already", release_hash[:ID_LENGTH], f"by {gone.by} on {gone.at[:10]}")
        body = {"release_hash": release_hash, "why": why.strip()}
        self.append(Event(EventKind.RELEASE_WITHDRAWN, by.strip(), body, release_id=release_hash[:ID_LENGTH]))
        found = self.withdrawn(release_hash)
        assert found is not None
        return found

    def withdrawn(self, release_hash: str) -> Withdrawal | None:
        """The withdrawal of a release (by content hash, or by its id), or None; it is for good."""
        events = self.events(EventKind.RELEASE_WITHDRAWN, release_id=release_hash[:ID_LENGTH] or "-")
        found = [e for e in events if str(e.body["release_hash"]).startswith(release_hash)]
        return Withdrawal(found[0].body["release_hash"], found[0].author, found[0].body["why"], found[0].at) if found else None

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.execution_options(rcs_write=True).begin() as connection:
                yield connection
        except DatabaseError as error:
            raise StoreError(
                "the store did not take the event",
                str(self._engine.url.database),
                str(error.orig),
                "room on the disk, and a file that can be written",
                "nothing was saved: try again",
            ) from error


def _need(what: str, value: str) -> None:
    if not value:
        raise StoreError(what, "store", "nothing", "some text", "fill it in")


def _path(url_or_path: str | Path) -> Path:
    text = str(url_or_path)
    if "://" not in text:
        return Path(text)
    if not text.startswith("sqlite:///"):
        scheme = text.split("://")[0]
        raise StoreError("this kind of database is not supported yet", scheme, "", "a path, or sqlite:///path")
    return Path(text.removeprefix("sqlite:///"))


def _engine(path: Path) -> sa.Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("the folder of the store cannot be made", str(path.parent), error.strerror or "") from error
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _to_json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError("this cannot be kept", "event body", str(error), "text, finite numbers, lists and mappings") from error


def _prepare(connection: Any, _record: object) -> None:
    """Leave transactions to us, write ahead, and wait for the disk at each commit."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _set_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA recursive_triggers=ON")


def _set_wal(connection: Any) -> None:
    # Two processes that make the same file at once can meet here, where SQLite does not wait by itself.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: sa.Connection) -> None:
    """A writer takes the lock at once, so that what it reads still holds when it writes."""
    write = connection.get_execution_options().get("rcs_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _upgrade(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current and current > str(head):
        raise StoreError(
            "a newer version of the program wrote this store", str(engine.url.database), current, f"{head} or earlier", "upgrade"
        )
    with engine.execution_options(rcs_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _insert(connection: sa.Connection, event: Event) -> int:
    values = {
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "kind": EventKind(event.kind).value,
        "author": event.author,
        "agency": event.agency,
        "release_id": event.release_id,
        "scenario_id": event.scenario_id,
        "body": _to_json(event.body),
    }
    return int(connection.execute(sa.insert(_EVENT).values(values)).lastrowid)


def _query(kinds: Sequence[EventKind], without: Sequence[str]) -> sa.Select[Any]:
    """Events of some kinds (of all, where none is named) in the order they happened, their bodies without some keys."""
    body = sa.func.json_remove(_EVENT.c.body, *(f"$.{key}" for key in without)).label("body") if without else _EVENT.c.body
    query = sa.select(*(c for c in _EVENT.c if c.name != "body"), body).order_by(_EVENT.c.id)
    return query.where(_EVENT.c.kind.in_([kind.value for kind in kinds])) if kinds else query


def _event(row: sa.RowMapping) -> Event:
    return Event(**{**row, "kind": EventKind(row["kind"]), "body": json.loads(row["body"])})


def _sign_off(event: Event) -> SignOff:
    body = event.body
    return SignOff(
        body["release_hash"], event.author, body["role"], body["note"], body["fictional"], event.at, body.get("specification", "")
    )
