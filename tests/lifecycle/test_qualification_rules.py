"""Rules about qualifications and queries: POQ and QRY, one test for each, and those that they share with orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lso.lifecycle.known import Known
from lso.lifecycle.placing import placing
from lso.lifecycle.rules import catalogue
from tests.lifecycle.conftest import INTERNET, LINE, UNI
from tests.lifecycle.examination import Document

AT_HOME = [{"role": "INSTALL_LOCATION", "kind": "address", "id": "address-1"}]


def a_question(**product: Any) -> Document:
    asked = {"offering_id": "internet", "schema": INTERNET, "configuration": {}, "places": AT_HOME} | product
    return {"contacts": [{"role": "buyerContactInformation"}],
            "items": [{"id": "1", "action": "add",
                       "product": {name: value for name, value in asked.items() if value is not None}}]}


def wrong(document: Document, known: Known, dialect: str = "sonata",
          kind: str = "qualification") -> set[tuple[str, str]]:
    return {(one.pointer, one.code) for one in placing(kind).examine(document, dialect, known)}


@pytest.mark.parametrize("dialect", ["sonata", "cantata", "tmf"])
def test_a_good_question_has_no_findings(known: Known, dialect: str) -> None:
    assert not wrong(a_question(), known, dialect)
    assert not placing("qualification").examine_later(a_question())


@pytest.mark.parametrize("kind", ["qualification", "quote"])
def test_what_is_looked_at_later_was_looked_at_at_the_door_where_nothing_is_completed(kind: str) -> None:
    """So whoever answers at once need not look again."""
    written = placing(kind).rules
    shared = [rule for rule in catalogue().rules if rule.rule in written.like_orders]
    later = [rule for rule in (*shared, *written.rules) if "later" in rule.applies.values()]
    families = {catalogue().family_of[dialect] for dialect in ("sonata", "cantata", "tmf")} - catalogue().completed
    assert later
    assert families == {"mef"}
    assert {rule.applies.get(family) for rule in later for family in families} == {"door"}


def test_poq_1_the_strict_say_by_when(known: Known) -> None:
    strict = replace(known, policies=frozenset({"strict"}))
    assert wrong(a_question(), strict) == {("/requested_completion_at", "missingProperty")}
    assert not wrong(a_question() | {"instant": True}, strict)
    assert not wrong(a_question() | {"requested_completion_at": "2090-01-01T00:00:00Z"}, strict)
    assert not wrong(a_question(), known)
    assert not wrong(a_question(), strict, "tmf")


def test_poq_2_there_is_somebody_to_contact(known: Known) -> None:
    question = a_question()
    del question["contacts"]
    assert wrong(question, known) == {("/contacts", "missingProperty")}
    assert not wrong(question, known, "tmf")


def test_poq_3_what_is_added_is_asked_for_by_one_thing(known: Known) -> None:
    at = "/items/0/product"
    assert wrong(a_question(offering_id=None), known) == {(f"{at}/offering_id", "missingProperty")}
    assert wrong(a_question(specification_id=INTERNET), known) == {(f"{at}/specification_id", "unexpectedProperty")}
    assert not wrong(a_question(offering_id=None, specification_id=INTERNET), known)


def test_poq_4_the_specification_is_known_and_that_of_the_configuration(known: Known) -> None:
    at = "/items/0/product/specification_id"
    assert wrong(a_question(offering_id=None, specification_id="urn:a"), known) == {(at, "referenceNotFound")}
    assert wrong(a_question(offering_id=None, specification_id=UNI), known) == {(at, "invalidValue")}


def test_poq_5_what_is_removed_has_no_specification(known: Known) -> None:
    question = a_question()
    question["items"][0] |= {"action": "delete", "product": {"id": "internet-1", "specification_id": INTERNET}}
    assert wrong(question, known) == {("/items/0/product/specification_id", "unexpectedProperty")}


def test_relations_of_one_key_are_one_and_others_are_too_many(known: Known) -> None:
    ends = [{"kind": "CONNECTS_TO_UNI_A", "product_id": "uni-1", "group": "a"},
            {"kind": "CONNECTS_TO_UNI_A", "product_id": "uni-2", "group": "a"},
            {"kind": "CONNECTS_TO_UNI_Z", "product_id": "uni-2"}]
    line = {"offering_id": "line", "schema": LINE, "places": None, "relations": ends}
    assert not wrong(a_question(**line), known)
    ends[1]["group"] = "b"
    assert wrong(a_question(**line), known) == {("/items/0/product/relations/1", "invalidValue")}


def test_qry_1_qry_2_what_is_looked_for_is_known(known: Known) -> None:
    product = {"offering_id": "no-such", "places": [{"kind": "site", "id": "no-such"}]}
    assert wrong({"criteria": {"product": product}}, known, "tmf", "qualification_query") == {
        ("/criteria/product/offering_id", "referenceNotFound"), ("/criteria/product/places/0/id", "referenceNotFound")}
    assert not wrong({"criteria": {"product": {"places": AT_HOME}}}, known, "tmf", "qualification_query")


@pytest.mark.parametrize(("amount", "unfit"), [(-1, True), (0, False), (10, False)])
def test_own_5_nothing_is_installed_before_it_was_asked_for(known: Known, amount: int, unfit: bool) -> None:
    found = wrong({"items": [{"id": "1", "action": "add", "requested_interval": {"amount": amount, "unit": "days"}}]},
                  known, "sonata", "quote")
    assert (("/items/0/requested_interval/amount", "invalidValue") in found) is unfit


def test_candidates_may_be_the_same_for_both_ends(known: Known) -> None:
    def line(**more: str) -> Document:
        ends = [{"kind": f"CONNECTS_TO_UNI_{end}", "item_id": "port", **more} for end in "AZ"]
        return {"items": [{"id": "line", "action": "add", "product": {"schema": LINE}, "relations": ends}]}

    at = ("/items/0/relations/1/item_id", "invalidValue")
    assert at in wrong(line(), known)
    assert at not in wrong(line(group="either"), known)


@pytest.mark.parametrize("kind", ["qualification", "quote"])
def test_rules_of_orders_that_hold_elsewhere_cite_what_says_so_there(kind: str, known: Known) -> None:
    shared = placing(kind).rules.like_orders
    of_orders = {rule.rule: rule.cites for rule in catalogue().rules}
    assert set(shared) <= set(of_orders)
    assert all("MEF 123" not in cites for cites in shared.values())


@pytest.mark.parametrize("junk", [None, 3, "text", [], {}, [None, 3, {"product": 3}, {"action": {}, "product": []}]])
def test_rules_pass_over_what_is_malformed(junk: Any, known: Known) -> None:
    for document in ({"items": junk}, {"contacts": junk, "items": [{"action": "add", "product": junk}]},
                     {"criteria": junk}):
        for kind in ("qualification", "qualification_query"):
            for dialect in ("sonata", "tmf"):
                placing(kind).examine(placing(kind).strip(document, dialect), dialect, known)
