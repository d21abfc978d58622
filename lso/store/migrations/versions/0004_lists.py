"""Lists of orders: dates and projects state by state, and buyers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DATES = ("completed_at", "cancelled_at", "requested_first", "requested_last", "expected_first", "expected_last")


def upgrade() -> None:
    for name, columns, present in (
        ("state", ["state", "ordered_at", "number"], None),
        ("project", ["project_id", "state", "ordered_at", "number"], "project_id"),
        *((date, ["state", date, "number"], date) for date in DATES),
    ):
        _replace(name, columns, present)
    op.create_index("orders_buyer", "orders", ["tenant", "buyer_id", "state", "ordered_at", "number"])


def downgrade() -> None:
    op.drop_index("orders_buyer", "orders")
    for name, columns, present in (
        ("state", ["state", "ordered_at", "number"], "state"),
        ("project", ["project_id", "ordered_at", "number"], "project_id"),
        *((date, [date, "number", "state"], date) for date in DATES),
    ):
        _replace(name, columns, present)


def _replace(name: str, columns: list[str], present: str | None) -> None:
    where = None if present is None else sa.text(f"{present} IS NOT NULL")
    op.drop_index(f"orders_{name}", "orders")
    op.create_index(f"orders_{name}", "orders", ["tenant", *columns], sqlite_where=where, postgresql_where=where)
