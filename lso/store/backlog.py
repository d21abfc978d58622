"""The backlog of one subscriber, set aside as a whole: it is not to be claimed again and again while others wait."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.schema import deliveries
from lso.store.statement import Statement

_waiting = sa.select(deliveries.c.number).where(
    deliveries.c.tenant == bindparam("owner_tenant"), deliveries.c.subscription_id == bindparam("subscription"),
    deliveries.c.open_since.is_not(None), deliveries.c.due_at <= bindparam("now"),
    sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < bindparam("now")),
).limit(bindparam("most")).with_for_update(skip_locked=True)
_SET_ASIDE = Statement(sa.update(deliveries).where(deliveries.c.number.in_(_waiting)).values(due_at=bindparam("later")))


def set_aside(connection: Connection, tenant: str, subscription_id: str, *, now: float, until: float,
              limit: int = 500) -> int:
    """What is due to a subscriber and free is not due before `until`; says how many deliveries that are."""
    return _SET_ASIDE.change(connection, {"owner_tenant": tenant, "subscription": subscription_id, "now": now,
                                          "later": until, "most": limit})
