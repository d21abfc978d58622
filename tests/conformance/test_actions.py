"""What is asked of an item by its action: MEF 123 R30-R44."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.desk import ITEM, Desk, Document, Found, bought, change, changed, internet, removal
from tests.journeys.documents import ours

PRODUCT = f"{ITEM}/product"
PLACE = {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "SITE-QUAY-4"}
Tenant = Callable[..., Desk]


def without(document: Document, path: str, at: str = "") -> tuple[Document, Found]:
    """A document that lacks a member, and what is said about it."""
    return changed(document, path), {(at or path, "missingProperty")}


def test_r30_what_is_added_has_its_configuration(desk: Desk) -> None:
    document, wrong = without(internet(), f"{PRODUCT}/productConfiguration")
    assert desk.refused(document) == wrong


def test_r31_what_is_added_says_which_other_items_it_relates_to(desk: Desk) -> None:
    document, wrong = without(ours("sonata/epl_add.json"), f"{ITEM}/productOrderItemRelationship")
    assert desk.refused(document) == wrong
    nowhere = changed(ours("sonata/epl_add.json"), f"{ITEM}/productOrderItemRelationship/0/id", "no-such-item")
    assert (f"{ITEM}/productOrderItemRelationship/0/id", "referenceNotFound") in desk.refused(nowhere)


def test_r32_what_is_added_names_its_offering(desk: Desk) -> None:
    document, wrong = without(internet(), f"{PRODUCT}/productOffering")
    assert desk.refused(document) == wrong
    unknown = changed(internet(), f"{PRODUCT}/productOffering/id", "no-such-offering")
    assert (f"{PRODUCT}/productOffering/id", "referenceNotFound") in desk.refused(unknown)


def test_r33_what_is_added_names_a_billing_account(desk: Desk) -> None:
    document, wrong = without(internet(), f"{ITEM}/billingAccount")
    assert desk.refused(document) == wrong


def test_r34_what_is_added_has_a_term(desk: Desk) -> None:
    document, wrong = without(internet(), f"{ITEM}/requestedItemTerm")
    assert desk.refused(document) == wrong


@pytest.mark.parametrize("action", ["add", "modify"])
def test_r35_a_term_that_rolls_says_for_how_long(desk: Desk, action: str) -> None:
    document = internet() if action == "add" else change(bought(desk))
    document, wrong = without(document, f"{ITEM}/requestedItemTerm/rollInterval")
    assert desk.refused(document) == wrong
    desk.made(changed(document, f"{ITEM}/requestedItemTerm/endOfTermAction", "autoRenew"))


def test_r36_what_is_added_has_no_product_id_yet(desk: Desk) -> None:
    assert desk.refused(changed(internet(), f"{PRODUCT}/id", "mine")) == {(f"{PRODUCT}/id", "unexpectedProperty")}


@pytest.mark.parametrize("action", ["add", "modify"])
def test_r37_an_item_with_a_term_that_the_seller_does_not_have_is_rejected(
        desk: Desk, tenant: Tenant, action: str) -> None:
    here = tenant("norms-terms")
    document = internet() if action == "add" else change(bought(here))
    document = changed(changed(document, f"{ITEM}/quoteItem"), f"{ITEM}/requestedItemTerm/duration/amount", 11)
    order = here.ended(here.made(document)["id"])
    (item,) = order["productOrderItem"]
    assert (order["state"], item["state"]) == ("rejected", "rejected")
    (error,) = item["terminationError"]
    assert (error["code"], error["propertyPath"]) == ("invalidValue", f"{ITEM}/requestedItemTerm/duration")
    assert desk.ended(desk.made(changed(internet(), f"{ITEM}/requestedItemTerm/duration/amount", 11))["id"])[
        "state"] == "completed", "terms are as agreed with each tenant"


@pytest.mark.parametrize(("member", "value"), [
    ("duration/amount", 12), ("duration/units", "calendarDays"), ("endOfTermAction", "autoRenew")])
def test_r38_an_item_with_another_term_than_its_quote_is_rejected(tenant: Tenant, member: str, value: object) -> None:
    here = tenant("norms-terms")
    document = changed(internet(), f"{ITEM}/requestedItemTerm/{member}", value)
    order = here.ended(here.made(document)["id"])
    (item,) = order["productOrderItem"]
    assert (order["state"], item["state"]) == ("rejected", "rejected")
    assert {(error["code"], error["propertyPath"].startswith(f"{ITEM}/requestedItemTerm"))
            for error in item["terminationError"]} == {("invalidValue", True)}


def test_r37_r38_an_item_with_a_term_as_agreed_and_quoted_is_completed(tenant: Tenant) -> None:
    here = tenant("norms-terms")
    assert here.ended(here.made(internet())["id"])["state"] == "completed"


def test_r39_what_is_changed_names_its_product_and_has_its_whole_configuration(desk: Desk) -> None:
    document = change(bought(desk))
    for path in (f"{PRODUCT}/id", f"{PRODUCT}/productConfiguration"):
        lacking, wrong = without(document, path)
        assert desk.refused(lacking) >= wrong
    unknown = changed(document, f"{PRODUCT}/id", "no-such-product")
    assert (f"{PRODUCT}/id", "referenceNotFound") in desk.refused(unknown)
    part = changed(document, f"{PRODUCT}/productConfiguration/ipUni")
    assert desk.refused(part) == {(f"{PRODUCT}/productConfiguration/ipUni", "missingProperty")}
    desk.made(changed(document, f"{PRODUCT}/productConfiguration/ipvc/mtu", 1400))


def test_r40_what_is_changed_repeats_offering_relations_and_places(desk: Desk) -> None:
    document = change(bought(desk))
    for member, value in (("productOffering", {"id": "BasicInternetAccessOffering-0001"}),
                          ("place", [PLACE]), ("place", None)):
        told = desk.refused(changed(document, f"{PRODUCT}/{member}", value))
        assert [path for path, _ in told if path.startswith(f"{PRODUCT}/{member}")], (member, value)
    desk.made(changed(document, f"{PRODUCT}/productOffering"))
    line, relations = ours("sonata/epl_modify.json"), f"{PRODUCT}/productRelationship"
    other = line["productOrderItem"][0]["product"]["productRelationship"][1]["id"]
    assert (relations, "invalidValue") in desk.refused(changed(line, f"{relations}/0/id", other))
    assert (f"{ITEM}/productOrderItemRelationship", "missingProperty") in desk.refused(changed(line, relations))


def test_r41_what_is_changed_says_which_other_items_it_relates_to(desk: Desk) -> None:
    document = changed(change(bought(desk)), f"{ITEM}/productOrderItemRelationship",
                       [{"id": "no-such-item", "relationshipType": "CONNECTS_TO_UNI"}])
    assert (f"{ITEM}/productOrderItemRelationship/0/id", "referenceNotFound") in desk.refused(document)
    line = changed(ours("sonata/epl_modify.json"), f"{PRODUCT}/productRelationship/1")
    assert (f"{ITEM}/productOrderItemRelationship", "missingProperty") in desk.refused(line)


def test_r42_what_is_changed_has_a_term(desk: Desk) -> None:
    document, wrong = without(change(bought(desk)), f"{ITEM}/requestedItemTerm")
    assert desk.refused(document) == wrong


def test_o7_what_is_changed_may_name_an_account(desk: Desk) -> None:
    document = change(bought(desk))
    desk.made(changed(document, f"{ITEM}/billingAccount"))
    unknown = changed(document, f"{ITEM}/billingAccount/id", "no-such-account")
    assert desk.refused(unknown) == {(f"{ITEM}/billingAccount/id", "referenceNotFound")}


def test_o8_changes_are_billed_to_one_account_where_that_was_agreed(tenant: Tenant) -> None:
    here = tenant("norms-one-account")
    document = change(bought(here))
    other = {**internet()["productOrderItem"][0], "id": "2",
             "billingAccount": {"id": "00000000-1111-0000-0000-000000000001"}}
    document["productOrderItem"].append(other)
    assert here.refused(document) == {("/productOrderItem/1/billingAccount/id", "invalidValue")}


def test_r43_what_is_removed_names_its_product(desk: Desk) -> None:
    document = removal(bought(desk))
    assert desk.refused(changed(document, f"{PRODUCT}/id")) == {(f"{PRODUCT}/id", "missingProperty")}
    assert desk.refused(changed(document, f"{PRODUCT}/id", "no-such-product")) == {
        (f"{PRODUCT}/id", "referenceNotFound")}
    assert desk.ended(desk.made(document)["id"])["state"] == "completed"
    assert desk.refused(document) == {(f"{PRODUCT}/id", "invalidValue")}, "it is gone"


def test_r44_what_is_removed_has_nothing_beside_its_id(desk: Desk) -> None:
    product = bought(desk)
    document = removal(product)
    for member in ("productOffering", "productConfiguration", "place"):
        told = desk.refused(changed(document, f"{PRODUCT}/{member}", product[member]))
        assert told == {(f"{PRODUCT}/{member}", "unexpectedProperty")}
    bare = {**document, "productOrderItem": [{"id": "1", "action": "delete", "product": {"id": product["id"]}}]}
    desk.made(bare)
