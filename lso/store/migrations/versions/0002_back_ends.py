"""What is asked of back ends: when it was last asked, why it is parked, and both legs of every exchange."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def time(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=null)


def upgrade() -> None:
    op.add_column("back_end_references", time("asked_at", null=True))
    op.add_column("back_end_references", text("reason", null=True))
    op.create_index("back_end_references_state", "back_end_references", ["tenant", "state", "changed_at"])
    present = sa.text("their_id IS NOT NULL")
    op.create_index("back_end_references_named", "back_end_references", ["backend", "their_id"],
                    sqlite_where=present, postgresql_where=present)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "activities", sa.Column("number", number, sa.Identity(), primary_key=True), text("tenant"), text("order_id"),
        text("item_id"), text("backend"), time("at"), time("seconds"), text("request_line"), text("request", null=True),
        sa.Column("status", sa.Integer(), nullable=True), text("response", null=True), text("outcome"),
        text("trace_id", null=True),
    )
    op.create_index("activities_order", "activities", ["tenant", "order_id", "number"])
    op.create_index("activities_at", "activities", ["at"])


def downgrade() -> None:
    op.drop_table("activities")
    op.drop_index("back_end_references_named", "back_end_references")
    op.drop_index("back_end_references_state", "back_end_references")
    op.drop_column("back_end_references", "reason")
    op.drop_column("back_end_references", "asked_at")
