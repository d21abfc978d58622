"""What the work on an order rests on: read in one go, and never changed in place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from lso.canonical.order import Item, Order
from lso.canonical.tenant import Profile
from lso.lifecycle.known import ENDED
from lso.lifecycle.ports.back_end import ServiceRequest
from lso.lifecycle.sequence import Existing, prerequisites
from lso.store import order as orders
from lso.store import product as products
from lso.store import reference as references
from lso.store import tenant as tenants
from lso.store.document import indexed
from lso.store.engine import Store
from lso.store.order import StoredOrder
from lso.store.product import StoredProduct
from lso.store.reference import Reference

Document = dict[str, Any]

# States of a reference while its item is under way; at its end the state is that of the last progress.
ASKED = "asked"        # written down; perhaps asked, perhaps not
AGAIN = "again"        # the back end surely has not begun: to be asked again, not before asked_at
PARKED = "parked"      # what became of it cannot be told without a person
TOLD_DONE = "told_done"      # a person said so
TOLD_FAILED = "told_failed"  # likewise; reason says why


@dataclass(frozen=True, slots=True)
class View:
    """references: what was asked of back ends for this order, by item id.

    products: those that the order names, by id. service_ids: what back ends call them.
    fresh: items that were written down as asked by this very run, so that nothing can have been asked yet.
    """

    stored: StoredOrder
    order: Order
    profile: Profile
    references: Mapping[str, Reference]
    products: Mapping[str, StoredProduct]
    service_ids: Mapping[str, str]
    fresh: frozenset[str] = frozenset()

    @property
    def existing(self) -> Existing:
        """How the products relate to each other."""
        return {product.id: tuple(relation["product_id"] for relation in product.document.get("relations") or ()
                                  if relation.get("product_id"))
                for product in self.products.values()}

    def item(self, item_id: str) -> Item:
        """The item of that id."""
        return next(item for item in self.order.items if item.id == item_id)

    def document(self, item: Item) -> Document:
        """The product of an item: what the inventory has of it, and what the item says anew."""
        said = item.product.model_dump(mode="json", by_alias=True, exclude_unset=True) if item.product else {}
        known = self.products.get(said.get("id") or "")
        return {**(known.document if known else {}), **said}

    def gone(self, item: Item) -> str | None:
        """Why nothing can be done to the product that an item changes or removes: it has ended, by another item or
        order. Many may ask for the end of a product, and one of them brings it about."""
        known = self.products.get((item.product.id if item.product else None) or "")
        if known is None or known.status not in ENDED or item.action not in ("modify", "delete"):
            return None
        return f"that product is {known.status}"

    def request(self, item: Item) -> ServiceRequest:
        """What a back end is asked for this item."""
        product = self.document(item)
        asked = self.references.get(item.id or "")
        return ServiceRequest(
            external_id=external_id(self.stored.id, item.id), tenant=self.stored.tenant, order_id=self.stored.id,
            item_id=item.id or "", action=item.action or "", product=product,
            depends_on=self._depends_on(item, product),
            requested_completion_at=item.requested_completion_at or self.order.requested_completion_at,
            service_id=None if item.action == "add" else self.service_ids.get(product.get("id") or ""),
            asked_at=asked.asked_at if asked else None, their_id=asked.their_id if asked else None,
        )

    def _depends_on(self, item: Item, product: Document) -> tuple[str, ...]:
        """What it rests on, in the back end's words: services of this order, and of products that were there before."""
        if item.action == "delete":
            return ()
        needed = sorted(prerequisites(self.order, self.existing).get(item.id or "", ()))
        made = [self.references[item_id].their_id for item_id in needed if item_id in self.references]
        had = [self.service_ids.get(relation.get("product_id") or "") for relation in product.get("relations") or ()]
        return tuple(dict.fromkeys(name for name in (*made, *had) if name))


def look(connection: Connection, tenant: str, order_id: str) -> View | None:
    """The view of an order of this tenant."""
    stored = orders.fetch(connection, tenant, order_id)
    if stored is None:
        return None
    order = Order.model_validate(stored.document)
    known = products.fetch_many(connection, tenant, _named(order))
    profile = tenants.profile(connection, tenant, stored.profile_version)
    return View(
        stored=stored, order=order, profile=profile or Profile.model_validate({"tenant": tenant, "name": tenant}),
        references=_by_item(order, references.of_order(connection, tenant, order_id)),
        products=known, service_ids=service_ids_of(connection, known),
    )


def named(store: Store, tenant: str,
          items: Iterable[Document]) -> tuple[Mapping[str, StoredProduct], Mapping[str, str]]:
    """Existing products that items of a request name, by id, and what back ends call them."""
    ids = [id for item in items if type(id := (item.get("product") or {}).get("id")) is str]
    if not ids:
        return {}, {}

    def read(connection: Connection) -> tuple[dict[str, StoredProduct], dict[str, str]]:
        found = products.fetch_many(connection, tenant, ids)
        return found, service_ids_of(connection, found)

    return store.query_now(read)


def external_id(of: str, item_id: str | None) -> str:
    """How a back end knows an item of an order or a request: the same whenever it is asked, and fit for any URL."""
    name = item_id or ""
    if name.isascii() and name.replace("-", "").replace("_", "").isalnum() and len(name) <= 64:
        return f"{of}.{name}"
    return f"{of}.{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _named(order: Order) -> list[str]:
    """Ids of the products that the order concerns or relates to."""
    named = [item.product for item in order.items if item.product]
    return [name for product in named
            for name in (product.id, *(relation.product_id for relation in product.relations or ())) if name]


def _by_item(order: Order, found: list[Reference]) -> dict[str, Reference]:
    kept = {reference.item_id: reference for reference in found}
    return {item.id: kept[name] for item in order.items
            if item.id is not None and (name := indexed(item.id)) in kept and name is not None}


def service_ids_of(connection: Connection, known: Mapping[str, StoredProduct]) -> dict[str, str]:
    """What back ends call products: found through the item that brought each about."""
    found: dict[str, str] = {}
    for product in known.values():
        for reference in references.of_order(connection, product.tenant, product.order_id):
            if reference.item_id == product.item_id and reference.their_id:
                found[product.id] = reference.their_id
    return found
