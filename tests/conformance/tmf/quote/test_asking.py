"""Requests for quotes, and what is shown of them: tmf648.yaml, Q1-Q6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.desk import Desk, Document, changed
from tests.conformance.quote.quoting import asked, request
from tests.conformance.tmf.asking import LATER, QUOTE, Kind
from tests.journeys.documents import holds, wrong_with

EDITION = "tmf.v4.quote"
BARE: Document = {"quoteItem": [{}]}


def wrong(document: Any) -> list[Any]:
    return wrong_with(EDITION, document, "/quote/{id}")


def test_q1_a_quote_has_an_item_and_nothing_else_must_be_there(quote: Kind) -> None:
    for nothing in ({}, {"quoteItem": []}):
        assert [one["propertyPath"] for one in quote.desk.post(nothing, QUOTE).json()["violation"]] == ["/quoteItem"]
    made = quote.desk.made(BARE, QUOTE)
    assert (made["state"], made["instantSyncQuote"]) == ("inProgress", False)
    assert (made["quoteItem"][0]["id"], made["quoteItem"][0]["action"]) == ("1", "add")


@pytest.mark.parametrize(("member", "value", "missing"), [
    ("note", [{"text": "Ring twice."}], "/note/0/id"), ("note", [{"id": "1"}], "/note/0/text"),
    ("relatedParty", [{"@referredType": "Organization"}], "/relatedParty/0/id"),
    ("relatedParty", [{"id": "CUST-88"}], "/relatedParty/0/@referredType"),
    ("agreement", [{"name": "frame"}], "/agreement/0/id")])
def test_q1_what_is_there_is_complete(quote: Kind, member: str, value: Any, missing: str) -> None:
    answer = quote.desk.post(quote.asking(**{member: value}), QUOTE)
    assert answer.status_code == 400
    assert [(one["code"], one["propertyPath"]) for one in answer.json()["violation"]] == [("missingProperty", missing)]


@pytest.mark.parametrize("members", [
    {}, {"instant": False}, {"at": "RED-Street-1"}, {"place": "DOUBTFUL-1"}, {"category": "B2B", "version": "2"}])
def test_q2_what_is_shown_fits_the_document_and_repeats_what_was_sent(quote: Kind, members: Document) -> None:
    sent = quote.asking(**members)
    answer = quote.desk.post(sent, QUOTE)
    assert wrong(answer.json()) == []
    assert holds(answer.json(), sent) == []
    assert {"id", "href", "state", "quoteDate"} <= set(answer.json())


@pytest.mark.parametrize(("level", "members"), [("firm", {}), ("budgetary", {}), ("firm", {"instant": False})])
def test_q2_a_quote_of_another_dialect_fits_the_document_too(quote: Kind, mef: Desk, level: str,
                                                            members: Document) -> None:
    made = asked(mef, request(level=level, **members))
    assert wrong(quote.desk.read(made["id"], QUOTE)) == []


def test_q3_what_is_wanted_at_once_is_an_answer_and_anything_else_a_task(quote: Kind) -> None:
    answer = quote.made()
    assert answer["state"] == "approved"
    assert {"effectiveQuoteCompletionDate", "validFor", "quoteTotalPrice"} <= set(answer)
    assert "expectedQuoteCompletionDate" not in answer
    task = quote.desk.made(quote.asking(instant=False), QUOTE)
    assert task["state"] == "inProgress"
    assert "expectedQuoteCompletionDate" in task
    assert not {"effectiveQuoteCompletionDate", "validFor", "quoteTotalPrice"} & set(task)
    done = quote.once(task["id"], "approved")
    assert done["quoteItem"][0]["quoteItemPrice"] == answer["quoteItem"][0]["quoteItemPrice"]
    assert done["quoteTotalPrice"] == answer["quoteTotalPrice"]


def test_q4_what_is_offered_says_its_price_for_each_item_and_in_all(quote: Kind) -> None:
    made = quote.made()
    for price in (*made["quoteItem"][0]["quoteItemPrice"], *made["quoteTotalPrice"]):
        assert ("recurringChargePeriod" in price) is (price["priceType"] == "recurring")
        assert set(price["price"]["dutyFreeAmount"]) == {"value", "unit"}
    for kind in ("recurring", "nonRecurring"):
        total, *_ = [one["price"]["dutyFreeAmount"]["value"] for one in made["quoteTotalPrice"]
                     if one["priceType"] == kind]
        assert total == sum(one["price"]["dutyFreeAmount"]["value"] for one in made["quoteItem"][0]["quoteItemPrice"]
                            if one["priceType"] == kind)


@pytest.mark.parametrize(("path", "value", "code"), [
    ("/quoteItem/0/productOffering/id", "no-such", "referenceNotFound"),
    ("/quoteItem/0/product/place/0/id", "no-such", "referenceNotFound"),
    ("/quoteItem/0/product/productSpecification/id", "urn:none", "invalidValue"),
    ("/quoteItem/0/action", "teleport", "invalidValue")])
def test_q5_references_and_words_are_known_or_the_request_is_refused(quote: Kind, path: str, value: str,
                                                                    code: str) -> None:
    answer = quote.desk.post(changed(quote.asking(), path, value), QUOTE)
    assert answer.status_code == 400, answer.text
    assert (code, path) in {(one["code"], one["propertyPath"]) for one in answer.json()["violation"]}


def test_q5_a_fault_of_the_configuration_is_told_with_all_others(quote: Kind) -> None:
    document, at = quote.asking(), "/quoteItem/0/product/productCharacteristic"
    product = document["quoteItem"][0]["product"]
    product["productCharacteristic"] = [{"name": "ipUni", "value": {"managementType": "XX"}}]
    answer = quote.desk.post(changed(document, "/quoteItem/0/product/place/0/id", "no-such"), QUOTE)
    assert answer.status_code == 400, answer.text
    assert {(one["code"], one["propertyPath"]) for one in answer.json()["violation"]} == {
        ("invalidValue", f"{at}/0/value/managementType"), ("referenceNotFound", "/quoteItem/0/product/place/0/id")}


def test_q6_lists_are_asked_for_by_any_attribute(quote: Kind) -> None:
    made = quote.made(externalId="q6", category="q6", requestedQuoteCompletionDate=LATER)
    other = quote.over(externalId="q6", category="q6-other")
    both = [made["id"], other["id"]]
    for query, wanted in (("category=q6", both[:1]), ("externalId=q6&state=approved", both[:1]),
                          ("externalId=q6&state=rejected", both[1:]), ("externalId=q6&state=approved,rejected", both),
                          ("externalId=q6&quoteItem.state=approved", both), ("externalId=q6&state=pending", []),
                          ("externalId=q6&quoteItem.action=add", both),
                          ("externalId=q6&quoteItem.quoteItemPrice.priceType=recurring", both),
                          ("externalId=q6&quoteItem.productOffering.id=OFFER-INTERNET-BASIC", both),
                          (f"externalId=q6&requestedQuoteCompletionDate={LATER}", both[:1]),
                          ("externalId=q6&requestedQuoteCompletionDate.lt=2089-01-01T00:00:00Z", []),
                          ("externalId=q6&effectiveQuoteCompletionDate.gt=2020-01-01T00:00:00Z", both)):
        assert [row["id"] for row in quote.listed(query)] == wanted, query
    assert quote.desk.get(f"{QUOTE}?state=asleep").status_code == 400
    assert quote.desk.get(f"{QUOTE}?sort=-quoteDate").status_code == 400


def test_q6_no_other_tenant_sees_it(quote: Kind) -> None:
    made, stranger = quote.made(externalId="q6-mine"), Desk(quote.desk.service, quote.desk.base, "demo-enterprise")
    assert stranger.listed("externalId=q6-mine", QUOTE) == []
    for method in ("GET", "PATCH", "DELETE"):
        assert stranger.call(method, f"{QUOTE}/{made['id']}", json={} if method == "PATCH" else None).status_code == 404
    assert quote.desk.get(f"{QUOTE}/{made['id']}").status_code == 200
