"""Orders that are refused, through the service: what is said against them."""

from __future__ import annotations

from typing import Any

import pytest

from lso.canonical.criteria import Criteria
from lso.dialects.book import Book
from lso.errors import Finding, NotFound
from lso.service.order import Orders
from lso.store import product as products
from lso.store.engine import Store
from tests.service.conftest import Bell, own, published, run
from tests.service.placing import (
    BASIC,
    CANTATA,
    SONATA,
    TMF,
    Callers,
    Document,
    place,
    refusal,
    without_ours,
)


def test_the_uncorrected_order_lacks_its_place(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = published("mef139/uc06_order_add_basic.json")
    assert refusal(orders, the_book, caller(), document) == {("/productOrderItem/0/product/place", "missingProperty")}


def test_a_refused_order_leaves_nothing_behind(
        orders: Orders, the_book: Book, caller: Callers, bell: Bell) -> None:
    document = own("sonata/internet_add.json")
    del document["productOrderItem"][0]["billingAccount"]
    refusal(orders, the_book, caller(), document)
    listed = run(orders.list(caller(), the_book.edition(SONATA), Criteria()))
    assert (listed.total, bell.rung) == (0, [])


def test_findings_of_the_door_and_of_the_rules_come_together_each_once(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/internet_add.json")
    del document["productOrderItem"][0]["product"]["place"], document["productOrderItem"][0]["requestedItemTerm"]
    door = (Finding("/externalId", "invalidFormat", "no"),
            Finding("/productOrderItem/0/requestedItemTerm", "missingProperty", "the schema says so, too"))
    assert refusal(orders, the_book, caller(), document, findings=door) == {
        ("/externalId", "invalidFormat"), ("/productOrderItem/0/requestedItemTerm", "missingProperty"),
        ("/productOrderItem/0/product/place", "missingProperty")}


def test_what_is_there_and_malformed_is_not_also_missing(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/internet_add.json")
    document["relatedContactInformation"] = "Ines"
    door = (Finding("/relatedContactInformation", "invalidFormat", "not a list"),)
    assert refusal(orders, the_book, caller(), document, findings=door) == {
        ("/relatedContactInformation", "invalidFormat")}


@pytest.mark.parametrize("document", [
    {}, {"productOrderItem": None}, {"productOrderItem": [None, 7, {"product": []}]},
    {"productOrderItem": [{"id": 1, "action": [], "product": {"place": "here", "productRelationship": [1]}}]}])
def test_the_most_malformed_order_is_refused_politely(
        orders: Orders, the_book: Book, caller: Callers, document: Document) -> None:
    assert ("/relatedContactInformation", "missingProperty") in refusal(orders, the_book, caller(), document)


@pytest.mark.parametrize(("path", "value", "pointer", "code"), [
    (("product", "productOffering", "id"), "nothing", "/product/productOffering/id", "referenceNotFound"),
    (("billingAccount", "id"), "nothing", "/billingAccount/id", "referenceNotFound"),
    (("product", "place", 0), {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "nowhere"},
     "/product/place/0/id", "referenceNotFound"),
    (("product", "place", 0, "role"), "SOMEWHERE", "/product/place/0/role", "invalidValue"),
    (("product", "productRelationship"), [{"id": "nothing", "relationshipType": "X"}],
     "/product/productRelationship/0/id", "referenceNotFound"),
    (("productOrderItemRelationship",), [{"id": "nothing", "relationshipType": "X"}],
     "/productOrderItemRelationship/0/id", "referenceNotFound"),
    (("quoteItem", "quoteId"), "nothing", "/quoteItem/quoteId", "referenceNotFound"),
])
def test_a_fault_is_told_where_the_caller_made_it(
        orders: Orders, the_book: Book, caller: Callers, path: tuple[Any, ...], value: Any, pointer: str,
        code: str) -> None:
    document = own("sonata/internet_add.json")
    node = document["productOrderItem"][0]
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    assert (f"/productOrderItem/0{pointer}", code) in refusal(orders, the_book, caller(), document)


def test_a_respelled_kind_of_product_is_accepted_as_sent_unless_the_tenant_is_strict(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/epl_add.json")
    configuration = document["productOrderItem"][1]["product"]["productConfiguration"]
    configuration["@type"] = configuration["@type"].replace("cantata-sonata", "sonata")
    placed = place(orders, the_book, caller(), document)
    assert without_ours(placed.shown) == document
    there = the_book.edition(CANTATA)
    assert run(orders.retrieve(caller("demo-carrier-sil"), there, placed.stored.id)) == placed.stored
    assert refusal(orders, the_book, caller(strict=True), document) == {
        ("/productOrderItem/1/product/productConfiguration/@type", "invalidValue")}


def test_a_strict_tenant_of_tm_forum_is_refused_what_the_product_does_not_know(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    product = document["productOrderItem"][0]["product"]
    product["productCharacteristic"][0]["value"]["colour"] = "red"
    place(orders, the_book, caller("demo-enterprise"), document, TMF)
    where = "/productOrderItem/0/product/productCharacteristic/0/value/colour"
    assert (where, "unexpectedProperty") in refusal(
        orders, the_book, caller("demo-enterprise", strict=True), document, TMF)
    product["productCharacteristic"][0]["value"].pop("colour")
    product["productSpecification"] = {"id": "urn:mef:lso:spec:sonata:carrier-ethernet-subscriber-uni:v1.0.0:all"}
    assert ("/productOrderItem/0/product/productSpecification/id", "invalidValue") in refusal(
        orders, the_book, caller("demo-enterprise", strict=True), document, TMF)


def test_access_eline_does_not_exist_in_cantata(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/access_eline_add.json")
    told = refusal(orders, the_book, caller("demo-carrier-sil"), document, CANTATA)
    assert {(f"/productOrderItem/{index}/product/productConfiguration/@type", "invalidValue")
            for index in (0, 1)} <= told
    placed = place(orders, the_book, caller(), document)
    for edition in (CANTATA, TMF):
        with pytest.raises(NotFound):
            run(orders.retrieve(caller("demo-carrier-sil"), the_book.edition(edition), placed.stored.id))
        assert run(orders.list(caller("demo-carrier-sil"), the_book.edition(edition), Criteria())).total == 0
    assert run(orders.list(caller(), the_book.edition(SONATA), Criteria())).total == 1


def test_a_product_of_another_tenant_is_not_there(
        orders: Orders, the_book: Book, caller: Callers, store: Store) -> None:
    store.commit_now(lambda connection: products.insert(connection, products.StoredProduct(
        "demo-enterprise", "theirs", 1, None, BASIC, "active", "o", "i", None, None, 1.0, {})))
    document = own("sonata/internet_delete.json")
    document["productOrderItem"][0]["product"] = {"id": "theirs"}
    assert refusal(orders, the_book, caller(), document) == {("/productOrderItem/0/product/id", "referenceNotFound")}
