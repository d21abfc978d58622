"""Deliveries of events as they leave: claimed when they are due, and settled by whoever claimed them.

None is due while an earlier one of its stream is open (`delivery.py`). A delivery that has to wait is parked: looked at
again only now and then, and called as soon as the one before it is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Double, bindparam

from lso.store.dead_letter import skip
from lso.store.delivery import FREED, HERE, SETTLED, Delivery, call_next, fetch
from lso.store.event import Event, add, event
from lso.store.schema import deliveries
from lso.store.statement import Statement

__all__ = ["Event", "add", "bury", "claim", "delivered", "due", "event", "failed", "put_off", "renew"]

PARKED_SECONDS = 60.0

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
_MINE = (*HERE, deliveries.c.claim == bindparam("held"), deliveries.c.lease_owner == bindparam("owner"))
_DUE_NUMBERS = Statement(
    sa.select(deliveries.c.number, deliveries.c.tenant).where(_DUE, ~_BLOCKED)
    .order_by(deliveries.c.due_at).limit(bindparam("most"))
)
_CANDIDATES = Statement(
    sa.select(deliveries.c.number, deliveries.c.tenant, sa.case((_BLOCKED, 1), else_=0)).where(_DUE)
    .order_by(deliveries.c.due_at).limit(bindparam("most")).with_for_update(skip_locked=True, of=deliveries)
)
_PARK = Statement(sa.update(deliveries).where(*HERE).values(due_at=bindparam("new_due_at")))
_CLAIM = Statement(sa.update(deliveries).where(*HERE, _DUE, ~_BLOCKED).values(
    attempts=deliveries.c.attempts + 1, claim=deliveries.c.claim + 1, lease_until=bindparam("until"),
    lease_owner=bindparam("new_owner"),
))
_RENEW = Statement(sa.update(deliveries).where(*_MINE).values(lease_until=bindparam("until")))
_DELIVERED = Statement(sa.update(deliveries).where(*_MINE).values(state="delivered", last_error=None, **SETTLED))
_FAILED = Statement(sa.update(deliveries).where(*_MINE).values(
    due_at=bindparam("new_due_at"), last_error=bindparam("error"), **FREED,
))
_PUT_OFF = Statement(sa.update(deliveries).where(*_MINE).values(
    due_at=bindparam("new_due_at"), attempts=deliveries.c.attempts - 1, **FREED,
))
_BURY = Statement(sa.update(deliveries).where(*_MINE).values(
    state="dead", due_at=None, last_error=bindparam("error"), **FREED,
))


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
            found = fetch(connection, tenant, number)
            if found is None:  # the subscription went away in this very moment
                skip(connection, tenant, number, now=now)
            else:
                taken.append(found)
    return taken


def renew(connection: Connection, delivery: Delivery, *, until: float) -> bool:
    """Keep a delivery longer; false when it is no longer ours."""
    return _RENEW.change(connection, _mine(delivery) | {"until": until}) == 1


def delivered(connection: Connection, delivery: Delivery, *, now: float) -> bool:
    """It has arrived; the next of its stream may leave. False when it was no longer ours."""
    if _DELIVERED.change(connection, _mine(delivery) | {"at": now}) != 1:
        return False
    call_next(connection, delivery.tenant, delivery.subscription.id, delivery.event.resource_id, now)
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


def _mine(delivery: Delivery) -> dict[str, Any]:
    here = {"delivery": delivery.number, "owner_tenant": delivery.tenant}
    return here | {"held": delivery.claim, "owner": delivery.lease_owner}
