"""The key by which a share of a line is divided over council areas; rows from before had none."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; the triggers that keep the table append-only stay."""
    op.add_column("mapping_event", sa.Column("key_id", sa.Text, nullable=False, server_default=""))
