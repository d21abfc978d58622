"""Products in the order in which they came, for the list of connections."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("products_came", "products", ["tenant", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("products_came", "products")
