"""Subscriptions: who wants to be told what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import indexed, read, write
from lso.store.schema import deliveries, subscription_kinds, subscriptions
from lso.store.statement import Statement

# Stands for all kinds, present and to come.
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Subscription:
    """query: as the subscriber wrote it. kinds: canonical event kinds, empty for all. buyer_id: None for all buyers."""

    tenant: str
    id: str
    edition: str
    callback: str
    query: str
    kinds: tuple[str, ...]
    buyer_id: str | None
    client: str
    created_at: float


FIELDS = ("tenant", "id", "edition", "callback", "query", "kinds", "buyer_id", "client", "created_at")
_ALL = tuple(subscriptions.c[name] for name in FIELDS)
_HERE = (subscriptions.c.tenant == bindparam("owner"), subscriptions.c.id == bindparam("subscription"))

_INSERT = Statement(sa.insert(subscriptions).values({name: bindparam(name) for name in FIELDS}))
_INSERT_KIND = Statement(
    sa.insert(subscription_kinds).values({name: bindparam(name) for name in ("tenant", "kind", "subscription_id")})
)
_FETCH = Statement(sa.select(*_ALL).where(*_HERE))
_ALL_OF = Statement(
    sa.select(*_ALL).where(subscriptions.c.tenant == bindparam("owner"))
    .order_by(subscriptions.c.created_at, subscriptions.c.id)
)
_DELETE = Statement(sa.delete(subscriptions).where(*_HERE))
_DELETE_KINDS = Statement(sa.delete(subscription_kinds).where(
    subscription_kinds.c.tenant == bindparam("owner"),
    subscription_kinds.c.subscription_id == bindparam("subscription"),
))
_ABANDON = Statement(sa.update(deliveries).where(
    deliveries.c.tenant == bindparam("owner"), deliveries.c.subscription_id == bindparam("subscription"),
    deliveries.c.open_since.is_not(None),
).values(
    state="skipped", due_at=None, open_since=None, settled_at=bindparam("at"), lease_until=None, lease_owner=None,
))


def insert(connection: Connection, subscription: Subscription) -> None:
    """Keep a new subscription; it hears of what happens from now on."""
    tenant, id = subscription.tenant, subscription.id
    _INSERT.change(connection, {
        "tenant": tenant, "id": id, "edition": subscription.edition, "callback": subscription.callback,
        "query": subscription.query, "kinds": write(subscription.kinds), "buyer_id": subscription.buyer_id,
        "client": subscription.client, "created_at": subscription.created_at,
    })
    for kind in dict.fromkeys(subscription.kinds or (EVERY,)):
        _INSERT_KIND.change(connection, {"tenant": tenant, "kind": kind, "subscription_id": id})


def fetch(connection: Connection, tenant: str, id: str) -> Subscription | None:
    """A subscription of this tenant."""
    row = _FETCH.row(connection, {"owner": tenant, "subscription": indexed(id)})
    return None if row is None else subscription_of(row)


def all_of(connection: Connection, tenant: str) -> list[Subscription]:
    """All subscriptions of this tenant, the oldest first."""
    return [subscription_of(row) for row in _ALL_OF.rows(connection, {"owner": tenant})]


def remove(connection: Connection, tenant: str, id: str, *, now: float) -> bool:
    """End a subscription; what was on its way is given up."""
    values = {"owner": tenant, "subscription": indexed(id)}
    if _DELETE.change(connection, values) == 0:
        return False
    _DELETE_KINDS.change(connection, values)
    _ABANDON.change(connection, values | {"at": now})
    return True


def subscription_of(row: tuple[Any, ...]) -> Subscription:
    """The subscription in a row of FIELDS."""
    return Subscription(*[*row[:5], tuple(read(row[5])), *row[6:]])
