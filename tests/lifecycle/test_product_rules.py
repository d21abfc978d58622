"""Rules about the products of an order, one test for each, named after it: ANY of the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lso.lifecycle.known import Known, OfferingFact
from tests.lifecycle.conftest import ACCESS_LINE, INTERNET
from tests.lifecycle.examination import Document, Orders, wrong, wrong_later


def test_any_4_what_is_added_has_no_id_yet(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["id"] = "mine"
    assert wrong(order, known) == {("/items/0/product/id", "unexpectedProperty")}


def test_any_5_what_is_changed_or_removed_is_named(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    del order["items"][0]["product"]["id"], order["items"][2]["product"]
    missing = {("/items/0/product/id", "missingProperty"), ("/items/2/product/id", "missingProperty")}
    assert wrong(order, known) == missing
    assert not wrong(order, known, "tmf")
    assert wrong_later(order) == missing


def test_any_6_the_product_is_in_the_inventory(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"][2]["product"]["id"] = "unheard-of"
    assert wrong(order, known) == {("/items/2/product/id", "referenceNotFound")}
    assert wrong(order, known, "tmf") == {("/items/2/product/id", "referenceNotFound")}


def test_any_6_a_product_that_has_ended_cannot_end_again(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"][2]["product"]["id"] = "gone-1"
    assert wrong(order, known) == {("/items/2/product/id", "invalidValue")}


def test_any_6_a_product_of_a_kind_that_the_dialect_does_not_know_is_not_there(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"] = order["items"][2:]
    assert wrong(order, replace(known, schemas=known.schemas - {INTERNET})) == {
        ("/items/0/product/id", "referenceNotFound")}


def test_any_7_a_configuration_is_told_whole(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    del order["items"][0]["product"]["configuration"], order["items"][0]["product"]["schema"]
    assert wrong(order, known) == {("/items/0/product/configuration", "missingProperty")}
    assert not wrong(order, known, "tmf")
    assert wrong_later(order) == {("/items/0/product/configuration", "missingProperty")}


def test_any_8_what_is_removed_is_named_by_its_id_alone(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"][2]["product"] |= {"offering_id": "internet", "schema": INTERNET, "configuration": {},
                                     "places": [{"role": "INSTALL_LOCATION", "kind": "address", "id": "address-1"}]}
    assert wrong(order, known) == {(f"/items/2/product/{name}", "unexpectedProperty")
                                   for name in ("offering_id", "configuration", "places")}
    assert not wrong(order, known, "tmf")


def test_any_9_a_change_leaves_offering_kind_relations_and_places(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"][0]["product"] |= {"offering_id": "line", "schema": INTERNET,
                                     "places": [{"role": "INSTALL_LOCATION", "kind": "site", "id": "site-1"}]}
    order["items"][1]["product"]["relations"][1]["product_id"] = "uni-1"
    told = wrong(order, known)
    assert {(f"/items/0/product/{name}", "invalidValue") for name in ("offering_id", "schema", "places")} <= told
    assert ("/items/1/product/relations", "invalidValue") in told


@pytest.mark.parametrize(("said", "changed"), [
    ({"id": "home", "kind": "site", "labelled": {"label": "Quay 4"}}, False), ({"id": "home", "kind": None}, False),
    ({"id": "site-1", "kind": "site", "labelled": {"label": "Quay 4"}}, True),
    ({"kind": "address_label", "labelled": {"label": "Quay 4"}}, True)])
def test_any_9_the_name_of_a_place_is_not_where_it_is(an_order: Orders, known: Known, said: Document,
                                                     changed: bool) -> None:
    order = an_order("change")
    (had,) = known.products[order["items"][0]["product"]["id"]].document["places"]
    place = {"role": had["role"], **said} | ({"id": had["id"]} if said.get("id") == "home" else {})
    order["items"][0]["product"]["places"] = [{name: value for name, value in place.items() if value is not None}]
    assert (("/items/0/product/places", "invalidValue") in wrong(order, known)) is changed


@pytest.mark.parametrize(("said", "changed"), [
    ({"labelled": {"label": "Home"}}, False), ({"labelled": {"label": "WIENAT01", "label_type": "CLLI"}}, True),
    ({"fielded": {"street": "Quay", "number": "5"}}, True)])
def test_any_9_nor_is_it_that_of_an_address_by_value(an_order: Orders, known: Known, said: Document,
                                                    changed: bool) -> None:
    quay = {"role": "INSTALL_LOCATION", "kind": "fielded_address", "fielded": {"street": "Quay", "number": "4"}}
    order = an_order("change")
    product = order["items"][0]["product"]
    product["places"] = [quay | said]
    fact = replace(known.products[product["id"]], document={"places": [quay]})
    told = wrong(order, replace(known, products={**known.products, product["id"]: fact}))
    assert (("/items/0/product/places", "invalidValue") in told) is changed


def test_any_9_relations_may_be_told_through_items_of_the_order(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    del order["items"][1]["product"]["relations"][0]
    order["items"][1]["relations"] = [{"kind": "CONNECTS_TO_UNI_A", "item_id": "change"}]
    assert not wrong(order, known)
    order["items"][1]["relations"][0]["kind"] = "CONNECTS_TO_UNI_Z"
    assert ("/items/1/relations", "invalidValue") in wrong(order, known)


def test_any_10a_the_offering_is_known(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["offering_id"] = "unheard-of"
    assert wrong(order, known) == {("/items/0/product/offering_id", "referenceNotFound")}


def test_any_10b_in_tm_forum_an_offering_alone_asks_for_nothing_and_is_rejected_later(
        an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["offering_id"] = "unheard-of"
    assert wrong(order, known, "tmf") == {("/items/0/product/offering_id", "referenceNotFound")}
    order["items"][0]["product"] = {"offering_id": "unheard-of"}
    assert not wrong(order, known, "tmf")
    assert ("/items/0/product/configuration", "missingProperty") in wrong_later(order)


def test_any_11_the_kind_is_one_of_the_dialect_and_of_the_offering(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    unknown_there = replace(known, schemas=known.schemas - {INTERNET})
    assert wrong(order, unknown_there) == {("/items/0/product/schema", "invalidValue")}
    order["items"][0]["product"]["offering_id"] = "line"
    assert wrong(order, known) == {("/items/0/product/schema", "invalidValue")}


def test_any_11_an_offering_without_any_kind_that_the_dialect_knows_is_not_ordered_there(
        an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"] = {"offering_id": "access"}
    unknown_there = replace(known, schemas=known.schemas - {ACCESS_LINE})
    assert wrong(order, unknown_there, "tmf") == {("/items/0/product/offering_id", "invalidValue")}


def test_any_16_items_have_ids_of_their_own(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][2]["id"] = "here"
    assert ("/items/2/id", "invalidValue") in wrong(order, known)


def test_any_17_the_life_cycle_of_the_offering_allows_the_action(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["offering_id"] = "retired"
    assert wrong(order, known) == {("/items/0/product/offering_id", "invalidValue")}


def test_any_17_what_is_no_longer_sold_may_still_be_changed(an_order: Orders, known: Known) -> None:
    offerings = {name: OfferingFact(fact.schemas, "endOfSale") for name, fact in known.offerings.items()}
    assert not wrong(an_order("change"), replace(known, offerings=offerings))


def test_any_18_a_term_that_rolls_says_for_how_long(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["requested_term"]["at_end"] = "roll"
    assert wrong(order, known) == {("/items/0/requested_term/roll", "missingProperty")}
    order["items"][0]["requested_term"]["roll"] = {"amount": 1, "unit": "calendar_months"}
    assert not wrong(order, known)


@pytest.mark.parametrize("member", ["duration", "roll"])
def test_own_3_a_term_lasts_some_time(an_order: Orders, known: Known, member: str) -> None:
    order = an_order("internet_access")
    for amount, unfit in ((0, True), (-5, True), (1, False), (0.5, False), ("many", False)):
        order["items"][0]["requested_term"][member] = {"amount": amount, "unit": "calendar_months"}
        for dialect in ("sonata", "tmf"):
            assert (wrong(order, known, dialect) == {
                (f"/items/0/requested_term/{member}/amount", "invalidValue")}) is unfit, (amount, dialect)
