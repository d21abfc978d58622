"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def number() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), primary_key=True)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def time(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=null)


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def index(name: str, table: str, *columns: str, present: str | None = None) -> None:
    where = None if present is None else sa.text(f"{present} IS NOT NULL")
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.create_table(
        "back_end_references", text("tenant"), text("backend"), text("external_id"), text("order_id"),
        text("item_id"), text("their_id", null=True), text("state"), time("changed_at"),
        sa.PrimaryKeyConstraint("tenant", "backend", "external_id"),
    )
    index("back_end_references_order", "back_end_references", "tenant", "order_id")
    op.create_table(
        "clients", text("id"), text("tenant"), text("audience"), text("secret_hash", null=True),
        text("jwks", null=True), text("scopes"), text("buyer_ids"), text("previous_hash", null=True),
        time("previous_until", null=True), time("revoked_at", null=True), time("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    index("clients_tenant", "clients", "tenant")
    op.create_table(
        "counters", text("name"), sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "deliveries", number(), text("tenant"), text("subscription_id"), text("resource_id"), text("event_id"),
        text("state"), time("due_at", null=True), count("attempts"), count("claim"), time("lease_until", null=True),
        text("lease_owner", null=True), text("last_error", null=True), time("created_at"),
        time("settled_at", null=True), time("open_since", null=True),
        sa.UniqueConstraint("tenant", "event_id", "subscription_id", name="deliveries_event"),
    )
    index("deliveries_due", "deliveries", "due_at", present="due_at")
    index("deliveries_settled", "deliveries", "settled_at", present="settled_at")
    index(
        "deliveries_stream", "deliveries", "tenant", "subscription_id", "resource_id", "number", present="open_since",
    )
    op.create_table(
        "events", number(), text("tenant"), text("id"), text("kind"), text("resource_id"),
        text("buyer_id", null=True), time("created_at"), text("document"),
        sa.UniqueConstraint("tenant", "id", name="events_id"),
    )
    op.create_table(
        "idempotency", text("tenant"), text("client"), text("operation"), text("key"), text("body_hash"),
        count("status"), text("headers"), text("body"), time("expires_at"),
        sa.PrimaryKeyConstraint("tenant", "client", "operation", "key"),
    )
    index("idempotency_expires", "idempotency", "expires_at")
    op.create_table(
        "jobs", text("id"), text("tenant"), text("kind"), text("subject"), text("payload"), text("state"),
        time("due_at", null=True), time("told_until"), count("attempts"), count("wanted"), count("claim"),
        time("lease_until", null=True), text("lease_owner", null=True), text("last_error", null=True),
        time("created_at"), time("settled_at", null=True), sa.PrimaryKeyConstraint("id"),
    )
    index("jobs_due", "jobs", "due_at", present="due_at")
    index("jobs_settled", "jobs", "settled_at", present="settled_at")
    index("jobs_troubled", "jobs", "tenant", present="last_error")
    op.create_table(
        "keys", text("tenant"), text("id"), text("purpose"), text("private_jwk"), time("created_at"),
        time("retired_at", null=True), sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_table("leases", text("name"), text("owner"), time("until"), sa.PrimaryKeyConstraint("name"))
    op.create_table(
        "order_kinds", text("tenant"), text("kind"), text("schemas"), sa.PrimaryKeyConstraint("tenant", "kind"),
    )
    op.create_table(
        "order_moments", text("tenant"), text("order_id"), text("span"), time("at"),
        sa.PrimaryKeyConstraint("tenant", "order_id", "span", "at"),
    )
    op.create_table(
        "orders", number(), text("tenant"), text("id"), count("version"), text("edition"), text("mapping"),
        count("profile_version"), text("buyer_id", null=True), text("seller_id", null=True), text("client"),
        text("state", null=True), text("external_id", null=True), text("project_id", null=True), text("kind"),
        time("ordered_at"), time("completed_at", null=True), time("cancelled_at", null=True),
        time("requested_first", null=True), time("requested_last", null=True), time("expected_first", null=True),
        time("expected_last", null=True), time("created_at"), text("document"), text("complements"),
        sa.UniqueConstraint("tenant", "id", name="orders_id"),
    )
    index("orders_cancelled_at", "orders", "tenant", "cancelled_at", "number", "state", present="cancelled_at")
    index("orders_completed_at", "orders", "tenant", "completed_at", "number", "state", present="completed_at")
    index("orders_expected_first", "orders", "tenant", "expected_first", "number", "state", present="expected_first")
    index("orders_expected_last", "orders", "tenant", "expected_last", "number", "state", present="expected_last")
    index("orders_external", "orders", "tenant", "external_id", "ordered_at", "number", present="external_id")
    index("orders_ordered", "orders", "tenant", "ordered_at", "number")
    index("orders_project", "orders", "tenant", "project_id", "ordered_at", "number", present="project_id")
    index(
        "orders_requested_first", "orders", "tenant", "requested_first", "number", "state", present="requested_first",
    )
    index("orders_requested_last", "orders", "tenant", "requested_last", "number", "state", present="requested_last")
    index("orders_state", "orders", "tenant", "state", "ordered_at", "number", present="state")
    op.create_table(
        "products", text("tenant"), text("id"), count("version"), text("offering_id", null=True),
        text("schema", null=True), text("status"), text("order_id"), text("item_id"), text("buyer_id", null=True),
        text("seller_id", null=True), time("created_at"), text("document"), sa.PrimaryKeyConstraint("tenant", "id"),
    )
    index("products_order", "products", "tenant", "order_id")
    op.create_table(
        "profiles", text("tenant"), count("version"), text("document"), time("created_at"),
        sa.PrimaryKeyConstraint("tenant", "version"),
    )
    op.create_table(
        "subscription_kinds", text("tenant"), text("kind"), text("subscription_id"),
        sa.PrimaryKeyConstraint("tenant", "kind", "subscription_id"),
    )
    op.create_table(
        "subscriptions", text("tenant"), text("id"), text("edition"), text("callback"), text("query"), text("kinds"),
        text("buyer_id", null=True), text("client"), time("created_at"), sa.PrimaryKeyConstraint("tenant", "id"),
    )


def downgrade() -> None:
    for table in (
        "subscriptions", "subscription_kinds", "profiles", "products", "orders", "order_moments", "order_kinds",
        "leases", "keys", "jobs", "idempotency", "events", "deliveries", "counters", "clients", "back_end_references",
    ):
        op.drop_table(table)
