"""What a request names, as far as it is there for its caller: the order that it is about, or products that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.service.gazetteer import kinds_of
from lso.service.visibility import knows, sees
from lso.store import order as orders
from lso.store import product as products
from lso.store.order import StoredOrder
from lso.store.product import StoredProduct


@dataclass(frozen=True, slots=True)
class Scope:
    """What there is of it."""

    order: StoredOrder | None
    products: Mapping[str, StoredProduct]
    places: Mapping[str, str]


def scope_of(connection: Connection, caller: Caller, edition: Edition, order_id: object,
             product_ids: Sequence[str], place_ids: Sequence[str] = ()) -> Scope:
    """The order of that id, if the caller could retrieve it, those of the products that are the caller's, and which of
    the places the gazetteer knows."""
    order = orders.fetch(connection, caller.tenant, order_id) if type(order_id) is str else None
    if order is not None and not (sees(caller, order.buyer_id) and knows(edition, order.schemas)):
        order = None
    found = products.fetch_many(connection, caller.tenant, product_ids) if product_ids else {}
    places = kinds_of(connection, caller.tenant, place_ids) if place_ids else {}
    return Scope(order, {id: one for id, one in found.items() if sees(caller, one.buyer_id)}, places)
