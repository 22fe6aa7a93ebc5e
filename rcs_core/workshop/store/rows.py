"""Events as rows of the one table: how they are asked for, written and read, in SQLite and in PostgreSQL."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.dml import ReturningInsert

from rcs_core.workshop.store.kinds import Event, EventKind, StoreError

EVENT = sa.table(
    "event",
    sa.column("id", sa.BigInteger),
    sa.column("at", sa.String),
    sa.column("kind", sa.String),
    sa.column("author", sa.String),
    sa.column("agency", sa.String),
    sa.column("release_id", sa.String),
    sa.column("scenario_id", sa.String),
    sa.column("session_id", sa.String),
    sa.column("partnership", sa.String),
    sa.column("body", sa.Text),
)
_PLAIN = "plain text, finite numbers, lists and mappings"


@lru_cache(maxsize=256)
def query(kinds: tuple[EventKind, ...], without: tuple[str, ...], narrowed: tuple[str, ...], dialect: str) -> sa.Select[Any]:
    """Events after `after`, of some kinds (of all, where none is named), in the order they happened, bodies without some keys.

    narrowed: the columns that are asked for by value, each a parameter of its name. Made once for all who ask the same.
    """
    body = _without(without, dialect).label("body") if without else EVENT.c.body
    found = sa.select(*(c for c in EVENT.c if c.name != "body"), body).order_by(EVENT.c.id)
    found = found.where(EVENT.c.id > sa.bindparam("after", type_=sa.BigInteger))
    for name in narrowed:
        found = found.where(EVENT.c[name] == sa.bindparam(name))
    return found.where(EVENT.c.kind.in_([kind.value for kind in kinds])) if kinds else found


def _without(keys: Sequence[str], dialect: str) -> sa.ColumnElement[Any]:
    """The body without some keys; the others in their order and as they were written."""
    if dialect == "sqlite":
        return sa.func.json_remove(EVENT.c.body, *(f"$.{key}" for key in keys))
    each = (
        sa.func.json_each(sa.cast(EVENT.c.body, sa.JSON)).table_valued("key", "value", with_ordinality="place").render_derived()
    )
    made = sa.func.json_object_agg(each.c.key, aggregate_order_by(each.c.value, each.c.place))
    kept = sa.select(sa.cast(made, sa.Text)).where(each.c.key.not_in(list(keys))).correlate(EVENT).scalar_subquery()
    return sa.func.coalesce(kept, "{}")


def insert(connection: sa.Connection, event: Event) -> Event:
    """Add one event; returns it as it is kept, with its id and time."""
    made = replace(event, at=datetime.now(UTC).isoformat(timespec="microseconds"))
    values: dict[str, Any] = values_of(made) | {"body": _to_json(made.body)}
    for name, text in values.items():
        _check(name, text)
    identity = connection.execute(_inserted(connection.dialect.name), values).scalar_one()
    return replace(made, id=int(identity), body=json.loads(values["body"]))


@lru_cache(maxsize=2)
def _inserted(dialect: str) -> ReturningInsert[Any]:
    """The statement that adds an event and gives its number."""
    made = sa.insert(EVENT).returning(EVENT.c.id)
    if dialect == "postgresql":
        # Under the lock of the writers: no number is left out, and none is seen before a smaller one.
        next_one = sa.select(sa.func.coalesce(sa.func.max(EVENT.c.id), 0) + 1).scalar_subquery()
        made = made.values({c.name: sa.bindparam(c.name) for c in EVENT.c if c.name != "id"} | {"id": next_one})
    return made


def values_of(event: Event) -> dict[str, Any]:
    """The columns of an event but its id and its body."""
    return {
        "at": event.at,
        "kind": EventKind(event.kind).value,
        "author": event.author,
        "agency": event.agency,
        "release_id": event.release_id,
        "scenario_id": event.scenario_id,
        "session_id": event.session_id,
        "partnership": event.partnership,
    }


def holds(connection: sa.Connection, event: Event) -> bool:
    """Whether an event that was to be kept is kept."""
    same = [EVENT.c[name] == value for name, value in values_of(event).items()]
    return connection.execute(sa.select(EVENT.c.id).where(EVENT.c.id == event.id, *same)).first() is not None


def event_of(row: Sequence[Any]) -> Event:
    """An event from its row, whose columns stand in the order of `EVENT`."""
    identity, at, kind, author, agency, release_id, scenario_id, session_id, partnership, body = row
    return Event(
        EventKind(kind), author, json.loads(body), agency, release_id, scenario_id, at, identity, session_id, partnership
    )


def _to_json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError("this cannot be kept", "event body", str(error), _PLAIN) from error


def _check(name: str, text: str) -> None:
    """Signs that are no text: neither database, nor a copy of one in the other, is trusted with them."""
    if "\x00" in text or (name == "body" and "\\u0000" in text.replace("\\\\", "")):
        raise StoreError("this cannot be kept", f"event {name}", "a sign of the number nought", _PLAIN)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StoreError("this cannot be kept", f"event {name}", "half of a sign", _PLAIN) from error
