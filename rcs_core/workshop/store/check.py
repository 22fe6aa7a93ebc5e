"""Whether a store is as it should be: readable to its last event, sound, and refusing change and removal."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from rcs_core.workshop.store.copies import Held, held
from rcs_core.workshop.store.kinds import Event, EventKind, StoreError
from rcs_core.workshop.store.rows import EVENT, insert
from rcs_core.workshop.store.store import Store

_ATTEMPTS = {
    "an event can be changed": "UPDATE event SET author = 'x' WHERE id = {id}",
    "an event can be removed": "DELETE FROM event WHERE id = {id}",
    "an event can be replaced": "INSERT {replace} INTO event ({columns}) SELECT {columns} FROM event WHERE id = {id}",
}
_REPLACE = {"sqlite": "OR REPLACE", "postgresql": ""}
_REFUSED = ("append-only", "permission denied", "duplicate key")
_SERVER = ("fsync", "full_page_writes")
"""What a PostgreSQL server must not leave out, or a power cut loses what was acknowledged."""


class _Undo(Exception):
    """Takes back what was tried."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. wrong: every breach, in a sentence each; none where all is well."""

    where: str
    held: Held
    wrong: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """For a program."""
        last = {"last": self.held.last, "at": self.held.at, "digest": self.held.digest}
        return {"store": self.where, "events": self.held.events, **last, "ok": not self.wrong, "wrong": list(self.wrong)}


def check(store: Store) -> Checked:
    """Read every event, look whether the database is sound, and try to change, remove and replace one (all is taken back).

    Raises StoreError where the store cannot be read or written at all.
    """
    with store.database.looking() as connection:
        found = held(connection)
        wrong = [*_unreadable(connection), *_damage(connection)]
    return Checked(store.where, found, (*wrong, *_changeable(store)))


def _unreadable(connection: sa.Connection) -> list[str]:
    kinds = {kind.value for kind in EventKind}
    strange = connection.execute(sa.select(EVENT.c.kind).distinct().where(EVENT.c.kind.not_in(kinds))).scalars()
    return [f"events of a kind that this program does not know: {kind}" for kind in strange]


def _damage(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        return [f"the file is damaged: {line}" for line in said if line != "ok"]
    told = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in _SERVER}
    return [f"the server does not wait for its disk: {name} is {value}" for name, value in told.items() if value != "on"]


def _changeable(store: Store) -> list[str]:
    """What somebody could do to an event, tried on one that is taken back."""
    found: list[str] = []

    def attempt(connection: sa.Connection) -> None:
        made = insert(connection, Event(EventKind.EDIT_MADE, "rcs store check"))
        of = {"id": made.id, "columns": ", ".join(c.name for c in EVENT.c), "replace": _REPLACE[store.database.dialect]}
        found.extend(what for what, text in _ATTEMPTS.items() if _goes_through(connection, text.format(**of)))
        raise _Undo

    try:
        store.database.write(attempt)
    except _Undo:
        return found
    raise StoreError("what was tried was not taken back", store.where)


def _goes_through(connection: sa.Connection, statement: str) -> bool:
    point = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        point.rollback()
        if any(word in str(error.orig) for word in _REFUSED):
            return False
        raise
    point.rollback()
    return True
