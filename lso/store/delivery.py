"""A delivery: an event on its way to a subscriber; how it is read, and how the next of its stream is called.

Deliveries of one subscription about one resource are a *stream* and leave in order: none is due while an earlier one is
open. They are made with the event (`event.py`), claimed and settled (`outbox.py`), and looked after by operators
(`dead_letter.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import read
from lso.store.event import FIELDS as EVENT_FIELDS
from lso.store.event import Event
from lso.store.schema import deliveries, events, subscriptions
from lso.store.statement import Row, Statement
from lso.store.subscription import FIELDS, Subscription, subscription_of

State = Literal["pending", "delivered", "dead", "skipped"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a subscriber; `claim` is the number of the claim that this copy stems from."""

    number: int
    tenant: str
    state: State
    attempts: int
    claim: int
    lease_owner: str | None
    last_error: str | None
    event: Event
    subscription: Subscription


_OWN = ("number", "tenant", "state", "attempts", "claim", "lease_owner", "last_error")
HERE = (deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.number == bindparam("delivery"))
"""One delivery of a tenant."""
FREED: dict[str, Any] = {"lease_until": None, "lease_owner": None}
SETTLED: dict[str, Any] = {"due_at": None, "open_since": None, "settled_at": bindparam("at"), **FREED}
"""What is written when a delivery belongs to nobody, and when it is over."""


def delivery_query() -> sa.Select[Any]:
    """Deliveries with their events and subscriptions, as `delivery_of` reads them."""
    joined = deliveries.join(
        events, sa.and_(events.c.tenant == deliveries.c.tenant, events.c.id == deliveries.c.event_id)
    ).join(subscriptions, sa.and_(
        subscriptions.c.tenant == deliveries.c.tenant, subscriptions.c.id == deliveries.c.subscription_id,
    ))
    chosen = ((deliveries, _OWN), (events, EVENT_FIELDS), (subscriptions, FIELDS))
    columns = [table.c[name] for table, names in chosen for name in names]
    return sa.select(*columns).select_from(joined)


_next = deliveries.alias("next")
_CALL_NEXT = Statement(sa.update(deliveries).where(
    deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.due_at > bindparam("at"), deliveries.c.attempts == 0,
    deliveries.c.number == sa.select(sa.func.min(_next.c.number)).where(
        _next.c.tenant == bindparam("owner_tenant"), _next.c.subscription_id == bindparam("subscription"),
        _next.c.resource_id == bindparam("resource"), _next.c.open_since.is_not(None),
    ).scalar_subquery(),
).values(due_at=bindparam("at")))
_FETCH = Statement(delivery_query().where(*HERE))


def fetch(connection: Connection, tenant: str, number: int) -> Delivery | None:
    """A delivery of this tenant."""
    row = _FETCH.row(connection, {"owner_tenant": tenant, "delivery": number})
    return None if row is None else delivery_of(row)


def call_next(connection: Connection, tenant: str, subscription_id: str, resource_id: str, now: float) -> None:
    """A delivery of this stream is over: the next one is due."""
    stream = {"owner_tenant": tenant, "subscription": subscription_id, "resource": resource_id}
    _CALL_NEXT.change(connection, stream | {"at": now})


def delivery_of(row: Row) -> Delivery:
    """The delivery that a row of `delivery_query` holds."""
    own, event, subscription = row[:7], row[7:14], row[14:]
    return Delivery(*[*own, Event(*[*event[:6], read(event[6])]), subscription_of(subscription)])
