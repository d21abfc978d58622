"""Events in each subscriber's words."""

from __future__ import annotations

import pytest

from lso.canonical.event import Event, EventKind, dump
from lso.dialects import event
from lso.dialects.book import book
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder

BOOK = book()
SONATA, CANTATA, TMF = (BOOK.edition(name) for name in ("sonata.grace.order", "cantata.grace.order", "tmf.v4.order"))
NATIVE = BOOK.edition("native.2026-01-01.order")
SHOWN = {"id": "ORD-9", "href": "https://bridge.example/9", "state": "inProgress",
         "productOrderItem": [{"id": "1", "action": "add"}]}
KINDS = EventKind.__args__


def happened(kind: str, **more: str) -> dict[str, str]:
    found: dict[str, str] = dump(Event.model_validate(
        {"id": "EV-1", "at": "2026-01-12T09:31:00Z", "kind": kind, "subject_id": "ORD-9", "state": "in_progress",
         "buyer_id": "harbour"} | more))
    return found


def test_a_mef_event_carries_ids_only() -> None:
    notice = event.write(BOOK, SONATA, happened("item_state", item_id="1"), href="https://bridge.example/9")
    assert notice is not None
    assert notice.path == "/mefApi/sonata/productOrderingNotification/v10/listener/productOrderItemStateChangeEvent"
    assert notice.body == {
        "eventId": "EV-1", "eventTime": "2026-01-12T09:31:00Z", "eventType": "productOrderItemStateChangeEvent",
        "event": {"id": "ORD-9", "orderItemId": "1", "buyerId": "harbour", "href": "https://bridge.example/9"}}


def test_a_cantata_event_goes_to_its_own_listener() -> None:
    notice = event.write(BOOK, CANTATA, happened("order_state"))
    assert notice is not None
    assert notice.path == "/mefApi/cantata/productOrderingNotification/v5/listener/productOrderStateChangeEvent"


def test_a_tm_forum_event_carries_the_order() -> None:
    notice = event.write(BOOK, TMF, happened("order_state"), SHOWN)
    assert notice is not None
    assert notice.path == "/listener/productOrderStateChangeEvent"
    assert notice.body == {"eventId": "EV-1", "eventTime": "2026-01-12T09:31:00Z",
                           "eventType": "ProductOrderStateChangeEvent", "event": {"productOrder": SHOWN}}
    notice = event.write(BOOK, TMF, happened("item_state", item_id="1"), SHOWN)
    assert notice is not None
    assert notice.path == "/listener/productOrderAttributeValueChangeEvent"
    assert notice.body["fieldPath"] == "productOrderItem.state"


def test_a_dialect_without_a_word_for_an_event_does_not_hear_of_it() -> None:
    assert event.write(BOOK, SONATA, happened("order_created")) is None
    assert event.write(BOOK, TMF, happened("charge_created"), SHOWN) is None
    assert event.write(BOOK, NATIVE, happened("order_state")) is None


@pytest.mark.parametrize("edition", [SONATA, CANTATA, TMF], ids=lambda edition: edition.dialect)
def test_every_notice_is_valid_against_its_listener(edition: Edition) -> None:
    assert edition.notification is not None
    validators = Validators(load(data_folder("specs") / edition.notification.document), None, None)
    for kind in event.wanted(BOOK, edition, None):
        notice = event.write(BOOK, edition, happened(kind, item_id="1"), SHOWN if edition is TMF else None)
        assert notice is not None
        body = validators.body(notice.path.removeprefix(edition.notification.base_path), "post")
        assert body is not None
        assert body.findings(notice.body) == ()


@pytest.mark.parametrize("query", [None, "", "  "])
def test_a_subscription_without_query_asks_for_all_events_of_the_api(query: str | None) -> None:
    assert event.wanted(BOOK, SONATA, query) == set(KINDS) - {"order_created"}


@pytest.mark.parametrize("query", [
    "eventType=productOrderStateChangeEvent,productOrderItemStateChangeEvent",
    "eventType=productOrderStateChangeEvent&eventType=productOrderItemStateChangeEvent",
    " eventType = productOrderStateChangeEvent , productOrderItemStateChangeEvent "])
def test_event_types_may_be_asked_for_in_each_usual_spelling(query: str) -> None:
    assert event.wanted(BOOK, SONATA, query) == {"order_state", "item_state"}


def test_one_tm_forum_event_may_stand_for_several_of_ours() -> None:
    assert event.wanted(BOOK, TMF, "eventType=ProductOrderAttributeValueChangeEvent") == {
        "item_state", "item_expected_completion", "item_milestone"}


def test_the_guides_spelling_of_the_date_event_is_understood() -> None:
    assert event.wanted(BOOK, SONATA, "eventType=productOrderItemExpectedCompletionDateSetEvent") == {
        "item_expected_completion"}


@pytest.mark.parametrize("query", ["eventType=nothing", "state=held", "eventType"])
def test_a_query_that_would_deliver_the_wrong_events_is_refused(query: str) -> None:
    with pytest.raises(NotUnderstood):
        event.wanted(BOOK, SONATA, query)
