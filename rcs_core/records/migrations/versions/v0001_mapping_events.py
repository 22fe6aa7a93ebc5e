"""The append-only table of what the desk decided about ledger lines."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXTS = (
    "at", "who", "reason", "ledger", "cost_centre", "service_id", "agency", "pct", "excluded_because", "money_kind", "recurring",
    "revenue_or_capital",
)  # fmt: skip
REFUSALS = (
    """CREATE TRIGGER mapping_event_never_changes BEFORE UPDATE ON mapping_event
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never changed'); END""",
    """CREATE TRIGGER mapping_event_never_goes BEFORE DELETE ON mapping_event
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never removed'); END""",
    """CREATE TRIGGER mapping_event_never_replaced BEFORE INSERT ON mapping_event
    WHEN EXISTS (SELECT 1 FROM mapping_event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never replaced'); END""",
)


def upgrade() -> None:
    """Make the table and the triggers that keep it append-only."""
    op.create_table(
        "mapping_event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in TEXTS),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("mapping_event.id"), nullable=True),
    )
    for refusal in REFUSALS:
        op.execute(refusal)
