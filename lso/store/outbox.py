"""Deliveries of events: one for each event and subscription that it concerns, made with the event (`event.py`).

Deliveries of one subscription about one resource are a *stream* and leave in order: none is due while an earlier
one is open. A dead letter is open, so it holds its stream until somebody replays or skips it. A delivery that has
to wait is parked: looked at again only now and then, and called as soon as the one before it is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, Double, bindparam

from lso.store.document import read
from lso.store.event import FIELDS as EVENT_FIELDS
from lso.store.event import Event, add, event
from lso.store.schema import deliveries, events, subscriptions
from lso.store.statement import Row, Statement
from lso.store.subscription import FIELDS, Subscription, subscription_of

__all__ = ["Delivery", "Event", "State", "add", "bury", "claim", "dead", "delivered", "due", "event", "failed", "fetch",
           "purge", "put_off", "renew", "replay", "skip"]

State = Literal["pending", "delivered", "dead", "skipped"]

PARKED_SECONDS = 60.0


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
_earlier = deliveries.alias("earlier")
_BLOCKED = sa.exists().where(
    _earlier.c.tenant == deliveries.c.tenant, _earlier.c.subscription_id == deliveries.c.subscription_id,
    _earlier.c.resource_id == deliveries.c.resource_id, _earlier.c.open_since.is_not(None),
    _earlier.c.number < deliveries.c.number,
)
_now = bindparam("now", type_=Double)
_DUE = sa.and_(
    deliveries.c.due_at <= _now, sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < _now),
)
_MINE = (
    deliveries.c.number == bindparam("delivery"), deliveries.c.tenant == bindparam("owner_tenant"),
    deliveries.c.claim == bindparam("held"), deliveries.c.lease_owner == bindparam("owner"),
)
_FREED: dict[str, Any] = {"lease_until": None, "lease_owner": None}
_SETTLED: dict[str, Any] = {"due_at": None, "open_since": None, "settled_at": bindparam("at"), **_FREED}


def _delivery_query() -> sa.Select[Any]:
    joined = deliveries.join(
        events, sa.and_(events.c.tenant == deliveries.c.tenant, events.c.id == deliveries.c.event_id)
    ).join(subscriptions, sa.and_(
        subscriptions.c.tenant == deliveries.c.tenant, subscriptions.c.id == deliveries.c.subscription_id,
    ))
    chosen = ((deliveries, _OWN), (events, EVENT_FIELDS), (subscriptions, FIELDS))
    columns = [table.c[name] for table, names in chosen for name in names]
    return sa.select(*columns).select_from(joined)


_DUE_NUMBERS = Statement(
    sa.select(deliveries.c.number, deliveries.c.tenant).where(_DUE, ~_BLOCKED)
    .order_by(deliveries.c.due_at).limit(bindparam("most"))
)
_CANDIDATES = Statement(
    sa.select(deliveries.c.number, deliveries.c.tenant, sa.case((_BLOCKED, 1), else_=0)).where(_DUE)
    .order_by(deliveries.c.due_at).limit(bindparam("most")).with_for_update(skip_locked=True, of=deliveries)
)
_PARK = Statement(sa.update(deliveries).where(
    deliveries.c.number == bindparam("delivery"), deliveries.c.tenant == bindparam("owner_tenant"),
).values(due_at=bindparam("new_due_at")))
_CLAIM = Statement(sa.update(deliveries).where(
    deliveries.c.number == bindparam("delivery"), deliveries.c.tenant == bindparam("owner_tenant"), _DUE, ~_BLOCKED,
).values(
    attempts=deliveries.c.attempts + 1, claim=deliveries.c.claim + 1, lease_until=bindparam("until"),
    lease_owner=bindparam("new_owner"),
))
_RENEW = Statement(sa.update(deliveries).where(*_MINE).values(lease_until=bindparam("until")))
_DELIVERED = Statement(sa.update(deliveries).where(*_MINE).values(state="delivered", last_error=None, **_SETTLED))
_FAILED = Statement(sa.update(deliveries).where(*_MINE).values(
    due_at=bindparam("new_due_at"), last_error=bindparam("error"), **_FREED,
))
_PUT_OFF = Statement(sa.update(deliveries).where(*_MINE).values(
    due_at=bindparam("new_due_at"), attempts=deliveries.c.attempts - 1, **_FREED,
))
_BURY = Statement(sa.update(deliveries).where(*_MINE).values(
    state="dead", due_at=None, last_error=bindparam("error"), **_FREED,
))
_next = deliveries.alias("next")
_CALL_NEXT = Statement(sa.update(deliveries).where(
    deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.due_at > bindparam("at"), deliveries.c.attempts == 0,
    deliveries.c.number == sa.select(sa.func.min(_next.c.number)).where(
        _next.c.tenant == bindparam("owner_tenant"), _next.c.subscription_id == bindparam("subscription"),
        _next.c.resource_id == bindparam("resource"), _next.c.open_since.is_not(None),
    ).scalar_subquery(),
).values(due_at=bindparam("at")))
_OPEN = (deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.number == bindparam("delivery"))
_REPLAY = Statement(sa.update(deliveries).where(*_OPEN, deliveries.c.state == "dead").values(
    state="pending", attempts=0, due_at=bindparam("at"),
))
_SKIP = Statement(
    sa.update(deliveries).where(*_OPEN, deliveries.c.open_since.is_not(None)).values(state="skipped", **_SETTLED)
    .returning(deliveries.c.subscription_id, deliveries.c.resource_id)
)
_FETCH = Statement(_delivery_query().where(*_OPEN))
_DEAD = Statement(
    _delivery_query().where(deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.state == "dead",
                            deliveries.c.open_since.is_not(None)).order_by(deliveries.c.number)
)
_PURGE = Statement(sa.delete(deliveries).where(deliveries.c.number.in_(
    sa.select(deliveries.c.number).where(deliveries.c.settled_at < bindparam("before")).limit(bindparam("most"))
)))
_PURGE_EVENTS = Statement(sa.delete(events).where(events.c.number.in_(
    sa.select(events.c.number).where(events.c.created_at < bindparam("before"), ~sa.exists().where(
        deliveries.c.tenant == events.c.tenant, deliveries.c.event_id == events.c.id,
    )).order_by(events.c.number).limit(bindparam("most"))
)))


def due(connection: Connection, now: float, limit: int) -> list[tuple[str, int]]:
    """Tenant and number of deliveries that may leave now: of all tenants, for the sweeper."""
    return [(tenant, number) for number, tenant in _DUE_NUMBERS.rows(connection, {"now": now, "most": limit})]


def claim(connection: Connection, wanted: Sequence[tuple[str, int]] | int, *, owner: str, lease_seconds: float,
          now: float) -> list[Delivery]:
    """Take deliveries that are due and free, by tenant and number or so many of any; only those returned are ours."""
    taken: list[Delivery] = []
    for tenant, number in _candidates(connection, wanted, now) if isinstance(wanted, int) else wanted:
        here = {"owner_tenant": tenant, "delivery": number}
        if _CLAIM.change(connection, here | {"now": now, "until": now + lease_seconds, "new_owner": owner}) == 1:
            row = _FETCH.row(connection, here)
            if row is None:  # the subscription went away in this very moment
                skip(connection, tenant, number, now=now)
            else:
                taken.append(_delivery(row))
    return taken


def renew(connection: Connection, delivery: Delivery, *, until: float) -> bool:
    """Keep a delivery longer; false when it is no longer ours."""
    return _RENEW.change(connection, _mine(delivery) | {"until": until}) == 1


def delivered(connection: Connection, delivery: Delivery, *, now: float) -> bool:
    """It has arrived; the next of its stream may leave. False when it was no longer ours."""
    if _DELIVERED.change(connection, _mine(delivery) | {"at": now}) != 1:
        return False
    _call_next(connection, delivery.tenant, delivery.subscription.id, delivery.event.resource_id, now)
    return True


def failed(connection: Connection, delivery: Delivery, *, due_at: float, error: str) -> bool:
    """It has not arrived; try again later."""
    return _FAILED.change(connection, _mine(delivery) | {"new_due_at": due_at, "error": error}) == 1


def put_off(connection: Connection, delivery: Delivery, *, due_at: float) -> bool:
    """It was not tried at all; try later, as if it had not been claimed."""
    return _PUT_OFF.change(connection, _mine(delivery) | {"new_due_at": due_at}) == 1


def bury(connection: Connection, delivery: Delivery, *, error: str) -> bool:
    """It cannot arrive: a dead letter, which holds its stream."""
    return _BURY.change(connection, _mine(delivery) | {"error": error}) == 1


def replay(connection: Connection, tenant: str, number: int, *, now: float) -> bool:
    """Try a dead letter again."""
    return _REPLAY.change(connection, {"owner_tenant": tenant, "delivery": number, "at": now}) == 1


def skip(connection: Connection, tenant: str, number: int, *, now: float) -> bool:
    """Give up one delivery, dead or not, so that its stream goes on."""
    rows = _SKIP.rows(connection, {"owner_tenant": tenant, "delivery": number, "at": now})
    for subscription_id, resource_id in rows:
        _call_next(connection, tenant, subscription_id, resource_id, now)
    return bool(rows)


def dead(connection: Connection, tenant: str) -> list[Delivery]:
    """The dead letters of a tenant, the oldest first."""
    return [_delivery(row) for row in _DEAD.rows(connection, {"owner_tenant": tenant})]


def fetch(connection: Connection, tenant: str, number: int) -> Delivery | None:
    """A delivery of this tenant."""
    row = _FETCH.row(connection, {"owner_tenant": tenant, "delivery": number})
    return None if row is None else _delivery(row)


def purge(connection: Connection, *, before: float, limit: int = 500) -> int:
    """Drop deliveries settled before a time, and older events that nobody waits for; says how many rows."""
    values = {"before": before, "most": limit}
    return _PURGE.change(connection, values) + _PURGE_EVENTS.change(connection, values)


def _candidates(connection: Connection, most: int, now: float) -> list[tuple[str, int]]:
    """Deliveries to claim; those that have to wait are parked, so that they are not in the way next time."""
    found: list[tuple[str, int]] = []
    while len(found) < most:
        rows = _CANDIDATES.rows(connection, {"now": now, "most": most})
        found = [(tenant, number) for number, tenant, blocked in rows if not blocked]
        parked = [(tenant, number) for number, tenant, blocked in rows if blocked]
        for tenant, number in parked:
            _PARK.change(connection, {"owner_tenant": tenant, "delivery": number, "new_due_at": now + PARKED_SECONDS})
        if not parked:
            break
    return found


def _call_next(connection: Connection, tenant: str, subscription_id: str, resource_id: str, now: float) -> None:
    stream = {"owner_tenant": tenant, "subscription": subscription_id, "resource": resource_id}
    _CALL_NEXT.change(connection, stream | {"at": now})


def _mine(delivery: Delivery) -> dict[str, Any]:
    here = {"delivery": delivery.number, "owner_tenant": delivery.tenant}
    return here | {"held": delivery.claim, "owner": delivery.lease_owner}


def _delivery(row: Row) -> Delivery:
    own, event, subscription = row[:7], row[7:14], row[14:]
    return Delivery(*[*own, Event(*[*event[:6], read(event[6])]), subscription_of(subscription)])
