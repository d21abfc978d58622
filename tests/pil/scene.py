"""Orders in whatever state a test needs, and what is asked about them. States are written into the store, as a worker
would; everything else goes through the door."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from lso.lifecycle.charge import propose
from lso.store import order as orders
from lso.store import resource as resources
from lso.store.identifier import new_id
from lso.store.resource import StoredResource
from tests.gateway.conftest import CANTATA, SONATA, TMF, Running
from tests.gateway.test_orders import INTERNET, placed

Document = dict[str, Any]
__all__ = ["CANTATA", "INTERNET", "SONATA", "TMF", "placed"]

CANCEL, MOVE, CHARGE = "/cancelProductOrder", "/modifyProductOrderItemRequestedDeliveryDate", "/charge"
CONTACT = {"role": "cancelProductOrderContact", "name": "Ines Marin", "emailAddress": "ines.marin@harbour.example",
           "number": "+351 21 555 0101"}
POSITIONS: tuple[Document, ...] = (
    {"category": "construction", "price": {"net": {"value": 250, "currency": "EUR"}}},
    {"category": "other", "blocking": False, "price": {"net": {"value": 20, "currency": "EUR"}}},
)


def tenant_of(client: str) -> str:
    """Whose client it is."""
    return {"carrier": "alpha", "carrier-sil": "alpha", "enterprise": "beta", "rival": "beta"}.get(client, "broker")


def an_order(service: Running, state: str = "in_progress", client: str = "carrier", path: str = SONATA,
             body: Any = None, **options: Any) -> str:
    """The id of an order in a state, its items in the same."""
    id: str = placed(service, path, client, body, **options).json()["id"]
    brought(service, id, state, tenant_of(client))
    return id


def brought(service: Running, id: str, state: str, tenant: str = "alpha") -> None:
    """An order, and all its items, into a state."""
    def work(connection: Any) -> None:
        stored = orders.fetch(connection, tenant, id)
        assert stored is not None
        items = [{**item, "state": state} for item in stored.document["items"]]
        moved = dataclasses.replace(stored, document={**stored.document, "state": state, "items": items})
        orders.replace(connection, moved, stored.version)

    service.world.store.commit_now(work)


def a_charge(service: Running, order_id: str, *, tenant: str = "alpha", days: float = 3, item: bool = True,
             positions: tuple[Document, ...] = POSITIONS, **about: Any) -> StoredResource:
    """A charge on an order or its first item, as the work on the order would bring it up."""
    def work(connection: Any) -> StoredResource:
        order = orders.fetch(connection, tenant, order_id)
        assert order is not None
        document = propose(new_id(), order_id, positions, at=moment(), answer_within=timedelta(days=days),
                           item_id=order.document["items"][0]["id"] if item else None, **about)
        charge = resources.beside(order, "charge", document, at=datetime.now(UTC).timestamp())
        resources.insert(connection, charge)
        return charge

    return service.world.store.commit_now(work)


def a_cancellation(order_id: str, **members: Any) -> Document:
    """What a buyer sends to cancel."""
    return {"productOrder": {"productOrderId": order_id}, "relatedContactInformation": [CONTACT], **members}


def a_move(order_id: str, item_id: str = "", **members: Any) -> Document:
    """What a buyer sends to have an item at another time."""
    first = INTERNET["productOrderItem"][0]["id"]
    return {"productOrderItem": {"productOrderId": order_id, "productOrderItemId": item_id or first}, **members}


def asked(service: Running, path: str, document: Document, client: str = "carrier", **options: Any) -> Document:
    """A request that is accepted."""
    answer = service.call("POST", path, client, json=document, **options)
    assert answer.status_code == 201, answer.text
    told: Document = answer.json()
    return told


def wrong(answer: httpx.Response, status: int = 422) -> set[tuple[str, str]]:
    """Where a document is wrong, and by which code."""
    assert answer.status_code == status, answer.text
    return {(one["propertyPath"], one["code"]) for one in answer.json()}


def moment(days: float = 0) -> str:
    """So many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def listed(service: Running, path: str, client: str = "carrier") -> list[str]:
    """Ids of what a list shows."""
    answer = service.call("GET", path, client)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]


def finished(service: Running, kind: str, id: str, state: str, tenant: str = "alpha", **members: Any) -> None:
    """A request that has come to its end."""
    def work(connection: Any) -> None:
        stored = resources.fetch(connection, tenant, kind, id)
        assert stored is not None
        document = {**stored.document, "state": state, **members}
        resources.replace(connection, dataclasses.replace(stored, document=document), stored.version)

    service.world.store.commit_now(work)
