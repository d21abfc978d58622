"""One order of Sonata's, and what its buyer does to it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from lso.canonical.order import Order, dump
from lso.canonical.tenant import Caller
from lso.dialects import face, patch
from lso.dialects.amendment import Validate
from lso.dialects.book import Book
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.lifecycle.order import begin
from lso.service.order import Orders
from lso.settings import data_folder
from lso.store import order as stored_orders
from lso.store import outbox, subscription
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.order import StoredOrder
from lso.store.subscription import Subscription
from lso.workflow.notice import notice
from tests.service.conftest import own, run
from tests.service.placing import BASE, SONATA, TMF, place

Document = dict[str, Any]
NOTE = {"id": "n-9", "author": "Ada", "date": "2030-01-01T00:00:00Z", "source": "buyer", "text": "Ring twice."}
FAULT = {"role": "buyerFaultContact", "name": "Fay", "number": "+1 555", "emailAddress": "fay@buyer.example"}


class Scene:
    """One order of Sonata's, and what its buyer does to it."""

    def __init__(self, orders: Orders, book: Book, caller: Callable[..., Caller], store: Store) -> None:
        self.orders, self.book, self.caller, self.store = orders, book, caller(), store
        self.document = own("sonata/internet_add.json")
        self.placed = place(orders, book, self.caller, copy.deepcopy(self.document))
        self.id = self.placed.stored.id
        specs = data_folder("specs")
        document = load(specs / "sonata" / "productOrderManagement.yaml")
        validators = Validators(document, load_products(specs / "products"), book.edition(SONATA).products)
        answer = validators.answer("/productOrder/{id}", "patch", 200)
        assert answer
        self.validate: Validate = answer.findings

    def amend(self, body: Document, validate: Validate | None = None) -> Document:
        amended = run(self.orders.amend(self.caller, self.book.edition(SONATA), self.id,
                                        lambda one: patch.merge_by_id(one, body), validate or self.validate))
        return amended.shown

    def refused(self, body: Document, error: type[Exception]) -> set[str]:
        """Where it is refused; nothing changes."""
        before = self.kept
        with pytest.raises(error) as raised:
            self.amend(body)
        assert self.kept == before
        return {finding.pointer for finding in raised.value.findings}  # type: ignore[attr-defined]

    @property
    def kept(self) -> StoredOrder:
        found = self.store.query_now(lambda connection: stored_orders.fetch(connection, self.caller.tenant, self.id))
        assert found
        return found

    @property
    def sight(self) -> Document:
        return face.show(self.book, self.book.edition(SONATA), self.kept.document, self.kept.complements,
                         base_url=BASE, native=True)

    def listen(self, edition: str = TMF) -> None:
        self.store.commit_now(lambda connection: subscription.insert(connection, Subscription(
            self.caller.tenant, new_id(), edition, "http://127.0.0.1:9", "", (), None, "demo-carrier", 0.0)))

    def told(self) -> list[str]:
        """Types of the events on their way, in order; they are settled."""
        return [one.event_type for one in self.notices()]

    def notices(self) -> Iterator[Any]:
        def look(connection: Connection) -> list[Any]:
            found = []
            while claimed := outbox.claim(connection, 10, owner="test", lease_seconds=9, now=4e9):
                for delivery in claimed:
                    found.append(notice(connection, self.book, delivery, base_url=BASE))
                    outbox.delivered(connection, delivery, now=4e9)
            return found
        return iter(self.store.commit_now(look))

    def work(self) -> None:
        """The order is begun, as the worker would begin it."""
        def step(connection: Connection) -> None:
            stored = stored_orders.fetch(connection, self.caller.tenant, self.id)
            assert stored
            order = begin(Order.model_validate(stored.document), at="2030-01-01T00:00:00Z").order
            stored_orders.replace(connection, replace(stored, document=dump(order)), stored.version)
        self.store.commit_now(step)

    def end(self) -> None:
        def step(connection: Connection) -> None:
            stored = stored_orders.fetch(connection, self.caller.tenant, self.id)
            assert stored
            document = {**stored.document, "state": "completed", "completed_at": "2030-01-02T00:00:00Z"}
            stored_orders.replace(connection, replace(stored, document=document), stored.version)
        self.store.commit_now(step)


def item_of(scene: Scene) -> Document:
    item: Document = scene.sight["productOrderItem"][0]
    return item
