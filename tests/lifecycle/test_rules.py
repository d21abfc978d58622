"""One test for each rule of the catalogue, named after it; the catalogue knows which."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lso.lifecycle.known import Known, OfferingFact
from lso.lifecycle.rules import FOLDER, RuleError, catalogue, load
from tests.lifecycle.conftest import ACCESS_LINE, INTERNET, OPERATOR_UNI, RESPELLED_UNI

Document = dict[str, Any]
Orders = Callable[[str], Document]


def wrong(order: Document, known: Known, dialect: str = "sonata") -> set[tuple[str, str]]:
    return {(finding.pointer, finding.code) for finding in catalogue().examine(order, dialect, known)}


def wrong_later(order: Document) -> set[tuple[str, str]]:
    return {(finding.pointer, finding.code) for finding in catalogue().examine_later(order)}


@pytest.mark.parametrize("name", ["internet_access", "private_line", "change"])
@pytest.mark.parametrize("dialect", ["sonata", "cantata", "tmf"])
def test_a_good_order_has_no_findings(an_order: Orders, known: Known, name: str, dialect: str) -> None:
    assert not wrong(an_order(name), known, dialect)
    assert not wrong_later(an_order(name))


def test_ord_1_an_order_names_whom_to_contact(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["contacts"][0]["role"] = "somebodyElse"
    assert wrong(order, known) == {("/contacts", "missingProperty")}
    del order["contacts"]
    assert wrong(order, known) == {("/contacts", "missingProperty")}
    assert not wrong(order, known, "tmf")


def test_ord_2_an_item_says_when_it_is_wanted_but_a_delete_need_not(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    del order["items"][0]["requested_completion_at"]
    assert wrong(order, known) == {("/items/0/requested_completion_at", "missingProperty")}


def test_ord_2_and_ord_3_a_delete_may_come_with_date_and_contacts(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    order["items"][2] |= {"requested_completion_at": "2020-01-01T00:00:00Z", "contacts": order["items"][0]["contacts"]}
    assert not wrong(order, known)


def test_ord_3_an_item_names_three_contacts_and_what_is_missing_is_said_once(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    del order["items"][0]["contacts"][1:]
    (finding,) = catalogue().examine(order, "sonata", known)
    assert (finding.pointer, finding.code) == ("/items/0/contacts", "missingProperty")
    assert "buyerImplementationContact, buyerTechnicalContact" in finding.reason


def test_ord_4a_what_is_added_is_ordered_by_its_offering(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    del order["items"][0]["product"]["offering_id"]
    assert wrong(order, known) == {("/items/0/product/offering_id", "missingProperty")}
    assert not wrong(order, known, "tmf")
    assert wrong_later(order) == {("/items/0/product/offering_id", "missingProperty")}


def test_ord_4b_what_is_added_is_billed_and_bound(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    del order["items"][0]["billing_account_id"], order["items"][0]["requested_term"]
    assert wrong(order, known) == {("/items/0/billing_account_id", "missingProperty"),
                                   ("/items/0/requested_term", "missingProperty")}
    assert not wrong(order, known, "tmf")


def test_ord_5_what_is_changed_is_bound(an_order: Orders, known: Known) -> None:
    order = an_order("change")
    del order["items"][0]["requested_term"]
    assert wrong(order, known) == {("/items/0/requested_term", "missingProperty")}


def test_ord_6_one_account_for_all_items_where_that_was_agreed(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][2]["billing_account_id"] = "account-2"
    assert not wrong(order, known)
    agreed = replace(known, policies=frozenset({"single_billing_account"}))
    assert wrong(order, agreed) == {("/items/2/billing_account_id", "invalidValue")}


def test_ord_7_a_quote_where_that_was_agreed(an_order: Orders, known: Known) -> None:
    agreed = replace(known, policies=frozenset({"quote_required"}))
    assert wrong(an_order("internet_access"), agreed) == {("/items/0/quote_item", "missingProperty")}


def test_ord_8_a_quote_is_one_of_ours(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["quote_item"] = {"quote_id": "quote-1", "item_id": "1"}
    assert wrong(order, known) == {("/items/0/quote_item/quote_id", "referenceNotFound")}
    assert not wrong(order, replace(known, quotes=frozenset({"quote-1"})))


@pytest.mark.parametrize("target", ["nobody", "line"])
def test_ord_9_coordinated_items_are_others_of_the_same_order(an_order: Orders, known: Known, target: str) -> None:
    order = an_order("private_line")
    order["items"][0]["coordination"] = [
        {"item_id": "here", "dependency": "finish_to_start"}, {"item_id": target, "dependency": "start_to_start"}]
    assert wrong(order, known) == {("/items/0/coordination/1/item_id", "referenceNotFound")}


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


def test_own_1_the_billing_account_is_one_of_the_buyers(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    order["items"][0]["billing_account_id"] = "account-9"
    assert wrong(order, known) == {("/items/0/billing_account_id", "referenceNotFound")}


def test_own_2_a_respelled_kind_is_refused_by_the_strict_alone(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    order["items"][1]["product"]["schema"] = RESPELLED_UNI
    assert not wrong(order, known)
    strict = replace(known, policies=frozenset({"strict"}))
    assert wrong(order, strict) == {("/items/1/product/schema", "invalidValue")}


def test_an_item_without_product_is_accepted_from_tm_forum_and_has_a_reason_to_be_rejected(known: Known) -> None:
    order = {"items": [{"id": "1", "action": "add"}]}
    assert not wrong(order, known, "tmf")
    assert wrong_later(order)


def test_an_item_that_changes_nothing_lacks_nothing(known: Known) -> None:
    order = {"items": [{"id": "1", "action": "no_change"}]}
    assert not wrong(order, known, "tmf")
    assert not wrong_later(order)


def test_all_that_is_wrong_is_said_at_once(an_order: Orders, known: Known) -> None:
    order = an_order("private_line")
    del order["contacts"], order["items"][1]["product"]["places"], order["items"][2]["requested_term"]
    assert {pointer for pointer, _ in wrong(order, known)} == {
        "/contacts", "/items/1/product/places", "/items/2/requested_term"}


def test_a_reason_says_what_is_wrong_and_who_says_so(an_order: Orders, known: Known) -> None:
    order = an_order("internet_access")
    del order["contacts"]
    (finding,) = catalogue().examine(order, "sonata", known)
    assert finding.reason == "there is no contact with role productOrderContact (MEF 123 R13)"


NAMES = st.sampled_from(["id", "action", "items", "contacts", "role", "kind", "product", "places", "relations",
                         "schema", "product_id", "item_id", "offering_id", "coordination", "requested_term", "at_end"])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(),
                   st.sampled_from(["add", "modify", "delete", "x", "roll", INTERNET, OPERATOR_UNI, "internet"]))
JUNK = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
                    max_leaves=25)


@settings(max_examples=300, deadline=None)
@given(items=st.lists(st.dictionaries(NAMES, JUNK, max_size=8) | JUNK, max_size=3),
       rest=st.dictionaries(NAMES, JUNK, max_size=4), dialect=st.sampled_from(["sonata", "tmf", "native"]))
def test_the_evaluator_never_raises_and_never_changes_its_order(
        items: list[Any], rest: Document, dialect: str) -> None:
    order = rest | {"items": items}
    before = repr(order)
    everything = Known(schemas=frozenset({INTERNET, OPERATOR_UNI}), policies=frozenset({"strict", "quote_required",
                                                                                        "single_billing_account"}))
    for finding in (*catalogue().examine(order, dialect, everything), *catalogue().examine_later(order)):
        assert finding.pointer.startswith("/")
    assert repr(order) == before


def test_what_only_the_seller_writes_is_left_out(an_order: Orders) -> None:
    order = an_order("internet_access")
    sent = order | {"id": "mine", "state": "completed", "history": [], "items": [
        order["items"][0] | {"state": "completed", "terms": [], "errors": []}]}
    assert catalogue().strip(sent, "sonata") == order
    assert catalogue().strip(sent, "tmf")["items"][0]["terms"] == []


def test_every_rule_of_the_catalogue_has_a_test_named_after_it() -> None:
    functions = {node.name for node in ast.parse(Path(__file__).read_text(encoding="utf-8")).body
                 if isinstance(node, ast.FunctionDef)}
    untested = [rule.rule for rule in catalogue().rules
                if not any(rule.rule.lower().replace("-", "_") + "_" in f"{name}_" for name in functions)]
    assert not untested


@pytest.mark.parametrize(("before", "after"), [
    ("rule: ORD-5", "rule: ORD-4b"),
    ("check: {roles: [productOrderContact]}", "check: {wishes: [productOrderContact]}"),
    ("check: {roles: [productOrderContact]}", "check: {roles: [productOrderContact], perhaps: true}"),
    ("under: quote_required", "under: moonlight"),
    ("    for: {mef: door}", "    for: {martian: door}"),
    ("    for: {mef: door}", "    for: {mef: tomorrow}"),
    ("  - rule: ORD-1", "  - rule: ORD-1\n    mood: sombre"),
    ("    of: order", "    of: order\n    when: [add]"),
    ("completed: [tmf, native]", "completed: [tmf, martian]"),
])
def test_a_rule_file_with_a_mistake_is_refused(tmp_path: Path, before: str, after: str) -> None:
    text = (FOLDER / "order.yaml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "order.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    (tmp_path / "products.yaml").write_text((FOLDER / "products.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleError):
        load(tmp_path)


def test_a_product_file_with_a_mistake_is_refused(tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text((FOLDER / "order.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "products.yaml").write_text("products: {urn: {least: {}, plaice: INSTALL_LOCATION}}", encoding="utf-8")
    with pytest.raises(RuleError):
        load(tmp_path)


def an_access_line(order: Document) -> Document:
    """The private line made an Access E-Line: between a new operator UNI and an ENNI that exists."""
    line, uni = order["items"][0], order["items"][1]
    line["product"] |= {"offering_id": "access", "schema": ACCESS_LINE, "configuration": {"uniEp": {}, "enniEp": {}},
                        "relations": [{"kind": "CONNECTS_TO_ENNI", "product_id": "enni-1"}]}
    line["relations"] = [{"kind": "CONNECTS_TO_UNI", "item_id": "here"}]
    uni["product"] = {**uni["product"], "schema": OPERATOR_UNI, "offering_id": "operator-uni"}
    order["items"] = [line, uni]
    return order
