"""Events of what stands beside orders: told in each subscriber's words, to whom they concern and to nobody else."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lso.canonical.event import Event, dump
from lso.dialects.book import Book
from lso.dialects.event import Notice
from lso.lifecycle.order import Change
from lso.service.event import as_of, event_of, resource_event
from lso.service.removal import remove
from lso.store import order as orders
from lso.store import outbox
from lso.store import resource as resources
from lso.store.delivery import Delivery
from lso.store.engine import Store
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource
from lso.store.subscription import Subscription
from lso.workflow.notice import notice
from tests.service.conftest import now, run
from tests.store.orders import order

AT = "2026-01-31T12:00:00.000Z"
BASE = "https://bridge.example"
OPERATOR = "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all"
DOCUMENTS: dict[str, dict[str, Any]] = {
    "cancellation": {"id": "c-1", "state": "done", "reason": "moved away", "cancelled_at": AT},
    "charge": {"id": "c-1", "state": "awaiting_response", "items": []},
    "delivery_date": {"id": "c-1", "state": "done"},
}


def kept(store: Store, kind: str, of: StoredOrder) -> StoredResource:
    """A resource of an order, both in the store."""
    made = resources.beside(of, kind, {"order_id": of.id, **DOCUMENTS[kind]}, at=1.0)

    def work(connection: Any) -> None:
        orders.insert(connection, of)
        resources.insert(connection, made)

    store.commit_now(work)
    return made


def told(store: Store, book: Book, event: outbox.Event, edition: str, buyer_id: str | None = None) -> Notice | None:
    """What a subscriber of an edition is sent."""
    subscription = Subscription(event.tenant, "s", edition, "http://127.0.0.1:9", "", ("*",), buyer_id, "nobody", 1.0)
    delivery = Delivery(1, event.tenant, "pending", 0, 0, None, None, event, subscription)
    return store.query_now(lambda connection: notice(connection, book, delivery, base_url=BASE))


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_an_event_is_one_of_the_canonical_model(kind: str) -> None:
    of = order()
    event = resource_event(resources.beside(of, kind, DOCUMENTS[kind], at=1.0), f"{kind}_state", at=AT, state="done",
                           previous="acknowledged")
    assert dump(Event.model_validate(event.document)) == event.document
    assert (event.document["resource"], event.document["subject_id"], event.resource_id) == (kind, "c-1", "c-1")
    assert (event.document["order_id"], event.buyer_id) == (of.id, of.buyer_id)


@pytest.mark.parametrize(("kind", "event", "listener", "path"), [
    ("cancellation", "cancellation_state", "cancelProductOrderStateChangeEvent", "cancelProductOrder"),
    ("charge", "charge_created", "chargeCreateEvent", "charge"),
    ("charge", "charge_state", "chargeStateChangeEvent", "charge"),
    ("charge", "charge_timed_out", "chargeTimeoutEvent", "charge"),
    ("delivery_date", "delivery_date_state", "modifyProductOrderItemRequestedDeliveryDateStateChangeEvent",
     "modifyProductOrderItemRequestedDeliveryDate")])
def test_mef_hears_of_everything_by_its_id(store: Store, the_book: Book, kind: str, event: str, listener: str,
                                           path: str) -> None:
    resource = kept(store, kind, order())
    for edition in ("sonata.grace.order", "cantata.grace.order"):
        sent = told(store, the_book, resource_event(resource, event, at=AT), edition)
        assert sent is not None
        base = the_book.edition(edition).base_path
        assert sent.path.endswith(f"/listener/{listener}")
        assert sent.body["event"]["id"] == "c-1"
        assert sent.body["event"]["href"] == f"{BASE}{base}/{path}/c-1"


def test_mef_does_not_hear_that_a_cancellation_came_in(store: Store, the_book: Book) -> None:
    resource = kept(store, "cancellation", order())
    assert told(store, the_book, resource_event(resource, "cancellation_created", at=AT), "sonata.grace.order") is None


@pytest.mark.parametrize(("event", "listener"), [
    ("cancellation_created", "cancelProductOrderCreateEvent"),
    ("cancellation_state", "cancelProductOrderStateChangeEvent"),
    ("cancellation_information_required", "cancelProductOrderInformationRequiredEvent")])
def test_tm_forum_sees_the_cancellation_as_it_was_then(store: Store, the_book: Book, event: str, listener: str) -> None:
    resource = kept(store, "cancellation", order())
    sent = told(store, the_book, resource_event(resource, event, at=AT, state="acknowledged"), "tmf.v4.order")
    assert sent is not None
    assert sent.path == f"/listener/{listener}"
    shown = sent.body["event"]["cancelProductOrder"]
    assert (shown["id"], shown["state"], shown["cancellationReason"]) == ("c-1", "acknowledged", "moved away")
    assert "effectiveCancellationDate" not in shown
    assert shown["href"].endswith("/cancelProductOrder/c-1")


@pytest.mark.parametrize("kind", ["charge", "delivery_date"])
def test_tm_forum_does_not_hear_of_what_it_does_not_have(store: Store, the_book: Book, kind: str) -> None:
    resource = kept(store, kind, order())
    assert told(store, the_book, resource_event(resource, f"{kind}_state", at=AT), "tmf.v4.order") is None


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_what_is_about_products_that_a_dialect_does_not_know_is_not_told_there(store: Store, the_book: Book,
                                                                              kind: str) -> None:
    resource = kept(store, kind, dataclasses.replace(order(), schemas=(OPERATOR,)))
    event = resource_event(resource, f"{kind}_state", at=AT)
    assert told(store, the_book, event, "sonata.grace.order") is not None
    for edition in ("cantata.grace.order", "tmf.v4.order"):
        assert told(store, the_book, event, edition) is None


def test_what_happened_before_an_order_was_removed_is_told_all_the_same(store: Store, the_book: Book) -> None:
    of = order(state="cancelled")
    resource = kept(store, "cancellation", of)
    run(remove(store, of, now()))
    assert store.query_now(lambda c: resources.fetch(c, "acme", "cancellation", "c-1")) is None
    for edition in ("sonata.grace.order", "tmf.v4.order"):
        sent = told(store, the_book, resource_event(resource, "cancellation_state", at=AT, state="done"), edition)
        assert sent is not None
    gone = store.query_now(lambda c: outbox.event(c, "acme", f"{of.id}.deleted"))
    assert gone is not None
    sent = told(store, the_book, gone, "tmf.v4.order")
    assert sent is not None
    assert "beside" not in sent.body


def test_an_event_of_an_order_is_told_as_ever(store: Store, the_book: Book) -> None:


    of = order()
    store.commit_now(lambda connection: orders.insert(connection, of))
    event = event_of(of, Change("order_state", None, "acknowledged", AT))
    sent = told(store, the_book, event, "sonata.grace.order")
    assert sent is not None
    assert sent.event_type == "productOrderStateChangeEvent"


def test_a_task_is_rewound_to_the_state_that_is_told() -> None:
    task = {"id": "c-1", "state": "rejected", "denied_reason": "too late", "charge_id": "ch-1"}
    assert as_of(task, {"state": "in_progress"}) == {"id": "c-1", "state": "in_progress"}
    assert as_of(task, {"state": "assessing_charge"}) == {
        "id": "c-1", "state": "assessing_charge", "charge_id": "ch-1"}
    assert as_of(task, {"state": "rejected"}) == as_of(task, {}) == task
