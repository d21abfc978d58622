"""Removing an order that has come to its end. Its products stay, and so do the ids by which back ends know them.

The event that tells of the removal carries the order as it was last: subscribers that are told late of what happened to
it before are told all the same.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lso.errors import Conflict
from lso.lifecycle.amendment import ended
from lso.lifecycle.order import Change, instant
from lso.service.event import event_of
from lso.store import order as orders
from lso.store import outbox
from lso.store import reference as references
from lso.store.engine import Store
from lso.store.order import StoredOrder

LAST = "order"
KEPT = ("version", "edition", "mapping", "profile_version", "client", "document", "complements", "schemas")


async def remove(store: Store, stored: StoredOrder, now: datetime) -> None:
    """Keep the order no longer. Raises Conflict while there is work on it."""
    if not ended(stored.document):
        raise Conflict("The order has not come to its end: cancel it first.")
    told = event_of(stored, Change("order_deleted", None, stored.document["state"], instant(now)))
    last = {name: getattr(stored, name) for name in KEPT}
    name = told_by(stored.id)
    told = dataclasses.replace(told, id=name, document={**told.document, "id": name, LAST: last})

    def work(connection: Connection) -> None:
        orders.remove(connection, stored)
        references.forget(connection, stored.tenant, stored.id)
        outbox.add(connection, told)

    await store.commit(work)


def told_by(order_id: str) -> str:
    """The id of the event that tells of a removal: there is one at most."""
    return f"{order_id}.deleted"


def last_seen(connection: Connection, tenant: str, order_id: str) -> StoredOrder | None:
    """A removed order as it was last, for as long as the event that told of it is kept."""
    told = outbox.event(connection, tenant, told_by(order_id))
    if told is None:
        return None
    last: dict[str, Any] = told.document[LAST]
    return StoredOrder(tenant=tenant, id=order_id, buyer_id=told.buyer_id, seller_id=told.document.get("seller_id"),
                       created_at=told.created_at, **{**last, "schemas": tuple(last["schemas"])})
