"""Orders follow what was qualified; and whose question it is, only they see."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.conformance.desk import Desk, changed
from tests.conformance.qualification.inquiring import (
    CANTATA,
    ITEM,
    PATH,
    SONATA,
    TMF,
    Document,
    asked,
    judged,
    question,
)
from tests.conformance.quote import quoting
from tests.conformance.quote.quoting import SONATA as QUOTES
from tests.journeys.documents import ours
from tests.running import MEF, Running

ORDERED = "/productOrderItem/0"


REFERENCE = f"{ORDERED}/productOfferingQualificationItem"
YELLOW = "YELLOW-ALTERNATE-50-Street-1"


def an_order(reference: Document, product: Document, **members: Any) -> Document:
    """An order of a product, or of what differs from it, that follows an answer."""
    order = changed(ours("sonata/internet_add.json"), REFERENCE, reference)
    return changed(order, f"{ORDERED}/product", {**copy.deepcopy(product), **members})


def followed(made: Document) -> Document:
    """The reference to the answer about its only item."""
    return {"productOfferingQualificationId": made["id"], "id": made["productOfferingQualificationItem"][0]["id"]}


def at(place: str) -> list[Document]:
    return [{"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": place}]


def test_an_order_follows_what_was_qualified_and_what_was_proposed_instead(service: Running) -> None:
    poq, orders = Desk(service, SONATA, "demo-carrier"), Desk(service, MEF, "demo-carrier")
    made = asked(poq, question(YELLOW, provideAlternative=True))
    (item,) = made["productOfferingQualificationItem"]
    (proposal,) = item["alternateProductOfferingProposal"]
    product, other = item["product"], {**item["product"], **proposal["alternateProduct"]}
    name = followed(made)
    assert orders.made(an_order(name, product))["id"]
    chosen = {**name, "alternateProductOfferingProposalId": proposal["id"]}
    assert orders.made(an_order(chosen, other))["id"]
    assert orders.refused(an_order(chosen, product)) == {
        (f"{REFERENCE}/alternateProductOfferingProposalId", "invalidValue")}, "that is more than was proposed"
    for wrong, member in (
            (name, "productOfferingQualificationId"), (name, "id"), (chosen, "alternateProductOfferingProposalId")):
        unknown = an_order({**wrong, member: "no-such"}, other)
        assert orders.refused(unknown) == {(f"{REFERENCE}/{member}", "referenceNotFound")}
    waiting = asked(poq, question("THINK-5-Street-1", instant=False))
    assert orders.refused(an_order(followed(waiting), product)) == {
        (f"{REFERENCE}/productOfferingQualificationId", "invalidValue")}
    foreign = asked(Desk(service, SONATA, "norms-strict"), question())
    assert orders.refused(an_order(followed(foreign), product)) == {
        (f"{REFERENCE}/productOfferingQualificationId", "referenceNotFound")}


def test_what_was_qualified_is_what_is_quoted_and_ordered(service: Running) -> None:
    """The same kind of product and offering, at the same place, for no more bandwidth (MEF 123 O4, MEF 115 O1)."""
    poq, orders = Desk(service, SONATA, "demo-carrier"), Desk(service, MEF, "demo-carrier")
    made = asked(poq, question("Budapest-id-1"))
    product, name = made["productOfferingQualificationItem"][0]["product"], followed(made)
    faster = copy.deepcopy(product)
    faster["productConfiguration"]["ipUni"]["ingressBandwidthProfileEnvelope"][0]["maxIr"]["irValue"] = 5000
    for unlike in (an_order(name, faster), an_order(name, product, place=at("NewYorkAddress-id-1")),
                   an_order(name, product, productOffering={"id": "BasicInternetAccessOffering-0001"})):
        assert orders.refused(unlike) == {(f"{REFERENCE}/id", "invalidValue")}
    quotes = Desk(service, QUOTES, "demo-carrier")
    quote = changed(quoting.request(), f"{quoting.ITEM}/productOfferingQualificationItem", name)
    elsewhere = {**product, "place": at("NewYorkAddress-id-1")}
    assert quotes.refused(changed(quote, f"{quoting.ITEM}/product", elsewhere), quoting.PATH) == {
        (f"{quoting.ITEM}/productOfferingQualificationItem/id", "invalidValue")}
    assert quotes.made(changed(quote, f"{quoting.ITEM}/product", product), quoting.PATH)["id"]
    assert orders.made(an_order(name, product))["id"]


def test_a_place_is_the_same_however_it_is_told(service: Running) -> None:
    poq, orders = Desk(service, SONATA, "demo-carrier"), Desk(service, MEF, "demo-carrier")
    made = asked(poq, question("Budapest-id-1"))
    product, name = made["productOfferingQualificationItem"][0]["product"], followed(made)
    house = {"@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetName": "Example", "streetNr": "20",
             "streetNrSuffix": "14", "city": "budapest", "country": "HU"}
    label = {"@type": "GeographicAddressLabel", "role": "INSTALL_LOCATION", "externalReferenceType": "CLLI",
             "externalReferenceId": "BDPTHUEX"}
    for told in (house, label):
        assert orders.made(an_order(name, product, place=[told]))["id"]
    for told in ({**house, "city": "New York", "country": "US"}, {**label, "externalReferenceId": "NYCMNYEX"},
                 {**house, "streetNr": "66"}):
        assert orders.refused(an_order(name, product, place=[told])) == {(f"{REFERENCE}/id", "invalidValue")}


@pytest.mark.parametrize("place", ["RED-Street-1", "ALTERNATE-50-Street-1"])
def test_a_red_answer_is_followed_only_by_what_was_proposed_instead(service: Running, place: str) -> None:
    poq, orders = Desk(service, SONATA, "demo-carrier"), Desk(service, MEF, "demo-carrier")
    made = asked(poq, question(place, provideAlternative=True))
    (item,) = made["productOfferingQualificationItem"]
    assert item["serviceabilityConfidence"] == "red"
    assert orders.refused(an_order(followed(made), item["product"])) == {(f"{REFERENCE}/id", "invalidValue")}
    for proposal in item.get("alternateProductOfferingProposal", ()):
        other = {**item["product"], **proposal["alternateProduct"]}
        assert orders.refused(an_order(followed(made), other)) == {(f"{REFERENCE}/id", "invalidValue")}
        chosen = {**followed(made), "alternateProductOfferingProposalId": proposal["id"]}
        assert orders.made(an_order(chosen, other))["id"]


def test_one_tenant_never_sees_anothers(service: Running) -> None:
    mine, other = Desk(service, SONATA, "demo-carrier"), Desk(service, SONATA, "norms-strict")
    made = judged(mine, question(instant=False, externalId="isolation"))
    assert other.get(f"{PATH}/{made['id']}").status_code == 404
    assert other.listed("externalId=isolation", PATH) == []


def test_carriers_products_are_not_there_for_enterprises(service: Running) -> None:
    uni = {"@type": "urn:mef:lso:spec:sonata:carrier-ethernet-operator-uni:v5.0.0:all"}
    document = changed(question(), f"{ITEM}/product/productConfiguration", uni)
    document = changed(document, f"{ITEM}/product/productOffering/id", "OFFER-OPERATOR-UNI")
    made = asked(Desk(service, SONATA, "demo-carrier"), document)
    assert Desk(service, CANTATA, "demo-carrier-sil").get(f"{PATH}/{made['id']}").status_code == 404
    assert Desk(service, TMF, "demo-carrier-sil").get(f"/checkServiceQualification/{made['id']}").status_code == 404
    refused = Desk(service, CANTATA, "demo-carrier-sil").refused(document, PATH)
    assert (f"{ITEM}/product/productConfiguration/@type", "invalidValue") in refused


def test_the_same_key_is_one_question(poq: Desk) -> None:
    headers = {"Idempotency-Key": f"once {poq.base}"}
    answers = [poq.call("POST", PATH, json=question(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
