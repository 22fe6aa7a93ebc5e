"""The ring-fenced fund that a share of a line is of; rows from before named none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; the triggers that keep the table append-only stay."""
    op.add_column("mapping_event", sa.Column("fund", sa.Text, nullable=False, server_default=""))
