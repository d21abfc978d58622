"""Rules about what products stand on and where they stand, one test for each, named after it: ANY-13 to ANY-15, PRD."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lso.lifecycle.known import Known, OfferingFact
from tests.lifecycle.conftest import ENNI, INTERNET
from tests.lifecycle.examination import Document, Orders, an_access_line, wrong, wrong_later


@pytest.mark.parametrize("target", ["nobody", "line"])
def test_any_13a_related_items_are_others_of_the_same_order(an_order: Orders, known: Known, target: str) -> None:
    order = an_order("private_line")
    order["items"][0]["relations"][1]["item_id"] = target
    assert ("/items/0/relations/1/item_id", "referenceNotFound") in wrong(order, known)


def test_any_13b_a_related_item_is_of_the_right_kind(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][2]["product"] |= {"schema": INTERNET, "offering_id": "internet"}
    assert wrong(order, known) == {("/items/0/relations/1/item_id", "invalidValue")}


def test_any_13b_an_enni_is_never_ordered(an_order: Orders, known: Known) -> None:
    order = an_access_line(an_order("private_line"))
    order["items"][0]["relations"].append({"kind": "CONNECTS_TO_ENNI", "item_id": "here"})
    order["items"][0]["product"]["relations"] = []
    assert wrong(order, known) == {("/items/0/relations/1/item_id", "invalidValue")}


def test_any_14a_related_products_are_in_the_inventory(an_order: Orders, known: Known) -> None:
    order = an_access_line(an_order("private_line"))
    assert not wrong(order, known)
    order["items"][0]["product"]["relations"][0]["product_id"] = "unheard-of"
    assert wrong(order, known) == {("/items/0/product/relations/0/product_id", "referenceNotFound")}


def test_any_14b_a_related_product_is_of_the_right_kind(an_order: Orders, known: Known) -> None:
    order = an_access_line(an_order("private_line"))
    order["items"][0]["product"]["relations"][0]["product_id"] = "uni-1"
    assert wrong(order, known) == {("/items/0/product/relations/0/product_id", "invalidValue")}


def test_prd_1_a_product_is_related_to_all_it_stands_on_and_to_each_once(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][0]["relations"][1]["kind"] = "CONNECTS_TO_UNI_A"
    both = {("/items/0/relations", "missingProperty"), ("/items/0/relations/1", "invalidValue")}
    assert wrong(order, known) == both
    assert not wrong(order, known, "tmf")
    assert wrong_later(order) == both


def test_prd_1_what_must_exist_is_missed_among_the_products(an_order: Orders, known: Known) -> None:
    order = an_access_line(an_order("private_line"))
    del order["items"][0]["product"]["relations"]
    assert wrong(order, known) == {("/items/0/product/relations", "missingProperty")}


def test_prd_2_a_product_has_no_relations_but_those_of_its_kind(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][1]["relations"] = [{"kind": "LOOKS_AT", "item_id": "there"}]
    assert wrong(order, known) == {("/items/1/relations/0/kind", "invalidValue")}
    assert not wrong(order, known, "tmf")


@pytest.mark.parametrize("places", [None, []])
def test_any_15a_a_product_that_stands_somewhere_says_where(
        an_order: Orders, known: Known, places: list[Document] | None) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["places"] = places
    assert wrong(order, known) == {("/items/0/product/places", "missingProperty")}
    assert not wrong(order, known, "tmf")
    assert wrong_later(order) == {("/items/0/product/places", "missingProperty")}


def test_any_15b_a_product_stands_in_one_place_or_in_none(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    place = order["items"][1]["product"]["places"][0]
    order["items"][0]["product"]["places"] = [place]
    order["items"][1]["product"]["places"] = [place, place]
    assert wrong(order, known) == {("/items/0/product/places/0", "unexpectedProperty"),
                                   ("/items/1/product/places/1", "invalidValue")}


def test_any_15c_a_place_has_the_role_of_the_product_but_tm_forum_has_no_words_for_it(
        an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["places"][0]["role"] = "somewhere"
    assert wrong(order, known) == {("/items/0/product/places/0/role", "invalidValue")}
    assert not wrong(order, known, "tmf")
    assert not wrong_later(order)


@pytest.mark.parametrize(("kind", "id"), [("address", "unheard-of"), ("site", "address-1"), (None, "unheard-of")])
def test_any_15d_a_place_named_by_id_is_known_as_what_it_is_called(
        an_order: Orders, known: Known, kind: str | None, id: str) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["places"] = [{"role": "INSTALL_LOCATION", "kind": kind, "id": id}]
    assert wrong(order, known) == {("/items/0/product/places/0/id", "referenceNotFound")}


@pytest.mark.parametrize("place", [
    {"kind": "fielded_address", "fielded": {"street": "Main Street", "city": "Springfield", "country": "US"}},
    {"kind": "point", "point": {"datum": "WGS84", "x": "1", "y": "2"}},
    {"kind": "address_label", "labelled": {"label": "SPFDILXX", "label_type": "CLLI"}},
])
def test_any_15d_a_place_told_by_value_needs_no_id(an_order: Orders, known: Known, place: Document) -> None:
    order = an_order("internet_access")
    order["items"][0]["product"]["places"] = [{"role": "INSTALL_LOCATION", **place}]
    assert not wrong(order, known)


EVC = "urn:mef:lso:spec:cantata-sonata:eptree-evc:v1.0.0:all"
END = "urn:mef:lso:spec:cantata-sonata:eptree-evc-endpoint:v1.0.0:all"


@pytest.mark.parametrize(("kinds", "found"), [
    ([], {("/items/0/relations", "missingProperty")}),
    (["ROOT_ENDPOINT_OF_EVC"], set()),
    (["LEAF_ENDPOINT_OF_EVC"], set()),
    (["ROOT_ENDPOINT_OF_EVC", "LEAF_ENDPOINT_OF_EVC"], {("/items/0/relations/2", "invalidValue")})])
def test_prd_1_an_end_of_a_tree_is_root_or_leaf(an_order: Orders, known: Known, kinds: list[str],
                                                found: set[tuple[str, str]]) -> None:
    order = an_order("private_line")
    end, tree, uni = order["items"]
    tree["product"] = {"offering_id": "tree", "schema": EVC, "configuration": {}}
    end["product"] = {"offering_id": "tree", "schema": END, "configuration": {}}
    end["relations"] = [{"kind": "CONNECTS_TO_UNI", "item_id": uni["id"]},
                        *({"kind": kind, "item_id": tree["id"]} for kind in kinds)]
    allowing = replace(known, schemas=known.schemas | {EVC, END},
                       offerings={**known.offerings, "tree": OfferingFact(frozenset({EVC, END}), "orderable")})
    assert wrong(order, allowing) == found


def test_ofr_a_product_of_the_inventory_alone_is_not_ordered(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][1]["product"] |= {"schema": ENNI}
    assert ("/items/1/product/schema", "invalidValue") in wrong(order, replace(known, schemas=known.schemas | {ENNI}))


@pytest.mark.parametrize("dialect", ["sonata", "tmf"])
def test_own_4_two_ends_are_two_things(an_order: Orders, known: Known, dialect: str) -> None:
    order = an_order("private_line")
    line = order["items"][0]
    line["relations"][1]["item_id"] = line["relations"][0]["item_id"]
    assert wrong(order, known, dialect) == {("/items/0/relations/1/item_id", "invalidValue")}


def test_own_4_an_end_is_the_same_however_it_is_named(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    line, port = order["items"][0], order["items"][1]
    port |= {"action": "modify", "product": {**port["product"], "id": "uni-1"}}
    line["product"]["relations"] = [{"kind": "CONNECTS_TO_UNI_Z", "product_id": "uni-1"}]
    line["relations"] = [{"kind": "CONNECTS_TO_UNI_A", "item_id": port["id"]}]
    assert ("/items/0/product/relations/0/product_id", "invalidValue") in wrong(order, known)
