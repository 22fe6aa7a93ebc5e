"""The append-only table of events, which refuses any change or removal of what was written."""

import sqlalchemy as sa
from alembic import op

from rcs_core.workshop.migrations import postgresql

revision = "0001"
down_revision = None

REFUSALS = (
    """CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the store is append-only: an event is never changed'); END""",
    """CREATE TRIGGER event_never_goes BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the store is append-only: an event is never removed'); END""",
    # INSERT OR REPLACE removes the older row without firing the trigger above, so it is refused on its way in.
    """CREATE TRIGGER event_never_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) OR (NEW.kind = 'scenario_saved' AND EXISTS (
        SELECT 1 FROM event WHERE kind = 'scenario_saved' AND scenario_id = NEW.scenario_id
        AND json_extract(body, '$.version') = json_extract(NEW.body, '$.version')))
    BEGIN SELECT RAISE(ABORT, 'the store is append-only: an event is never replaced'); END""",
)


def upgrade() -> None:
    """Make the table, its indexes and the triggers that keep it append-only."""
    if op.get_bind().dialect.name == "postgresql":
        _in_postgresql()
        return
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("agency", sa.String(60), nullable=False),
        sa.Column("release_id", sa.String(64), nullable=False),
        sa.Column("scenario_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("event_kind", "event", ["kind", "id"])
    op.create_index("event_scenario", "event", ["scenario_id", "id"])
    for statement in REFUSALS:
        op.execute(statement)


def _in_postgresql() -> None:
    """The same with texts of any length, as SQLite takes them, and ids that the writer gives under its lock."""
    names = ("at", "kind", "author", "agency", "release_id", "scenario_id", "body")
    identity = sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)
    op.create_table("event", identity, *(sa.Column(name, sa.Text, nullable=False) for name in names))
    op.create_index("event_kind", "event", ["kind", "id"])
    op.create_index("event_scenario", "event", ["scenario_id", "id"])
    for statement in postgresql.REFUSALS:
        op.execute(statement)
