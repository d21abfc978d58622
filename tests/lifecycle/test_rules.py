"""Rules about orders and items, one test for each, named after it: ORD and OWN; and what holds for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lso.lifecycle.known import Known
from lso.lifecycle.rules import catalogue
from tests.lifecycle.conftest import INTERNET, OPERATOR_UNI, RESPELLED_UNI
from tests.lifecycle.examination import Document, Orders, wrong, wrong_later


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


@pytest.mark.parametrize("dialect", ["sonata", "tmf"])
def test_own_6_coordinated_items_do_not_begin_before_each_other(an_order: Orders, known: Known, dialect: str) -> None:
    order = an_order("private_line")
    items = order["items"]
    items[0]["coordination"] = [{"item_id": one["id"], "dependency": "startAfter",
                                 "delay": {"amount": amount, "unit": "calendar_days"}}
                                for one, amount in zip(items[1:], (0, -1), strict=False)]
    items[1]["coordination"] = ["odd", {"item_id": items[0]["id"], "delay": {"amount": -0.5}}, {"delay": "odd"}]
    assert {pointer for pointer, code in wrong(order, known, dialect) if code == "invalidValue"} == {
        "/items/0/coordination/1/delay/amount", "/items/1/coordination/1/delay/amount"}


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
