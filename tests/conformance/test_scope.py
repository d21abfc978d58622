"""What is offered, in whose name one asks, and what product configurations must be: MEF 123 R1-R11."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lso.dialects.book import book
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder
from tests.conformance.desk import ITEM, Desk, Document, at, bought, change, changed, internet, removal
from tests.journeys.documents import ours
from tests.listener import Listener
from tests.running import eventually

CONFIGURATION = f"{ITEM}/product/productConfiguration"
Tenant = Callable[..., Desk]
Register = Callable[..., Document]
GROUPS: dict[str, list[tuple[str, str]]] = {
    "dates": [("POST", "/modifyProductOrderItemRequestedDeliveryDate"),
              ("GET", "/modifyProductOrderItemRequestedDeliveryDate"),
              ("GET", "/modifyProductOrderItemRequestedDeliveryDate/none")],
    "cancellation": [("POST", "/cancelProductOrder"), ("GET", "/cancelProductOrder"),
                     ("GET", "/cancelProductOrder/none")],
    "charges": [("GET", "/charge"), ("GET", "/charge/none"), ("PATCH", "/charge/none")],
    "notifications": [("POST", "/hub"), ("GET", "/hub/none"), ("DELETE", "/hub/none")],
}


def offered(desk: Desk, group: str) -> set[bool]:
    """Whether the operations of a group are: one answer for all of them."""
    bodies: dict[str, Any] = {"POST": {}, "PATCH": {"chargeItem": []}}
    return {desk.call(method, path, json=bodies.get(method)).status_code != 501 for method, path in GROUPS[group]}


def test_r1_orders_are_created_listed_and_retrieved(desk: Desk) -> None:
    order = desk.made(internet())
    assert desk.get("/productOrder").status_code == 200
    assert desk.read(order["id"])["id"] == order["id"]


@pytest.mark.parametrize("group", GROUPS)
def test_o1_all_that_may_be_offered_is(desk: Desk, group: str) -> None:
    assert offered(desk, group) == {True}
    assert desk.patch("/productOrder/none", {"externalId": "x"}).status_code == 404


def test_cr1_changes_of_a_delivery_date_are_offered_as_a_whole(desk: Desk) -> None:
    assert len(offered(desk, "dates")) == 1


def test_cr2_cancellation_is_offered_as_a_whole(desk: Desk) -> None:
    assert len(offered(desk, "cancellation")) == 1


def test_cr3_charges_are_offered_as_a_whole_and_with_notifications(desk: Desk) -> None:
    assert offered(desk, "charges") | offered(desk, "notifications") in ({True}, {False}, {True, False})
    assert offered(desk, "charges") == {False} or offered(desk, "notifications") == {True}


def test_cr4_registration_is_offered_as_a_whole(desk: Desk) -> None:
    assert len(offered(desk, "notifications")) == 1


def code(desk: Desk, query: str = "") -> str:
    answer = desk.get(f"/productOrder{query}")
    assert answer.status_code == 400
    return str(answer.json()["code"])


def test_r2_who_speaks_for_several_buyers_names_one(tenant: Tenant) -> None:
    broker = tenant("norms-broker")
    assert code(broker) == "missingQueryParameter"
    assert code(broker, "?buyerId=") == "missingQueryValue"
    assert code(broker, "?buyerId=west") == "invalidQuery"
    assert broker.get("/productOrder?buyerId=north").status_code == 200


def test_r3_who_speaks_for_one_buyer_names_none(tenant: Tenant, desk: Desk) -> None:
    assert code(tenant("norms-broker-north"), "?buyerId=north") == "invalidQuery"
    assert tenant("norms-broker-north").get("/productOrder").status_code == 200
    assert code(desk, "?buyerId=any") == "invalidQuery"


def test_r4_where_several_sellers_answer_one_is_named(tenant: Tenant) -> None:
    house = tenant("norms-house")
    assert code(house) == "missingQueryParameter"
    assert code(house, "?sellerId=north") == "invalidQuery"
    assert house.get("/productOrder?sellerId=east").status_code == 200


def test_r5_where_one_seller_answers_none_is_named(desk: Desk) -> None:
    assert code(desk, "?sellerId=any") == "invalidQuery"


@pytest.mark.parametrize(("client", "name", "value"), [
    ("norms-broker", "buyerId", "north"), ("norms-house", "sellerId", "east")])
def test_r6_who_was_named_in_the_request_is_named_in_the_notifications(
        tenant: Tenant, listener: Listener, register: Register, client: str, name: str, value: str) -> None:
    desk = tenant(client, f"{name}={value}")
    register(desk, listener)
    order = desk.made(internet())
    eventually(lambda: listener.of(order["id"]))
    assert {heard.body["event"].get(name) for heard in listener.of(order["id"])} == {value}


def test_r7_what_is_particular_to_a_product_stands_in_its_configuration(desk: Desk) -> None:
    sent = internet()["productOrderItem"][0]["product"]
    product = desk.made(internet())["productOrderItem"][0]["product"]
    assert product["productConfiguration"] == sent["productConfiguration"]
    assert set(product) <= set(sent) | {"id", "href", "@type"}


def test_r8_the_type_of_a_configuration_names_a_specification(desk: Desk) -> None:
    assert (f"{CONFIGURATION}/@type", "missingProperty") in desk.refused(changed(internet(), f"{CONFIGURATION}/@type"))
    unknown = changed(internet(), f"{CONFIGURATION}/@type", "urn:mef:lso:spec:sonata:teapot:v1.0.0:all")
    assert (f"{CONFIGURATION}/@type", "invalidValue") in desk.refused(unknown)


def test_r9_a_configuration_conforms_to_its_specification(desk: Desk) -> None:
    assert desk.refused(changed(internet(), f"{CONFIGURATION}/ipvc/mtu", "1500")) == {
        (f"{CONFIGURATION}/ipvc/mtu", "invalidFormat")}
    assert desk.refused(changed(internet(), f"{CONFIGURATION}/ipvc/dscpPreservation", "PERHAPS")) == {
        (f"{CONFIGURATION}/ipvc/dscpPreservation", "invalidValue")}
    assert desk.refused(changed(internet(), f"{CONFIGURATION}/ipUni")) == {
        (f"{CONFIGURATION}/ipUni", "missingProperty")}


def test_r10_what_is_sent_conforms_to_the_document(desk: Desk) -> None:
    assert desk.refused(changed(internet(), f"{ITEM}/requestedCompletionDate", "soon")) == {
        (f"{ITEM}/requestedCompletionDate", "invalidFormat")}
    assert desk.refused(changed(internet(), f"{ITEM}/action", "teleport")) >= {(f"{ITEM}/action", "invalidValue")}


def test_r10_what_is_answered_conforms_to_the_document(desk: Desk) -> None:
    specs = data_folder("specs")
    edition = next(one for one in book().editions if one.base_path == desk.base)
    validators = Validators(load(specs / "sonata" / "productOrderManagement.yaml"), load_products(specs / "products"),
                            edition.products)
    created, read = (validators.answer(path, method, status) for path, method, status in (
        ("/productOrder", "post", 201), ("/productOrder/{id}", "get", 200)))
    assert created
    assert read
    product = bought(desk)
    for document in (internet(), ours("sonata/epl_add.json"), at("FAIL-Street-1"), at("REJECT-Street-1"),
                     change(product), removal(product)):
        order = desk.made(document)
        assert list(created.findings(order)) == []
        assert list(read.findings(desk.ended(order["id"]))) == []


def test_r11_the_rules_of_a_product_about_relations_and_places_are_kept(desk: Desk) -> None:
    line = ours("sonata/epl_add.json")
    assert desk.refused(changed(line, f"{ITEM}/productOrderItemRelationship/1")) == {
        (f"{ITEM}/productOrderItemRelationship", "missingProperty")}
    assert desk.refused(changed(line, f"{ITEM}/productOrderItemRelationship/1/relationshipType", "LOOKS_AT")) >= {
        (f"{ITEM}/productOrderItemRelationship/1/relationshipType", "invalidValue")}
    assert desk.refused(changed(internet(), f"{ITEM}/product/place")) == {(f"{ITEM}/product/place", "missingProperty")}
    assert desk.refused(changed(internet(), f"{ITEM}/product/place/0/role", "HOLIDAY")) == {
        (f"{ITEM}/product/place/0/role", "invalidValue")}
