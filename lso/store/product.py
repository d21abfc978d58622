"""Products: what completed orders left in place, and what later orders refer to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.errors import Conflict
from lso.store.document import indexed, read, write
from lso.store.schema import products
from lso.store.statement import Statement
from lso.store.upsert import upsert

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """A product as kept; order_id and item_id say who brought it about."""

    tenant: str
    id: str
    version: int
    offering_id: str | None
    schema: str | None
    status: str
    order_id: str
    item_id: str
    buyer_id: str | None
    seller_id: str | None
    created_at: float
    document: Document


_FIELDS = tuple(field.name for field in dataclasses.fields(StoredProduct))
_ALL = tuple(products.c[name] for name in _FIELDS)
_HERE = (products.c.tenant == bindparam("owner"), products.c.id == bindparam("product"))
_CHANGING = ("version", "offering_id", "schema", "status", "document")

_INSERT = Statement(
    upsert(products).values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing(index_elements=["tenant", "id"])
)
_FETCH = Statement(sa.select(*_ALL).where(*_HERE))
_OF_ORDER = Statement(
    sa.select(*_ALL).where(products.c.tenant == bindparam("owner"), products.c.order_id == bindparam("order"))
    .order_by(products.c.created_at, products.c.id)
)
_REPLACE = Statement(
    sa.update(products).where(*_HERE, products.c.version == bindparam("expected"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


def insert(connection: Connection, product: StoredProduct) -> bool:
    """Keep a new product; false, and nothing changed, when it is there: the job that makes it may run twice."""
    return _INSERT.change(connection, _row(product)) == 1


def fetch(connection: Connection, tenant: str, id: str) -> StoredProduct | None:
    """A product of this tenant."""
    row = _FETCH.row(connection, {"owner": tenant, "product": indexed(id)})
    return None if row is None else _product(row)


def fetch_many(connection: Connection, tenant: str, ids: Iterable[str]) -> dict[str, StoredProduct]:
    """Those of these products that the tenant has, by id."""
    found = (fetch(connection, tenant, id) for id in dict.fromkeys(ids))
    return {product.id: product for product in found if product is not None}


def of_order(connection: Connection, tenant: str, order_id: str) -> list[StoredProduct]:
    """The products that an order of this tenant brought about."""
    return [_product(row) for row in _OF_ORDER.rows(connection, {"owner": tenant, "order": indexed(order_id)})]


def replace(connection: Connection, product: StoredProduct, expected_version: int) -> StoredProduct:
    """Keep a product's new state; refused when somebody else has moved it on since `expected_version`."""
    moved = dataclasses.replace(product, version=expected_version + 1)
    row = _row(moved)
    values = {f"new_{name}": row[name] for name in _CHANGING}
    values |= {"owner": product.tenant, "product": product.id, "expected": expected_version}
    if _REPLACE.change(connection, values) != 1:
        raise Conflict("The product has changed meanwhile.")
    return moved


def _row(product: StoredProduct) -> dict[str, Any]:
    return {name: getattr(product, name) for name in _FIELDS} | {"document": write(product.document)}


def _product(row: tuple[Any, ...]) -> StoredProduct:
    return StoredProduct(*[*row[:-1], read(row[-1])])
