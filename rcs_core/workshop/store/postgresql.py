"""The store as a PostgreSQL database: one writer at a time, and a server that has it on its disk before it says so."""

from typing import Any

import sqlalchemy as sa

from rcs_core.workshop.migrations.postgresql import LOCK
from rcs_core.workshop.store.kinds import StoreError
from rcs_core.workshop.store.place import Place
from rcs_core.workshop.store.sqlite import BUSY_SECONDS

ASK = {
    "connect_timeout": "5", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "15000", "application_name": "rcs",
}  # fmt: skip
"""What a connection asks for where the URL does not: a server that is gone is noticed in seconds, not in hours."""
POOLED, MORE = 5, 20
"""Connections that are kept, and those that may be opened beside them."""
SET = (
    f"SET lock_timeout = '{BUSY_SECONDS}s'",
    # A program that hangs with the lock of the writers in its hand must not stop the room.
    f"SET idle_in_transaction_session_timeout = '{2 * BUSY_SECONDS}s'",
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
)


def engine(place: Place) -> sa.Engine:
    """Connections to the database, each looked at before it is used, so that a server that came back is found again."""
    asked = {key: value for key, value in ASK.items() if key not in place.url.query}
    try:
        made = sa.create_engine(
            place.url, connect_args=asked, hide_parameters=True, isolation_level="READ COMMITTED",
            pool_pre_ping=True, pool_size=POOLED, max_overflow=MORE, pool_timeout=BUSY_SECONDS,
        )  # fmt: skip
    except ImportError as error:
        what, remedy = "PostgreSQL cannot be used here", "install it: pip install 'psycopg[binary]'"
        raise StoreError(what, place.said, "no driver", "the package psycopg", remedy) from error
    _check_options(place)
    sa.event.listen(made, "connect", _prepare)
    sa.event.listen(made, "begin", _begin)
    return made


def _check_options(place: Place) -> None:
    """Raises StoreError where the URL asks for what PostgreSQL does not know; untold, since it may be a piece of a password."""
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    if set(place.url.query) - known:
        remedy = "write & and = in a password as %26 and %3D"
        raise StoreError("the address of the database asks for what PostgreSQL does not know", place.said, remedy=remedy)


def _prepare(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        for statement in SET:
            cursor.execute(statement)
    connection.commit()


def _begin(connection: sa.Connection) -> None:
    """A writer waits for its turn; each statement after it sees what all before it have written."""
    if connection.get_execution_options().get("rcs_write", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
