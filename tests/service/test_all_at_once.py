"""Whatever is wrong with a request is told in one answer, each fault once, at the member where it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.errors import Finding
from lso.gateway.judge import ProductJudge
from lso.service.draft import distinct
from lso.service.order import Orders
from lso.service.qualification import Qualifications
from lso.settings import data_folder
from lso.store.engine import Store
from tests.service.conftest import Bell, now, own, run
from tests.service.placing import TMF, refusal

Callers = Callable[..., Caller]
Document = dict[str, Any]
ITEM = "/productOrderItem/0"
MANAGED = f"{ITEM}/product/productCharacteristic/0/value/managementType"


def ordered(**members: Any) -> Document:
    """A TMF622 order whose configuration has a fault, and with members of its own in the item."""
    order = own("tmf/internet_add.json")
    (item,) = order["productOrderItem"]
    item["product"]["productCharacteristic"] = [{"name": "ipUni", "value": {"managementType": "XX"}}]
    order["productOrderItem"] = [{**item, **members}]
    return order


def elsewhere(order: Document, place: str) -> Document:
    order["productOrderItem"][0]["product"]["place"] = [
        {"id": place, "role": "INSTALL_LOCATION", "@referredType": "GeographicAddress"}]
    return order


@pytest.mark.parametrize(("order", "beside"), [
    (elsewhere(ordered(), "NOPE"), (f"{ITEM}/product/place/0/id", "referenceNotFound")),
    (ordered(quoteItem={"id": "1", "quoteId": "NOPE"}), (f"{ITEM}/quoteItem/quoteId", "referenceNotFound")),
    (ordered(productOfferingQualificationItem={"id": "1", "productOfferingQualificationId": "NOPE"}),
     (f"{ITEM}/productOfferingQualificationItem/productOfferingQualificationId", "referenceNotFound")),
    (ordered(billingAccount={"id": "NOPE"}), (f"{ITEM}/billingAccount/id", "referenceNotFound")),
])
def test_a_fault_of_the_configuration_is_told_with_all_others(
        orders: Orders, the_book: Book, caller: Callers, order: Document, beside: tuple[str, str]) -> None:
    assert {(MANAGED, "invalidValue"), beside} <= refusal(orders, the_book, caller("demo-enterprise"), order, TMF)


def test_a_fault_of_one_item_is_told_with_that_of_another(orders: Orders, the_book: Book, caller: Callers) -> None:
    order = ordered()
    other = copy.deepcopy(own("tmf/internet_add.json")["productOrderItem"][0])
    order["productOrderItem"].append({**other, "id": order["productOrderItem"][0]["id"]})
    assert refusal(orders, the_book, caller("demo-enterprise"), order, TMF) >= {
        (MANAGED, "invalidValue"), ("/productOrderItem/1/id", "invalidValue")}


@pytest.mark.parametrize("item", [
    {"action": [], "product": {"productCharacteristic": 7}}, {"product": 7}, {"product": {"productSpecification": 7}},
    {"action": "modify", "product": {"id": "NOPE", "productCharacteristic": [{"name": "ipUni", "value": {}}]}}])
def test_what_cannot_be_read_is_not_judged(orders: Orders, the_book: Book, caller: Callers, item: Document) -> None:
    order = {"productOrderItem": [{"id": "1", "action": "add", **item}]}
    door = (Finding("/externalId", "invalidFormat", "no"),)
    told = refusal(orders, the_book, caller("demo-enterprise"), order, TMF, door)
    assert not [pointer for pointer, _ in told if "productCharacteristic/" in pointer]


def test_a_question_is_told_everything_too(store: Store, the_book: Book, bell: Bell, caller: Callers) -> None:
    judge = ProductJudge(data_folder("specs") / "products")
    checks = Qualifications("qualification", store, the_book, bell, now, judge=judge, survey=lambda *_: None)
    service = {"serviceSpecification": {"id": "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"},
               "serviceCharacteristic": [{"name": "ipUni", "value": {"managementType": "XX"}}],
               "place": [{"id": "NOPE", "role": "INSTALL_LOCATION", "@referredType": "GeographicAddress"}]}
    check = {"instantSyncQualification": True, "serviceQualificationItem": [{"id": "1", "service": service}]}
    with pytest.raises(Exception, match="cannot be accepted") as refused:
        run(checks.place(caller("demo-enterprise"), the_book.edition("tmf.v4.qualification"), check, (),
                         lambda _stored, _shown: None))
    base = "/serviceQualificationItem/0/service"
    assert {(one.pointer, one.code) for one in refused.value.findings} >= {  # type: ignore[attr-defined]
        (f"{base}/place/0/id", "referenceNotFound"),
        (f"{base}/serviceCharacteristic/0/value/managementType", "invalidValue")}


def test_two_things_missing_in_one_place_are_both_told(orders: Orders, the_book: Book, caller: Callers) -> None:
    order = own("sonata/epl_add.json")
    line = next(index for index, item in enumerate(order["productOrderItem"]) if "productOrderItemRelationship" in item)
    del order["productOrderItem"][line]["productOrderItemRelationship"]
    with pytest.raises(Exception, match="wrong") as refused:
        run(orders.check(caller(), the_book.edition("sonata.grace.order"), order))
    missing = [one.reason for one in refused.value.findings  # type: ignore[attr-defined]
               if one.pointer == f"/productOrderItem/{line}/productOrderItemRelationship"]
    assert len(missing) == len(set(missing)) == 2


def test_of_one_fault_the_door_and_the_reading_tell_once() -> None:
    long, odd = Finding("/id", "invalidFormat", "too long"), Finding("/id", "invalidFormat", "not like that")
    unread = Finding("/id", "invalidFormat", "cannot be read")
    other = Finding("/note", "invalidFormat", "cannot be read")
    assert distinct((long, odd, long), (unread, other)) == (long, odd, other)


@pytest.mark.parametrize(("member", "told"), [
    ("billingAccount", f"{ITEM}/billingAccount"), ("requestedItemTerm", f"{ITEM}/requestedItemTerm"),
    ("product/productOffering", f"{ITEM}/product/productOffering"), ("product/place", f"{ITEM}/product/place")])
def test_what_is_missing_is_told_at_the_first_member_that_is_not_there(
        orders: Orders, the_book: Book, caller: Callers, member: str, told: str) -> None:
    order = own("sonata/internet_add.json")
    node = order["productOrderItem"][0]
    *way, last = member.split("/")
    for name in way:
        node = node[name]
    del node[last]
    assert refusal(orders, the_book, caller(), order) == {(told, "missingProperty")}


@pytest.mark.parametrize("wrong", [7, None, "x", []])
def test_nothing_is_told_below_what_is_of_the_wrong_type(
        orders: Orders, the_book: Book, caller: Callers, wrong: Any) -> None:
    order = own("sonata/internet_add.json")
    order["productOrderItem"][0]["product"] = wrong
    door = (Finding(f"{ITEM}/product", "invalidFormat", "that is no object"),)
    told = refusal(orders, the_book, caller(), order, findings=door)
    assert told == {(f"{ITEM}/product", "invalidFormat")}


def test_what_a_removal_is_not_to_say_is_told_once(orders: Orders, the_book: Book, caller: Callers) -> None:
    order = own("sonata/internet_delete.json")
    order["productOrderItem"][0]["product"] |= {
        "productOffering": {"id": "NOPE"}, "productRelationship": [{"id": "NOPE", "relationshipType": "X"}]}
    assert refusal(orders, the_book, caller(), order) == {
        (f"{ITEM}/product/productOffering", "unexpectedProperty"),
        (f"{ITEM}/product/productRelationship", "unexpectedProperty")}
