"""The gazetteer: towns, streets and addresses, and what searches the names of the first two; and sites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# Trigrams need an extension. Whoever may not make it, or does not have it, goes on without: names are then found by how
# they begin. `lso places index` makes up for it later.
TRIGRAMS = """
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX search_towns_trigrams ON search_towns USING gin (name gin_trgm_ops);
  CREATE INDEX search_streets_trigrams ON search_streets USING gin (name gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN NULL;
END $$
"""


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def large(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null, autoincrement=False)


def number() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("number", kind, sa.Identity(), primary_key=True)


def upgrade() -> None:
    op.create_table("towns", large("number"), text("tenant"), text("country"), text("name"),
                    sa.PrimaryKeyConstraint("number"),
                    sa.UniqueConstraint("tenant", "country", "name", name="towns_named"))
    op.create_table("postcodes", text("tenant"), text("country"), text("postcode"), large("town"),
                    sa.PrimaryKeyConstraint("tenant", "country", "postcode", "town"))
    op.create_table("streets", large("number"), text("tenant"), large("town"), text("name"),
                    sa.PrimaryKeyConstraint("number"), sa.UniqueConstraint("town", "name", name="streets_named"))
    op.create_table(
        "addresses", number(), text("tenant"), text("id"), large("street", null=True),
        sa.Column("at", sa.Integer(), nullable=True), text("within"), text("label", null=True),
        large("cell", null=True), text("document"), sa.UniqueConstraint("tenant", "id", name="addresses_id"))
    op.create_table(
        "sites", number(), text("tenant"), text("id"), text("name"), text("company"), text("customer"),
        text("document"), sa.UniqueConstraint("tenant", "id", name="sites_id"))
    op.create_table(
        "site_places", number(), text("tenant"), text("site_id"), text("address_id"), text("country"), text("town"),
        text("postcode"), text("street"), text("street_type"), text("house"))
    for table, name, columns, present in (
        ("addresses", "street", ["street", "at", "within"], "street"),
        ("addresses", "label", ["tenant", "label"], "label"), ("addresses", "cell", ["cell"], "cell"),
        ("sites", "name", ["tenant", "name"], None), ("sites", "company", ["tenant", "company"], None),
        ("sites", "customer", ["tenant", "customer"], None), ("site_places", "site", ["tenant", "site_id"], None),
        ("site_places", "address", ["tenant", "address_id"], None),
        ("site_places", "town", ["tenant", "town", "street"], None),
        ("site_places", "postcode", ["tenant", "postcode"], None),
    ):
        where = None if present is None else sa.text(f"{present} IS NOT NULL")
        op.create_index(f"{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where)
    for name in ("search_towns", "search_streets"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(name, tokenize='trigram')")
        else:
            op.execute(f"CREATE TABLE {name} (number bigint PRIMARY KEY, name text NOT NULL)")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(TRIGRAMS)


def downgrade() -> None:
    for name in ("search_streets", "search_towns", "site_places", "sites", "addresses", "streets", "postcodes",
                 "towns"):
        op.drop_table(name)
