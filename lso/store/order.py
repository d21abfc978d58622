"""Orders: kept, fetched, replaced and listed, always for one tenant."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.errors import Conflict
from lso.store import kind
from lso.store.document import indexed
from lso.store.listing import Found, indexed_only, select
from lso.store.order_row import FIELDS, LISTED, Moments, StoredOrder, columns, facts, order_of
from lso.store.schema import order_kinds, order_moments, orders
from lso.store.statement import Statement

__all__ = ["Found", "StoredOrder", "fetch", "indexed_only", "insert", "insertion", "remove", "replace", "select"]


def _values_of(table: sa.Table) -> dict[str, sa.BindParameter[object]]:
    return {column.name: bindparam(column.name) for column in table.columns}


_HERE = (orders.c.tenant == bindparam("tenant"), orders.c.id == bindparam("id"))
_CHANGING = ("version", "document", "complements", *LISTED)

_INSERT = Statement(sa.insert(orders).values({name: bindparam(name) for name in FIELDS + LISTED}).inline())
_OF_KIND = sa.and_(order_kinds.c.tenant == orders.c.tenant, order_kinds.c.kind == orders.c.kind)
_FETCH = Statement(
    sa.select(*(orders.c[name] for name in FIELDS), order_kinds.c.schemas)
    .select_from(orders.join(order_kinds, _OF_KIND)).where(*_HERE)
)
_REPLACE = Statement(
    sa.update(orders).where(*_HERE, orders.c.version == bindparam("expected"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_REMOVE = Statement(sa.delete(orders).where(*_HERE, orders.c.version == bindparam("expected")))
_MOMENT = Statement(sa.insert(order_moments).values(_values_of(order_moments)))
_FORGET_MOMENTS = Statement(
    sa.delete(order_moments)
    .where(order_moments.c.tenant == bindparam("tenant"), order_moments.c.order_id == bindparam("id"))
)


def insertion(order: StoredOrder) -> Callable[[Connection], None]:
    """What keeps a new order: its rows, made beforehand. It holds nothing else of the order."""
    known = facts(order)
    row, aside = columns(order) | known.listed, (order.tenant, order.id, order.schemas, known.moments)

    def insert(connection: Connection) -> None:
        _INSERT.later(connection, row)
        _keep_aside(connection, *aside)

    return insert


def insert(connection: Connection, order: StoredOrder) -> None:
    """Keep a new order."""
    insertion(order)(connection)


def fetch(connection: Connection, tenant: str, id: str) -> StoredOrder | None:
    """The order of this tenant by its id."""
    row = _FETCH.row(connection, {"tenant": tenant, "id": indexed(id)})
    return None if row is None else order_of(row)


def replace(connection: Connection, order: StoredOrder, expected_version: int) -> StoredOrder:
    """Keep an order's new document; refused when somebody else has moved it on since `expected_version`."""
    moved = dataclasses.replace(order, version=expected_version + 1)
    known = facts(moved)
    row = columns(moved) | known.listed
    values = {f"new_{name}": row[name] for name in _CHANGING}
    values |= {"tenant": order.tenant, "id": order.id, "expected": expected_version}
    if _REPLACE.change(connection, values) != 1:
        raise Conflict("The order has changed meanwhile.")
    _FORGET_MOMENTS.change(connection, {"tenant": order.tenant, "id": order.id})
    _keep_aside(connection, moved.tenant, moved.id, moved.schemas, known.moments)
    return moved


def remove(connection: Connection, order: StoredOrder) -> None:
    """Keep an order no longer; refused when somebody has moved it on meanwhile."""
    here = {"tenant": order.tenant, "id": order.id, "expected": order.version}
    if _REMOVE.change(connection, here) != 1:
        raise Conflict("The order has changed meanwhile.")
    _FORGET_MOMENTS.change(connection, {"tenant": order.tenant, "id": order.id})


def _keep_aside(connection: Connection, tenant: str, id: str, schemas: tuple[str, ...], moments: Moments) -> None:
    kind.keep(connection, tenant, schemas)
    for span, at in moments:
        _MOMENT.later(connection, {"tenant": tenant, "order_id": id, "span": span, "at": at})
