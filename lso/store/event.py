"""Events: kept with the change that they tell of, and with a delivery for everybody who wants to hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Double, Integer, Text, bindparam, literal

from lso.store.document import read, write
from lso.store.schema import deliveries, events, subscription_kinds, subscriptions
from lso.store.statement import Statement, Values
from lso.store.subscription import EVERY

Document = dict[str, Any]

# A new delivery behind an open one looks again soon: the one before may have been settled in the very same moment.
NEW_PARKED_SECONDS = 2.0


@dataclass(slots=True)
class Event:
    """What happened, in canonical terms. Its id stays the same however often it is delivered. Nobody changes one; it is
    not frozen, for a frozen one takes several times as long to make."""

    tenant: str
    id: str
    kind: str
    resource_id: str
    buyer_id: str | None
    created_at: float
    document: Document


FIELDS = ("tenant", "id", "kind", "resource_id", "buyer_id", "created_at", "document")
_INSERT = Statement(sa.insert(events).values({name: bindparam(name) for name in FIELDS}).inline())
_FETCH = Statement(sa.select(*(events.c[name] for name in FIELDS)).where(
    events.c.tenant == bindparam("owner_tenant"), events.c.id == bindparam("event"),
))
_standing = deliveries.alias("standing")
_now = bindparam("now", type_=Double)
_LISTENER = Statement(sa.select(subscription_kinds.c.kind).where(
    subscription_kinds.c.tenant == bindparam("of_tenant"),
    subscription_kinds.c.kind.in_([bindparam("kind"), literal(EVERY)]),
).limit(1))


def _heard(connection: Connection, told: Sequence[Values]) -> Sequence[Values]:
    """The events that anybody may want to hear of. Asked once for each tenant and kind in a group: most have no
    listener, and looking for one with each event is a step that lets another thread in between."""
    kinds = {(one["of_tenant"], one["kind"]) for one in told}
    heard = {(tenant, kind) for tenant, kind in kinds if _LISTENER.row(connection, {"of_tenant": tenant, "kind": kind})}
    return [one for one in told if (one["of_tenant"], one["kind"]) in heard] if heard else ()


_DELIVER = Statement(sa.insert(deliveries).inline().from_select(
    ["tenant", "subscription_id", "resource_id", "event_id", "state", "due_at", "attempts", "claim",
     "created_at", "open_since"],
    sa.select(
        subscriptions.c.tenant, subscriptions.c.id,
        bindparam("resource_id", type_=Text), bindparam("event_id", type_=Text), literal("pending", Text),
        sa.case((sa.exists().where(
            _standing.c.tenant == subscriptions.c.tenant, _standing.c.subscription_id == subscriptions.c.id,
            _standing.c.resource_id == bindparam("resource_id", type_=Text), _standing.c.open_since.is_not(None),
        ), bindparam("later", type_=Double)), else_=_now),
        literal(0, Integer), literal(0, Integer), _now, _now,
    ).where(
        subscription_kinds.c.tenant == bindparam("of_tenant"),
        subscription_kinds.c.kind.in_([bindparam("kind"), literal(EVERY)]),
        subscriptions.c.tenant == subscription_kinds.c.tenant,
        subscriptions.c.id == subscription_kinds.c.subscription_id,
        sa.or_(subscriptions.c.buyer_id.is_(None), subscriptions.c.buyer_id == bindparam("buyer_id")),
    ),
), sift=_heard)


def add(connection: Connection, event: Event) -> None:
    """Keep an event, and a delivery for every subscription of the tenant that wants it."""
    _INSERT.later(connection, {
        "tenant": event.tenant, "id": event.id, "kind": event.kind, "resource_id": event.resource_id,
        "buyer_id": event.buyer_id, "created_at": event.created_at, "document": write(event.document),
    })
    _DELIVER.later(connection, {
        "of_tenant": event.tenant, "event_id": event.id, "kind": event.kind, "resource_id": event.resource_id,
        "buyer_id": event.buyer_id, "now": event.created_at, "later": event.created_at + NEW_PARKED_SECONDS,
    })


def event(connection: Connection, tenant: str, id: str) -> Event | None:
    """An event of this tenant."""
    row = _FETCH.row(connection, {"owner_tenant": tenant, "event": id})
    return None if row is None else Event(*[*row[:6], read(row[6])])
