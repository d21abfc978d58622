"""Resources beside the order: cancellations, charges, changes of date, and what is still to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "resources", sa.Column("number", number, sa.Identity(), primary_key=True), text("tenant"), text("kind"),
        text("id"), count("version"), text("edition"), text("mapping"), count("profile_version"),
        text("order_id", null=True), text("buyer_id", null=True), text("seller_id", null=True), text("client"),
        text("about"), text("state", null=True), text("alone", null=True),
        sa.Column("created_at", sa.Double(), nullable=False), text("document"), text("complements"),
        sa.UniqueConstraint("tenant", "kind", "id", name="resources_id"),
        sa.UniqueConstraint("tenant", "alone", name="resources_alone"),
    )
    op.create_index("resources_listed", "resources", ["tenant", "kind", "number"])
    for name, columns, present in (("resources_order", ["tenant", "order_id", "number"], "order_id"),
                                   ("resources_state", ["tenant", "kind", "state", "number"], "state")):
        where = sa.text(f"{present} IS NOT NULL")
        op.create_index(name, "resources", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("resources")
