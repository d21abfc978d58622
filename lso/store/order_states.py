"""The states that a tenant's orders are in: a dozen at most, found by one look into the index for each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.schema import orders
from lso.store.statement import Statement

# More are not told apart; the life cycle has thirteen.
STATES_MOST = 32

_of_tenant = orders.c.tenant == bindparam("tenant")
_found = sa.select(sa.func.min(orders.c.state).label("state")).where(_of_tenant).cte("found", recursive=True)
_next = sa.select(sa.func.min(orders.c.state)).where(_of_tenant, orders.c.state > _found.c.state).scalar_subquery()
_one_by_one = _found.union_all(sa.select(_next).where(_found.c.state.is_not(None)))
_STATES = Statement(sa.select(_one_by_one.c.state).where(_one_by_one.c.state.is_not(None)).limit(bindparam("most")))


def states_of(connection: Connection, tenant: str) -> tuple[str | None, ...] | None:
    """The states, and None for orders without; None alone when there are too many to tell."""
    found = [row[0] for row in _STATES.rows(connection, {"tenant": tenant, "most": STATES_MOST + 1})]
    return None if len(found) > STATES_MOST else (*found, None)
