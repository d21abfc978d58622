"""Events in each subscriber's words."""

from __future__ import annotations

import pytest

from lso.canonical.event import Event, EventKind, dump, resource_of
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
CANCELLATION = {"id": "CAN-1", "state": "done", "productOrder": {"id": "ORD-9"}}
KINDS = EventKind.__args__
MEF_EVENTS = {
    "order_state": "productOrderStateChangeEvent", "item_state": "productOrderItemStateChangeEvent",
    "item_expected_completion": "productOrderItemExpectedCompletionDateSet",
    "item_milestone": "productSpecificProductOrderItemMilestoneEvent",
    "cancellation_state": "cancelProductOrderStateChangeEvent", "charge_created": "chargeCreateEvent",
    "charge_state": "chargeStateChangeEvent", "charge_timed_out": "chargeTimeoutEvent",
    "delivery_date_state": "modifyProductOrderItemRequestedDeliveryDateStateChangeEvent"}
TMF_EVENTS = {
    "order_created": "ProductOrderCreateEvent", "order_state": "ProductOrderStateChangeEvent",
    "order_changed": "ProductOrderAttributeValueChangeEvent", "item_state": "ProductOrderAttributeValueChangeEvent",
    "item_expected_completion": "ProductOrderAttributeValueChangeEvent",
    "item_milestone": "ProductOrderAttributeValueChangeEvent",
    "order_information_required": "ProductOrderInformationRequiredEvent", "order_deleted": "ProductOrderDeleteEvent",
    "cancellation_created": "CancelProductOrderCreateEvent", "cancellation_state": "CancelProductOrderStateChangeEvent",
    "cancellation_information_required": "CancelProductOrderInformationRequiredEvent"}


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
    assert event.write(BOOK, NATIVE, happened("order_state")) is None


EDITIONS = [(SONATA, MEF_EVENTS), (CANTATA, MEF_EVENTS), (TMF, TMF_EVENTS)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("edition", "types"), EDITIONS, ids=[edition.dialect for edition, _ in EDITIONS])
def test_every_kind_has_a_valid_notice_in_every_dialect_that_has_a_word_for_it(
        edition: Edition, types: dict[str, str], kind: EventKind) -> None:
    assert edition.notification is not None
    shown = CANCELLATION if resource_of(kind) == "cancellation" else SHOWN
    notice = event.write(BOOK, edition, happened(kind, resource=resource_of(kind), item_id="1", milestone="site visit"),
                         shown if edition is TMF else None)
    if kind not in types:
        assert notice is None
        return
    assert notice is not None
    assert notice.event_type == types[kind]
    listener = types[kind][0].lower() + types[kind][1:]
    assert notice.path == f"{edition.notification.base_path}/listener/{listener}"
    validators = Validators(load(data_folder("specs") / edition.notification.document), None, None)
    body = validators.body(f"/listener/{listener}", "post")
    assert body is not None
    assert body.findings(notice.body) == ()
    assert ("fieldPath" in notice.body) <= (edition is TMF)


@pytest.mark.parametrize(("edition", "types"), EDITIONS, ids=[edition.dialect for edition, _ in EDITIONS])
def test_every_listener_of_a_document_has_an_event(edition: Edition, types: dict[str, str]) -> None:
    assert edition.notification is not None
    document = load(data_folder("specs") / edition.notification.document).document
    listeners = {path.rpartition("/")[2].casefold() for path in document["paths"] if path.startswith("/listener/")}
    assert {name.casefold() for name in types.values()} == listeners
    assert len(listeners) == (8 if edition is TMF else 9)


def test_a_mef_event_names_what_it_is_about() -> None:
    for kind in ("item_state", "item_expected_completion", "item_milestone"):  # MEF 123 R106, CR7
        notice = event.write(BOOK, SONATA, happened(kind, item_id="1", milestone="site visit"))
        assert notice is not None
        assert notice.body["event"]["orderItemId"] == "1"
        assert notice.body["event"]["milestoneName"] == "site visit"
    notice = event.write(BOOK, SONATA, happened("charge_created", resource="charge", subject_id="CHG-1"))
    assert notice is not None
    assert notice.body["event"] == {"id": "CHG-1", "buyerId": "harbour"}


def test_a_tm_forum_event_about_a_cancellation_carries_the_cancellation() -> None:
    notice = event.write(BOOK, TMF, happened("cancellation_state", resource="cancellation", subject_id="CAN-1"),
                         CANCELLATION)
    assert notice is not None
    assert notice.body["event"] == {"cancelProductOrder": CANCELLATION}
    bare = event.write(BOOK, TMF, happened("cancellation_state", resource="cancellation", subject_id="CAN-1"))
    assert bare is not None
    assert bare.body["event"] == {"cancelProductOrder": {"id": "CAN-1"}}


@pytest.mark.parametrize("query", [None, "", "  "])
def test_a_subscription_without_query_asks_for_all_events_of_the_api(query: str | None) -> None:
    assert event.wanted(BOOK, SONATA, query) == set(MEF_EVENTS)
    assert event.wanted(BOOK, TMF, query) == set(TMF_EVENTS)


@pytest.mark.parametrize("query", [
    "eventType=productOrderStateChangeEvent,productOrderItemStateChangeEvent",
    "eventType=productOrderStateChangeEvent&eventType=productOrderItemStateChangeEvent",
    " eventType = productOrderStateChangeEvent , productOrderItemStateChangeEvent "])
def test_event_types_may_be_asked_for_in_each_usual_spelling(query: str) -> None:
    assert event.wanted(BOOK, SONATA, query) == {"order_state", "item_state"}


def test_one_tm_forum_event_may_stand_for_several_of_ours() -> None:
    assert event.wanted(BOOK, TMF, "eventType=ProductOrderAttributeValueChangeEvent") == {
        "order_changed", "item_state", "item_expected_completion", "item_milestone"}


def test_the_guides_spelling_of_the_date_event_is_understood() -> None:
    assert event.wanted(BOOK, SONATA, "eventType=productOrderItemExpectedCompletionDateSetEvent") == {
        "item_expected_completion"}


@pytest.mark.parametrize("query", ["eventType=nothing", "state=held", "eventType"])
def test_a_query_that_would_deliver_the_wrong_events_is_refused(query: str) -> None:
    with pytest.raises(NotUnderstood):
        event.wanted(BOOK, SONATA, query)
