"""Orders of TM Forum, through the service: completed from what was agreed, and then orders like any other."""

from __future__ import annotations

import pytest

from lso.dialects.book import Book
from lso.errors import Finding
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.service.order import Orders
from lso.settings import data_folder
from tests.service.conftest import own, run
from tests.service.placing import (
    BASIC,
    SONATA,
    TMF,
    Callers,
    Document,
    place,
    refusal,
    shown,
    without_ours,
)


def valid_as_sonata(document: Document) -> list[Finding]:
    specs = data_folder("specs")
    written = load(specs / "sonata" / "productOrderManagement.yaml")
    validators = Validators(written, load_products(specs / "products"), None)
    return list(validators.named("ProductOrder").findings(document))


@pytest.mark.parametrize("document", [
    own("tmf/internet_add.json"),
    {"relatedParty": [{"id": "c-1", "role": "customer", "@referredType": "Organization"}],
     "productOrderItem": [{"id": "1", "action": "add", "productOffering": {"id": "BasicInternetAccessOffering-0001"},
                           "product": {"place": [{"id": "Budapest.66.1.1", "role": "installationAddress"}]}}]},
    {"productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "product": {
        "productSpecification": {"id": BASIC},
        "place": [{"id": "SITE-QUAY-4", "role": "INSTALL_LOCATION", "@referredType": "GeographicSite"}],
        "productOffering": {"id": "BasicInternetAccessOffering-0001"}}}],
     "note": [{"text": "hurry"}]},
], ids=["own", "offering and place", "specification and place"])
def test_what_a_sensible_tm_forum_client_sends_for_internet_access_is_a_valid_sonata_order(
        orders: Orders, the_book: Book, caller: Callers, document: Document) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    as_sonata = shown(the_book, placed, SONATA)
    assert not valid_as_sonata(as_sonata)
    for one in (as_sonata["relatedContactInformation"], as_sonata["productOrderItem"][0]["relatedContactInformation"]):
        assert all({"role", "name", "emailAddress", "number"} <= set(contact) for contact in one)
    item = as_sonata["productOrderItem"][0]
    assert {"requestedCompletionDate", "billingAccount", "requestedItemTerm"} <= set(item)
    assert item["product"]["productConfiguration"]["@type"] == BASIC
    for name, value in document["productOrderItem"][0].items():
        assert name == "product" or placed.shown["productOrderItem"][0][name] == value


def test_a_tm_forum_order_read_as_sonata_would_be_accepted_as_sonata(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json"), TMF)
    again = without_ours(shown(the_book, placed, SONATA))
    place(orders, the_book, caller(), again)


def test_a_tm_forum_change_says_only_what_changes(orders: Orders, the_book: Book, caller: Callers) -> None:
    faster = [{"name": "ipUni", "value": {"ingressBandwidthProfileEnvelope": []}}]
    document = {"productOrderItem": [{"id": "1", "action": "modify",
                                      "product": {"id": "PROD-501", "productCharacteristic": faster}}]}
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    product = placed.stored.document["items"][0]["product"]
    assert (product["offering_id"], product["schema"]) == ("OFFER-INTERNET-BASIC", BASIC)
    assert product["places"] == [{"role": "INSTALL_LOCATION", "kind": "site", "id": "SITE-QUAY-4"}]
    assert product["configuration"]["ipUni"] == {"ingressBandwidthProfileEnvelope": []}
    assert "ipUniAccessLinkTrunk" in product["configuration"]
    assert not valid_as_sonata(shown(the_book, placed, SONATA))


def test_a_tm_forum_order_without_mef_meaning_is_accepted_and_visible_in_tm_forum(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/gift_card.json")
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    assert placed.shown["state"] == "acknowledged"
    sent = without_ours(placed.shown | {"relatedContactInformation": []})["productOrderItem"]
    assert sent == document["productOrderItem"]
    assert run(orders.retrieve(caller("demo-carrier-sil"), the_book.edition(TMF), placed.stored.id)) == placed.stored


def test_three_of_a_product_are_not_silently_one(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    document["productOrderItem"][0]["quantity"] = 3
    assert refusal(orders, the_book, caller("demo-carrier-sil"), document, TMF) == {
        ("/productOrderItem/0/quantity", "invalidValue")}


def test_a_tm_forum_configuration_that_its_product_schema_refuses_is_refused(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    characteristics = document["productOrderItem"][0]["product"]["productCharacteristic"]
    index = next(index for index, one in enumerate(characteristics) if one["name"] == "ipUni")
    characteristics[index]["value"]["managementType"] = "NOBODY"
    told = refusal(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    assert told == {(f"/productOrderItem/0/product/productCharacteristic/{index}/value/managementType", "invalidValue")}
