"""Connections in the order in which they came: those that the native API was asked for, which are kept as resources,
and products of their kind that were ordered otherwise. A connection and the product that it becomes have one id.

Two lists are merged a page at a time; a place in both is where the next page begins.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from heapq import merge

import sqlalchemy as sa
from sqlalchemy import Connection

from lso.store.document import read
from lso.store.product import StoredProduct
from lso.store.resource import FIELDS, StoredResource, resource_of
from lso.store.schema import order_kinds, products, resources

KIND = "connection"
Row = StoredResource | StoredProduct
_PRODUCT = tuple(StoredProduct.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the last connection shown. number: of the last one asked for; at, id: of the last other product."""

    number: int = 0
    at: float = 0.0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The connections of a page; next: where the one behind it begins, None when there is none."""

    rows: tuple[Row, ...]
    next: Place | None


def select(connection: Connection, tenant: str, place: Place, limit: int, *, schemas: Collection[str],
           buyers: Collection[str | None] | None) -> Stretch:
    """So many connections from a place on, the oldest first.

    schemas: of products that are connections. buyers: those that may be seen; None: all.
    """
    asked = _asked(connection, tenant, place, limit + 1, buyers)
    until = asked[limit][1].created_at if len(asked) > limit else None
    others = _others(connection, tenant, place, limit + 1, schemas, buyers, until)
    merged = list(merge(asked, others, key=lambda pair: pair[1].created_at))
    shown = merged[:limit]
    for number, row in shown:
        place = Place(number, place.at, place.id) if number else Place(place.number, row.created_at, row.id)
    return Stretch(tuple(row for _, row in shown), place if len(merged) > limit else None)


def _asked(connection: Connection, tenant: str, place: Place, limit: int,
           buyers: Collection[str | None] | None) -> list[tuple[int, Row]]:
    about = sa.and_(order_kinds.c.tenant == resources.c.tenant, order_kinds.c.kind == resources.c.about)
    chosen = (sa.select(resources.c.number, *(resources.c[name] for name in FIELDS), order_kinds.c.schemas)
              .select_from(resources.join(order_kinds, about))
              .where(resources.c.tenant == tenant, resources.c.kind == KIND, resources.c.number > place.number,
                     _seen(resources.c.buyer_id, buyers))
              .order_by(resources.c.number).limit(limit))
    return [(row[0], resource_of(tuple(row[1:]))) for row in connection.execute(chosen)]


def _others(connection: Connection, tenant: str, place: Place, limit: int, schemas: Collection[str],
            buyers: Collection[str | None] | None, until: float | None) -> list[tuple[int, Row]]:
    told = sa.exists().where(resources.c.tenant == tenant, resources.c.kind == KIND, resources.c.id == products.c.id)
    behind = sa.tuple_(products.c.created_at, products.c.id) > sa.tuple_(sa.literal(place.at), sa.literal(place.id))
    chosen = (sa.select(*(products.c[name] for name in _PRODUCT))
              .where(products.c.tenant == tenant, behind, products.c.schema.in_(sorted(schemas)), ~told,
                     _seen(products.c.buyer_id, buyers))
              .order_by(products.c.created_at, products.c.id).limit(limit))
    if until is not None:
        chosen = chosen.where(products.c.created_at <= until)
    return [(0, StoredProduct(*[*row[:-1], read(row[-1])])) for row in connection.execute(chosen)]


def _seen(column: sa.ColumnElement[str | None], buyers: Collection[str | None] | None) -> sa.ColumnElement[bool]:
    if buyers is None:
        return sa.true()
    named = column.in_([buyer for buyer in buyers if buyer is not None])
    return sa.or_(named, column.is_(None)) if None in buyers else named
