"""Removing an order that has come to its end, and all that belongs to it. Its products stay, and so do the ids by which
back ends know them.

The event that tells of the removal carries the order as it was last, with what belonged to it: subscribers that are
told late of what happened before are told all the same.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lso.canonical.event import EventKind
from lso.errors import Conflict
from lso.lifecycle.amendment import ended
from lso.lifecycle.order import Change, instant
from lso.service.event import event_of, resource_event
from lso.store import order as orders
from lso.store import outbox
from lso.store import reference as references
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource

LAST = "order"
BESIDE = "beside"
KEPT = ("version", "edition", "mapping", "profile_version", "client", "document", "complements", "schemas")


async def remove(store: Store, stored: StoredOrder, now: datetime) -> None:
    """Keep the order no longer. Raises Conflict while there is work on it."""
    if not ended(stored.document):
        raise Conflict("The order has not come to its end: cancel it first.")
    told = event_of(stored, Change("order_deleted", None, stored.document["state"], instant(now)))
    last = {name: getattr(stored, name) for name in KEPT}
    name = told_by(stored.id)

    def work(connection: Connection) -> None:
        beside = [dataclasses.asdict(one) for one in resources.of_order(connection, stored.tenant, stored.id)]
        document = {**told.document, "id": name, LAST: last, BESIDE: beside}
        orders.remove(connection, stored)
        resources.forget(connection, stored.tenant, stored.id)
        references.forget(connection, stored.tenant, stored.id)
        outbox.add(connection, dataclasses.replace(told, id=name, document=document))

    await store.commit(work)


async def remove_resource(store: Store, stored: StoredResource, kind: EventKind, now: datetime) -> None:
    """Keep a resource that stands for itself no longer; kind: of the event that tells of it."""
    told = resource_event(stored, kind, at=instant(now), state=stored.document.get("state"))
    name = told_by(stored.id)
    document = {**told.document, "id": name, LAST: dataclasses.asdict(stored)}

    def work(connection: Connection) -> None:
        resources.remove(connection, stored)
        outbox.add(connection, dataclasses.replace(told, id=name, document=document))

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


def last_resource(connection: Connection, tenant: str, id: str) -> StoredResource | None:
    """A removed resource that stood for itself, as it was last."""
    told = outbox.event(connection, tenant, told_by(id))
    if told is None:
        return None
    last: dict[str, Any] = told.document[LAST]
    return StoredResource(**{**last, "schemas": tuple(last["schemas"])})


def last_beside(connection: Connection, tenant: str, order_id: str, kind: str, id: str) -> StoredResource | None:
    """What belonged to a removed order, as it was last."""
    told = outbox.event(connection, tenant, told_by(order_id))
    last = told.document.get(BESIDE, ()) if told is not None else ()
    return next((StoredResource(**{**one, "schemas": tuple(one["schemas"])}) for one in last
                 if (one["kind"], one["id"]) == (kind, id)), None)
