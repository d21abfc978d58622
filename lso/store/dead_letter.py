"""What operators do about deliveries: they see the dead letters, replay or skip them; and old rows are dropped.

A dead letter is open, so it holds its stream until somebody replays or skips it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.delivery import HERE, SETTLED, Delivery, call_next, delivery_of, delivery_query
from lso.store.schema import deliveries, events
from lso.store.statement import Statement

_REPLAY = Statement(sa.update(deliveries).where(*HERE, deliveries.c.state == "dead").values(
    state="pending", attempts=0, due_at=bindparam("at"),
))
_SKIP = Statement(
    sa.update(deliveries).where(*HERE, deliveries.c.open_since.is_not(None)).values(state="skipped", **SETTLED)
    .returning(deliveries.c.subscription_id, deliveries.c.resource_id)
)
_DEAD = Statement(
    delivery_query().where(deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.state == "dead",
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


def replay(connection: Connection, tenant: str, number: int, *, now: float) -> bool:
    """Try a dead letter again."""
    return _REPLAY.change(connection, {"owner_tenant": tenant, "delivery": number, "at": now}) == 1


def skip(connection: Connection, tenant: str, number: int, *, now: float) -> bool:
    """Give up one delivery, dead or not, so that its stream goes on."""
    rows = _SKIP.rows(connection, {"owner_tenant": tenant, "delivery": number, "at": now})
    for subscription_id, resource_id in rows:
        call_next(connection, tenant, subscription_id, resource_id, now)
    return bool(rows)


def dead(connection: Connection, tenant: str) -> list[Delivery]:
    """The dead letters of a tenant, the oldest first."""
    return [delivery_of(row) for row in _DEAD.rows(connection, {"owner_tenant": tenant})]


def purge(connection: Connection, *, before: float, limit: int = 500) -> int:
    """Drop deliveries settled before a time, and older events that nobody waits for; says how many rows."""
    values = {"before": before, "most": limit}
    return _PURGE.change(connection, values) + _PURGE_EVENTS.change(connection, values)
