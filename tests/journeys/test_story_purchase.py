"""From an address to an order, in every language. What one client of a tenant asks and orders, its other clients see in
their own words, and nobody else does; what was sent comes back exactly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.conformance.desk import Desk, Document
from tests.journeys.documents import holds, linkless, ours, wrong_with
from tests.journeys.ledger import told as heard
from tests.journeys.purchase import Language, Wanted, languages
from tests.journeys.test_stories import subscribed
from tests.listener import Listener
from tests.running import Running, eventually

ADDRESSES = {"sonata": "/mefApi/sonata/geographicAddressManagement/v7",
             "cantata": "/mefApi/cantata/geographicAddressManagement/v1"}
ASKED = {"@type": "FieldedAddress", "streetNr": "4", "streetNrSuffix": "bis", "streetName": "du Port",
         "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}
ANSWERED = (200, 201)


def found(service: Running, language: str) -> str:
    """The id of an address; TM Forum's customers ask by Cantata."""
    door = language if language in ADDRESSES else "cantata"
    client = "demo-carrier" if door == "sonata" else "demo-carrier-sil"
    answer = Desk(service, ADDRESSES[door], client).post(
        {"provideAlternative": True, "submittedGeographicAddress": ASKED}, "/geographicAddressValidation")
    assert answer.status_code == 200, answer.text
    assert answer.json()["validationResult"] == "success"
    id: str = answer.json()["bestMatchGeographicAddress"]["id"]
    return id


def internet(place: str) -> Wanted:
    """Internet access there."""
    (item,) = ours("sonata/internet_add.json")["productOrderItem"]
    configuration = dict(item["product"]["productConfiguration"])
    return Wanted(item["product"]["productOffering"]["id"], configuration.pop("@type"), configuration, place)


def told(desk: Desk, document: Document, path: str) -> Document:
    """What a document has brought about; it says all that was sent, at once and when it is read again."""
    answer = desk.post(document, path)
    assert answer.status_code in ANSWERED, answer.text
    made: Document = answer.json()
    assert holds(made, document) == []
    assert holds(desk.read(made["id"], path), document) == []
    return made


def views(service: Running, id: str, desk: Callable[[Language], Desk], path: Callable[[Language], str],
          edition: str) -> dict[str, Any]:
    """A resource in every language, each as its document wants it."""
    seen = {}
    for name, counter in languages(service).items():
        seen[name] = desk(counter).read(id, path(counter))
        release = "v4" if name == "tmf" else "grace"
        assert wrong_with(f"{name}.{release}.{edition}", seen[name], f"{path(counter)}/{{id}}") == []
    assert linkless(seen["sonata"]) == linkless(seen["cantata"]), "the two have the same words"
    stranger = languages(service, "demo-enterprise")["tmf"]
    alone = type(stranger)("tmf", service, "demo-enterprise", stranger.poq.base, stranger.quote.base,
                           stranger.order.base)
    assert desk(alone).get(f"{path(alone)}/{id}").status_code == 404
    return seen


@pytest.mark.parametrize("name", ["sonata", "cantata", "tmf"])
def test_from_the_address_to_the_order_everybody_of_the_tenant_sees_every_step(
        service: Running, listener: Listener, name: str) -> None:
    buyer = languages(service)[name]
    for counter in languages(service).values():
        subscribed(service, counter.order.base, counter.client, f"{listener.url}/{counter.name}")
    wanted = internet(found(service, name))

    poq = told(buyer.poq, buyer.question(wanted), buyer.poqs)["id"]
    seen = views(service, poq, lambda one: one.poq, lambda one: one.poqs, "qualification")
    (item,) = seen["sonata"]["productOfferingQualificationItem"]
    assert (seen["sonata"]["state"], item["state"], item["serviceabilityConfidence"]) == (
        "done.ready", "done.ready", "green")
    (service_item,) = seen["tmf"]["serviceQualificationItem"]
    assert (seen["tmf"]["state"], service_item["qualificationResult"]) == ("done", "qualified")
    assert service_item["service"]["place"][0]["id"] == item["product"]["place"][0]["id"] == wanted.place

    quote = told(buyer.quote, buyer.inquiry(wanted, poq), buyer.quotes)["id"]
    seen = views(service, quote, lambda one: one.quote, lambda one: one.quotes, "quote")
    assert [seen[one]["state"] for one in seen] == ["approved.orderable", "approved.orderable", "approved"]
    prices = [sorted(price["price"]["dutyFreeAmount"]["value"] for price in one["quoteItem"][0]["quoteItemPrice"])
              for one in seen.values()]
    assert prices[0]
    assert prices == prices[:1] * 3

    order = told(buyer.order, buyer.purchase(wanted, poq, quote), buyer.orders)["id"]
    assert buyer.order.ended(order)["state"] == "completed"
    seen = views(service, order, lambda one: one.order, lambda one: one.orders, "order")
    for one in seen.values():
        (item,) = one["productOrderItem"]
        assert (one["state"], item["state"], item["quoteItem"]["quoteId"]) == ("completed", "completed", quote)
        assert item["productOfferingQualificationItem"]["productOfferingQualificationId"] == poq
    seen = views(service, quote, lambda one: one.quote, lambda one: one.quotes, "quote")
    assert {one["state"] for one in seen.values()} == {"accepted"}
    for counter in languages(service).values():
        eventually(partial(heard, listener, order, counter.changed, f"/{counter.name}/"))


@pytest.mark.parametrize("name", ["sonata", "cantata", "tmf"])
def test_what_does_not_follow_from_what_went_before_is_refused_in_its_own_words(service: Running, name: str) -> None:
    buyer = languages(service)[name]
    wanted = internet("ADDR-QUAY-4")
    answers = [buyer.quote.post(buyer.inquiry(wanted, "no-such-poq"), buyer.quotes),
               buyer.order.post(buyer.purchase(wanted, "no-such-poq", "no-such-quote"), buyer.orders)]
    pointers = []
    for answer in answers:
        assert answer.status_code == (400 if name == "tmf" else 422), answer.text
        errors = answer.json()["violation"] if name == "tmf" else answer.json()
        assert {one["code"] for one in errors} == {"referenceNotFound"}
        pointers.append({one["propertyPath"] for one in errors})
    assert pointers == [
        {"/quoteItem/0/productOfferingQualificationItem/productOfferingQualificationId"},
        {"/productOrderItem/0/productOfferingQualificationItem/productOfferingQualificationId",
         "/productOrderItem/0/quoteItem/quoteId"}]
