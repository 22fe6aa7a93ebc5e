"""In which facilitated session an event happened, and whose it is where one store serves several partnerships."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Two more columns, blank for what happened before, and an index for what a session asks every second."""
    text = sa.String(64).with_variant(sa.Text(), "postgresql")
    op.add_column("event", sa.Column("session_id", text, nullable=False, server_default=""))
    op.add_column("event", sa.Column("partnership", text, nullable=False, server_default=""))
    op.create_index("event_session", "event", ["session_id", "id"])
