"""Price books."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "prices", sa.Column("tenant", sa.Text(), nullable=False), sa.Column("offering_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False), sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "offering_id", "line"),
    )


def downgrade() -> None:
    op.drop_table("prices")
