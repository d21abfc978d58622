"""The tables. Nothing here but columns, keys and indexes; migrations/versions say how a database gets there.

All times are UTC as seconds since the epoch, in double precision (`instant.py` reads RFC 3339). JSON is text,
written by `document.py`. The tenant is in every key of tenant data; a job's id begins with it. Clients, counters
and leases belong to the platform. `number` counts rows in the order they came and settles every tie in a list.
Partial indexes rest on "is not null" alone, since both databases can prove that from a comparison: so `due_at` is
null once there is nothing left to do, and `open_since` once a delivery no longer stands in its stream.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Identity, Index, Integer, MetaData, Table, Text, UniqueConstraint

REVISION = "0007"

metadata = MetaData()


def _number() -> Column[int]:
    return Column("number", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null)


def _time(name: str, *, null: bool = False) -> Column[float]:
    return Column(name, Double, nullable=null)


def _count(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)


def _large(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=null, autoincrement=False)


def _index(name: str, table: Table, *columns: str, where: str | None = None) -> None:
    """An index as queries may count on it. Migrations make it, on both databases alike; to say it here for PostgreSQL
    as well would load all of its drivers and types."""
    present = table.c[where].is_not(None) if where else None
    Index(name, *(table.c[column] for column in columns), sqlite_where=present)


orders = Table(
    "orders", metadata, _number(), _text("tenant"), _text("id"), _count("version"),
    _text("edition"), _text("mapping"), _count("profile_version"),
    _text("buyer_id", null=True), _text("seller_id", null=True), _text("client"),
    # What lists ask for, taken from the document; `first` and `last` are the earliest and latest of the items.
    _text("state", null=True), _text("external_id", null=True), _text("project_id", null=True), _text("kind"),
    _time("ordered_at"), _time("completed_at", null=True), _time("cancelled_at", null=True),
    _time("requested_first", null=True), _time("requested_last", null=True),
    _time("expected_first", null=True), _time("expected_last", null=True),
    _time("created_at"), _text("document"), _text("complements"),
    UniqueConstraint("tenant", "id", name="orders_id"),
)
_index("orders_ordered", orders, "tenant", "ordered_at", "number")
_index("orders_state", orders, "tenant", "state", "ordered_at", "number")
_index("orders_buyer", orders, "tenant", "buyer_id", "state", "ordered_at", "number")
_index("orders_external", orders, "tenant", "external_id", "ordered_at", "number", where="external_id")
_index("orders_project", orders, "tenant", "project_id", "state", "ordered_at", "number", where="project_id")
# State by state, so that "late and still in progress" is a stretch of the index; see `walk.py`.
for _date in ("completed_at", "cancelled_at", "requested_first", "requested_last", "expected_first", "expected_last"):
    _index(f"orders_{_date}", orders, "tenant", "state", _date, "number", where=_date)

# Item dates between the first and the last: only orders whose items have three dates or more have any.
order_moments = Table(
    "order_moments", metadata, _text("tenant", key=True), _text("order_id", key=True), _text("span", key=True),
    Column("at", Double, primary_key=True),
)

# The sets of product schemas that orders and resources of a tenant are about; see `kind.py`.
order_kinds = Table("order_kinds", metadata, _text("tenant", key=True), _text("kind", key=True), _text("schemas"))

# Everything else that has an address of its own and is not looked for by more than a few members: cancellations,
# charges, changes of date. `about` is the set of product schemas it is about; `alone`, unique while it is there, what
# only one may be at a time.
resources = Table(
    "resources", metadata, _number(), _text("tenant"), _text("kind"), _text("id"), _count("version"),
    _text("edition"), _text("mapping"), _count("profile_version"), _text("order_id", null=True),
    _text("buyer_id", null=True), _text("seller_id", null=True), _text("client"), _text("about"),
    _text("state", null=True), _text("alone", null=True), _time("created_at"), _text("document"), _text("complements"),
    UniqueConstraint("tenant", "kind", "id", name="resources_id"),
    UniqueConstraint("tenant", "alone", name="resources_alone"),
)
_index("resources_listed", resources, "tenant", "kind", "number")
_index("resources_order", resources, "tenant", "order_id", "number", where="order_id")
_index("resources_state", resources, "tenant", "kind", "state", "number", where="state")

products = Table(
    "products", metadata, _text("tenant", key=True), _text("id", key=True), _count("version"),
    _text("offering_id", null=True), _text("schema", null=True), _text("status"), _text("order_id"), _text("item_id"),
    _text("buyer_id", null=True), _text("seller_id", null=True), _time("created_at"), _text("document"),
)
_index("products_order", products, "tenant", "order_id")
_index("products_came", products, "tenant", "created_at", "id")

jobs = Table(
    "jobs", metadata, _text("id", key=True), _text("tenant"), _text("kind"), _text("subject"), _text("payload"),
    _text("state"), _time("due_at", null=True), _time("told_until"), _count("attempts"), _count("wanted"),
    _count("claim"), _time("lease_until", null=True), _text("lease_owner", null=True), _text("last_error", null=True),
    _time("created_at"), _time("settled_at", null=True),
)
_index("jobs_due", jobs, "due_at", where="due_at")
_index("jobs_troubled", jobs, "tenant", where="last_error")
_index("jobs_settled", jobs, "settled_at", where="settled_at")

events = Table(
    "events", metadata, _number(), _text("tenant"), _text("id"), _text("kind"), _text("resource_id"),
    _text("buyer_id", null=True), _time("created_at"), _text("document"),
    UniqueConstraint("tenant", "id", name="events_id"),
)

deliveries = Table(
    "deliveries", metadata, _number(), _text("tenant"), _text("subscription_id"), _text("resource_id"),
    _text("event_id"), _text("state"), _time("due_at", null=True), _count("attempts"), _count("claim"),
    _time("lease_until", null=True), _text("lease_owner", null=True), _text("last_error", null=True),
    _time("created_at"), _time("settled_at", null=True), _time("open_since", null=True),
    UniqueConstraint("tenant", "event_id", "subscription_id", name="deliveries_event"),
)
_index("deliveries_due", deliveries, "due_at", where="due_at")
_index("deliveries_stream", deliveries, "tenant", "subscription_id", "resource_id", "number", where="open_since")
_index("deliveries_settled", deliveries, "settled_at", where="settled_at")

subscriptions = Table(
    "subscriptions", metadata, _text("tenant", key=True), _text("id", key=True), _text("edition"), _text("callback"),
    _text("query"), _text("kinds"), _text("buyer_id", null=True), _text("client"), _time("created_at"),
)
# One row a kind of event; "*" for a subscription to all.
subscription_kinds = Table(
    "subscription_kinds", metadata, _text("tenant", key=True), _text("kind", key=True),
    _text("subscription_id", key=True),
)

idempotency = Table(
    "idempotency", metadata, _text("tenant", key=True), _text("client", key=True), _text("operation", key=True),
    _text("key", key=True), _text("body_hash"), _count("status"), _text("headers"), _text("body"), _time("expires_at"),
)
_index("idempotency_expires", idempotency, "expires_at")

profiles = Table(
    "profiles", metadata, _text("tenant", key=True), _count("version", key=True), _text("document"),
    _time("created_at"),
)

clients = Table(
    "clients", metadata, _text("id", key=True), _text("tenant"), _text("audience"), _text("secret_hash", null=True),
    _text("jwks", null=True), _text("scopes"), _text("buyer_ids"), _text("previous_hash", null=True),
    _time("previous_until", null=True), _time("revoked_at", null=True), _time("created_at"),
)
_index("clients_tenant", clients, "tenant")

counters = Table("counters", metadata, _text("name", key=True), Column("value", BigInteger, nullable=False))

keys = Table(
    "keys", metadata, _text("tenant", key=True), _text("id", key=True), _text("purpose"), _text("private_jwk"),
    _time("created_at"), _time("retired_at", null=True),
)

# What a back end calls the things we asked it for.
back_end_references = Table(
    "back_end_references", metadata, _text("tenant", key=True), _text("backend", key=True),
    _text("external_id", key=True), _text("order_id"), _text("item_id"), _text("their_id", null=True),
    _text("state"), _time("changed_at"), _time("asked_at", null=True), _text("reason", null=True),
)
_index("back_end_references_order", back_end_references, "tenant", "order_id")
_index("back_end_references_state", back_end_references, "tenant", "state", "changed_at")
_index("back_end_references_named", back_end_references, "backend", "their_id", where="their_id")

# Both legs of every exchange with a back end, redacted and cut short.
activities = Table(
    "activities", metadata, _number(), _text("tenant"), _text("order_id"), _text("item_id"), _text("backend"),
    _time("at"), _time("seconds"), _text("request_line"), _text("request", null=True),
    Column("status", Integer, nullable=True), _text("response", null=True), _text("outcome"),
    _text("trace_id", null=True),
)
_index("activities_order", activities, "tenant", "order_id", "number")
_index("activities_at", activities, "at")

leases = Table("leases", metadata, _text("name", key=True), _text("owner"), _time("until"))

# Rows of price books; of tenant `*` for everybody.
prices = Table(
    "prices", metadata, _text("tenant", key=True), _text("offering_id", key=True), _text("line", key=True),
    _text("document"),
)

# The gazetteer; of tenant `*` for everybody. Names are folded: they are compared, not shown. A street is numbered
# within its town (`gazetteer_filling.py`), so the streets of a town are a stretch of numbers. What searches names for
# likeness, `search_towns` and `search_streets`, is made by a migration and differs between the databases.
towns = Table(
    "towns", metadata, _large("number", key=True), _text("tenant"), _text("country"), _text("name"),
    UniqueConstraint("tenant", "country", "name", name="towns_named"),
)
postcodes = Table("postcodes", metadata, _text("tenant", key=True), _text("country", key=True),
                  _text("postcode", key=True), _large("town", key=True))
streets = Table(
    "streets", metadata, _large("number", key=True), _text("tenant"), _large("town"), _text("name"),
    UniqueConstraint("town", "name", name="streets_named"),
)
addresses = Table(
    "addresses", metadata, _number(), _text("tenant"), _text("id"), _large("street", null=True),
    Column("at", Integer, nullable=True), _text("within"), _text("label", null=True), _large("cell", null=True),
    _text("document"), UniqueConstraint("tenant", "id", name="addresses_id"),
)
_index("addresses_street", addresses, "street", "at", "within", where="street")
_index("addresses_label", addresses, "tenant", "label", where="label")
_index("addresses_cell", addresses, "cell", where="cell")

# Sites; of tenant `*` those that anybody may know of. Where a site is may be told in several ways: a row each.
sites = Table(
    "sites", metadata, _number(), _text("tenant"), _text("id"), _text("name"), _text("company"), _text("customer"),
    _text("document"), UniqueConstraint("tenant", "id", name="sites_id"),
)
site_places = Table(
    "site_places", metadata, _number(), _text("tenant"), _text("site_id"), _text("address_id"), _text("country"),
    _text("town"), _text("postcode"), _text("street"), _text("street_type"), _text("house"),
)
for _column in ("name", "company", "customer"):
    _index(f"sites_{_column}", sites, "tenant", _column)
_index("site_places_site", site_places, "tenant", "site_id")
_index("site_places_address", site_places, "tenant", "address_id")
_index("site_places_town", site_places, "tenant", "town", "street")
_index("site_places_postcode", site_places, "tenant", "postcode")
