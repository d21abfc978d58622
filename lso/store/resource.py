"""Resources: all that has an address of its own beside the order. Kept, fetched, replaced, always for one tenant.

One table for all kinds: a kind is a canonical model and a word. Lists of them are in `resource_listing.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.canonical.task import occupied
from lso.errors import Conflict
from lso.store.document import indexed, read, write
from lso.store.instant import seconds
from lso.store.kind import keep, kind_of
from lso.store.order_row import StoredOrder
from lso.store.schema import order_kinds, resources
from lso.store.statement import Statement
from lso.store.upsert import upsert

Document = dict[str, Any]


@dataclass(slots=True)
class StoredResource:
    """A resource as kept. Nobody changes one; it is not frozen for the reason that `StoredOrder` has.

    kind: which of the canonical models its document is: cancellation, charge, delivery_date.
    order_id: the order it belongs to and ends with, if it belongs to one. schemas: of the products it is about.
    All else as `StoredOrder` has it.
    """

    tenant: str
    kind: str
    id: str
    version: int
    edition: str
    mapping: str
    profile_version: int
    order_id: str | None
    buyer_id: str | None
    seller_id: str | None
    client: str
    document: Document
    complements: dict[str, Any]
    created_at: float
    schemas: tuple[str, ...]

    def saying(self, document: Document) -> StoredResource:
        """The same resource with another document; `dataclasses.replace` takes several times as long."""
        return StoredResource(
            self.tenant, self.kind, self.id, self.version, self.edition, self.mapping, self.profile_version,
            self.order_id, self.buyer_id, self.seller_id, self.client, document, self.complements, self.created_at,
            self.schemas)


FIELDS = tuple(field.name for field in dataclasses.fields(StoredResource))[:-1]
_LISTED = ("about", "state", "alone")
_CHANGING = ("version", "document", "complements", "state", "alone")
_HERE = (resources.c.tenant == bindparam("of_tenant"), resources.c.kind == bindparam("of_kind"),
         resources.c.id == bindparam("of_id"))
_ABOUT = sa.and_(order_kinds.c.tenant == resources.c.tenant, order_kinds.c.kind == resources.c.about)
_ALL = sa.select(*(resources.c[name] for name in FIELDS), order_kinds.c.schemas).select_from(
    resources.join(order_kinds, _ABOUT))

_INSERT = Statement(upsert(resources).values({name: bindparam(name) for name in FIELDS + _LISTED})
                    .on_conflict_do_nothing(index_elements=["tenant", "alone"]).inline())
_FETCH = Statement(_ALL.where(*_HERE))
_REPLACE = Statement(sa.update(resources).where(*_HERE, resources.c.version == bindparam("expected"))
                     .values({name: bindparam(f"new_{name}") for name in _CHANGING}))
_OF_ORDER = Statement(
    _ALL.where(resources.c.tenant == bindparam("of_tenant"), resources.c.order_id == bindparam("of_order"))
    .order_by(resources.c.number)
)
_REMOVE = Statement(sa.delete(resources).where(*_HERE, resources.c.version == bindparam("expected")))
_FORGET = Statement(
    sa.delete(resources)
    .where(resources.c.tenant == bindparam("of_tenant"), resources.c.order_id == bindparam("of_order"))
)


def beside(order: StoredOrder, kind: str, document: Document, *, at: float) -> StoredResource:
    """A new resource that belongs to an order and was not asked for by anybody, such as a charge."""
    return StoredResource(
        tenant=order.tenant, kind=kind, id=document["id"], version=1, edition=order.edition, mapping="",
        profile_version=order.profile_version, order_id=order.id, buyer_id=order.buyer_id, seller_id=order.seller_id,
        client=order.client, document=document, complements={}, created_at=at, schemas=order.schemas,
    )


def occupies(resource: StoredResource) -> bool:
    """Whether it is a task that keeps others off its order; one for a later day does so once it is begun."""
    document = resource.document
    if document.get("state") == "acknowledged":
        wanted_at = seconds(document.get("requested_cancellation_at"))
        if wanted_at is not None and wanted_at > resource.created_at:
            return False
    return occupied(resource.kind, document.get("state"))


def insertion(resource: StoredResource) -> Callable[[Connection], None]:
    """What keeps a new resource: its row, made beforehand. It holds nothing else of the resource. Refused where there
    may be one alone, and another one is there."""
    row, tenant, schemas = row_of(resource), resource.tenant, resource.schemas

    def insert(connection: Connection) -> None:
        keep(connection, tenant, schemas)
        if row["alone"] is None:
            _INSERT.later(connection, row)
        elif _INSERT.change(connection, row) != 1:
            raise Conflict("Another request about this order is still open.")

    return insert


def insert(connection: Connection, resource: StoredResource) -> None:
    """Keep a new resource, likewise."""
    insertion(resource)(connection)


def fetch(connection: Connection, tenant: str, kind: str, id: str) -> StoredResource | None:
    """The resource of this tenant and kind by its id."""
    row = _FETCH.row(connection, {"of_tenant": tenant, "of_kind": kind, "of_id": indexed(id)})
    return None if row is None else resource_of(row)


def replace(connection: Connection, resource: StoredResource, expected_version: int) -> StoredResource:
    """Keep a resource's new document; refused when somebody else has moved it on since `expected_version`."""
    moved = dataclasses.replace(resource, version=expected_version + 1)
    row = row_of(moved)
    values = {f"new_{name}": row[name] for name in _CHANGING}
    values |= {"of_tenant": resource.tenant, "of_kind": resource.kind, "of_id": resource.id,
               "expected": expected_version}
    if _REPLACE.change(connection, values) != 1:
        raise Conflict("The resource has changed meanwhile.")
    return moved


def of_order(connection: Connection, tenant: str, order_id: str,
             kind: str | None = None) -> tuple[StoredResource, ...]:
    """What belongs to an order, all kinds or one, the oldest first."""
    found = map(resource_of, _OF_ORDER.rows(connection, {"of_tenant": tenant, "of_order": order_id}))
    return tuple(one for one in found if kind in (None, one.kind))


def remove(connection: Connection, resource: StoredResource) -> None:
    """Drop a resource; refused when somebody else has moved it on since it was read."""
    values = {"of_tenant": resource.tenant, "of_kind": resource.kind, "of_id": resource.id,
              "expected": resource.version}
    if _REMOVE.change(connection, values) != 1:
        raise Conflict("The resource has changed meanwhile.")


def forget(connection: Connection, tenant: str, order_id: str) -> None:
    """Drop what belongs to an order that is no more."""
    _FORGET.change(connection, {"of_tenant": tenant, "of_order": order_id})


def row_of(resource: StoredResource) -> dict[str, Any]:
    """The row of a resource."""
    document = resource.document
    return {
        "tenant": resource.tenant, "kind": resource.kind, "id": resource.id, "version": resource.version,
        "edition": resource.edition, "mapping": resource.mapping, "profile_version": resource.profile_version,
        "order_id": resource.order_id, "buyer_id": resource.buyer_id, "seller_id": resource.seller_id,
        "client": resource.client, "document": write(document), "complements": write(resource.complements),
        "created_at": resource.created_at, "about": kind_of(resource.schemas), "state": indexed(document.get("state")),
        "alone": f"task of {resource.order_id}" if occupies(resource) else None,
    }


def resource_of(row: tuple[Any, ...]) -> StoredResource:
    """The resource in a row of FIELDS and the schemas that it is about."""
    return StoredResource(*[*row[:11], read(row[11]), read(row[12]), row[13], tuple(read(row[14]))])
