"""The append-only table of how each agency's ledger was laid out, year by year, and who accepted it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXTS = ("at", "who", "reason", "ledger", "agency_system", "financial_year", "layout")
REFUSALS = (
    """CREATE TRIGGER layout_event_never_changes BEFORE UPDATE ON layout_event
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never changed'); END""",
    """CREATE TRIGGER layout_event_never_goes BEFORE DELETE ON layout_event
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never removed'); END""",
    """CREATE TRIGGER layout_event_never_replaced BEFORE INSERT ON layout_event
    WHEN EXISTS (SELECT 1 FROM layout_event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the desk memory is append-only: an event is never replaced'); END""",
)


def upgrade() -> None:
    """Make the table and the triggers that keep it append-only."""
    op.create_table(
        "layout_event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in TEXTS),
    )
    for refusal in REFUSALS:
        op.execute(refusal)
