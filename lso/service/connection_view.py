"""A connection as the native API shows it: its product, the orders about it, and what was asked for, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection as Database

from lso.canonical.connection import Connection, Wish
from lso.canonical.tenant import Profile
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.native import connection_status
from lso.errors import Finding
from lso.lifecycle.connection import Standing, standing
from lso.lifecycle.order import instant
from lso.service.connection_draft import REQUEST, UPDATE, pointer
from lso.store import order as orders
from lso.store import product as products
from lso.store import resource as resources
from lso.store.connection import KIND
from lso.store.product import StoredProduct
from lso.store.resource import StoredResource

Document = dict[str, Any]
MAPPING = "native.connection"
ORDERED_IN = "tmf.v4.order"
SPOKEN = {"add": REQUEST, "modify": UPDATE, "delete": ""}
REASON_MOST = 255


@dataclass(frozen=True, slots=True)
class View:
    """stored, connection: None for a product that was ordered otherwise. orders: of the wishes, by id."""

    stored: StoredResource | None
    connection: Connection | None
    product: StoredProduct | None
    orders: Mapping[str, Document | None]

    @property
    def status(self) -> str | None:
        """Of the product, if there is one."""
        return self.product.status if self.product is not None else None

    @property
    def buyer_id(self) -> str | None:
        """In whose name it was ordered."""
        return self.stored.buyer_id if self.stored is not None else self.product.buyer_id if self.product else None


def look(database: Database, tenant: str, id: str) -> View | None:
    """The connection of this tenant, or a product of that id."""
    stored = resources.fetch(database, tenant, KIND, id)
    product = products.fetch(database, tenant, id)
    return None if stored is None and product is None else of(database, stored, product)


def of(database: Database, stored: StoredResource | None, product: StoredProduct | None) -> View:
    """What there is to know of a connection."""
    if stored is None:
        return View(None, None, product, {})
    connection = Connection.model_validate(stored.document)
    if product is None:
        product = products.fetch(database, stored.tenant, stored.id)
    found = {wish.order_id: orders.fetch(database, stored.tenant, wish.order_id)
             for wish in connection.wishes if wish.state == "placed"}
    return View(stored, connection, product, {id: order.document if order else None for id, order in found.items()})


def show(book: Book, view: View, profile: Profile) -> Document:
    """The connection in the words of the native API."""
    place = standing(view.connection, view.orders, view.status)
    told = _told(book, view, profile)
    product = told.get("product") or {}
    shown = book.mapping(MAPPING).write({"items": [{"product": product}], **told["beside"]}).document
    shown["status"] = connection_status(place.status)
    if location := _location(product, profile):
        shown["location"] = location
    if place.reason:
        shown["statusReason"] = place.reason[:REASON_MOST]
    if errors := _errors(book, place, view.orders):
        shown["errors"] = [{"pointer": one.pointer, "code": one.code, "detail": one.reason} for one in errors]
    return shown


def _told(book: Book, view: View, profile: Profile) -> Document:
    """The product as the inventory has it, else as its order has it, else as it is to be ordered."""
    if view.connection is None:
        assert view.product is not None
        made = instant(datetime.fromtimestamp(view.product.created_at, UTC))
        return {"product": {**view.product.document, "id": view.product.id}, "beside": {"ordered_at": made}}
    connection = view.connection
    beside = {"ordered_at": connection.created_at} | (
        {"description": connection.description} if connection.description is not None else {})
    if view.product is not None:
        document = view.product.document
    else:
        first = connection.wishes[0]
        order = view.orders.get(first.order_id) or _ordered(book, first, profile)
        document = (order.get("items") or [{}])[0].get("product") or {}
    return {"product": {**document, "id": connection.id}, "beside": beside}


def _ordered(book: Book, wish: Wish, profile: Profile) -> Document:
    if wish.body is None:
        return {}
    edition = book.edition(ORDERED_IN)
    return face.read(book, edition, wish.body, extended=profile.tmf_extended).document


def _location(product: Document, profile: Profile) -> str:
    """Where it is, in words: the name of a place that we know, the parts of an address, or an id."""
    names = {place.id: place.name for place in profile.places}
    for place in product.get("places") or ():
        parts = place.get("fielded") or place.get("formatted") or {}
        words = [parts.get(name) for name in ("line1", "line2", "number", "street", "postcode", "city", "country")]
        text = (names.get(place.get("id") or "") or ", ".join(word for word in words if word)
                or (place.get("labelled") or {}).get("label") or place.get("id"))
        if text:
            return str(text)
    return ""


def _errors(book: Book, place: Standing, ordered: Mapping[str, Document | None]) -> list[Finding]:
    """What stands against the last wish, with pointers into what the developer sent."""
    wish = place.wish
    if wish is None:
        return []
    if wish.errors:
        return [Finding(error.pointer, error.code, error.reason) for error in wish.errors]
    order = ordered.get(wish.order_id) or {}
    return [Finding(pointer(book, SPOKEN[wish.action], wish.said, order, refusal.pointer), refusal.code, refusal.reason)
            for refusal in place.refusals]
