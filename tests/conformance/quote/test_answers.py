"""What a quote says, and what its buyer may do (MEF 115, MEF 80)."""

from __future__ import annotations

from typing import Any

import pytest

from lso.dialects.book import book
from lso.lifecycle.quote_states import ITEM_STATES, QUOTE_ITEM_MEMBERS, QUOTE_MEMBERS
from tests.conformance.desk import Desk, changed
from tests.conformance.quote.quoting import ITEM, PATH, Document, asked, priced, request

MAPPING = book().mapping("sonata.quote")
REQUESTS = [request(), request(level="budgetary"), request(instant=False), request("PRICED-1"), request("REJECT-1"),
            request("LENGTHY-1", "PRICED-2"), request("DOUBTFUL-1"), request("REJECT-1", "PRICED-2", instant=False)]


def canonical(quote: Document) -> Document:
    return MAPPING.read(quote).document


@pytest.mark.parametrize("sent", REQUESTS)
def test_r27_r28_r29_r31_r36_r51_a_quote_has_the_members_of_its_state(desk: Desk, sent: Document) -> None:
    quote = canonical(priced(desk, sent))
    needed, barred = QUOTE_MEMBERS[quote["state"]]
    assert needed <= set(quote)
    assert set(quote).isdisjoint(barred - {"total_prices"})
    assert quote["history"][-1]["state"] == quote["state"]
    allowed, some = ITEM_STATES[quote["state"]]
    states = {item["state"] for item in quote["items"]}
    assert states <= allowed
    assert not some or states & some
    for item in quote["items"]:
        assert QUOTE_ITEM_MEMBERS[item["state"]][0] <= set(item)
        assert set(item).isdisjoint(QUOTE_ITEM_MEMBERS[item["state"]][1])


def test_r13_r26_r60_the_answer_repeats_what_was_sent(desk: Desk) -> None:
    sent = request("PRICED-1", "PRICED-2", externalId="X", projectId="P", description="Quay")
    told = asked(desk, sent)
    assert [item["id"] for item in told["quoteItem"]] == ["1", "2"]
    assert {name: told[name] for name in sent if name not in ("quoteItem", "relatedContactInformation")} == {
        name: sent[name] for name in sent if name not in ("quoteItem", "relatedContactInformation")}
    for was, item in zip(sent["quoteItem"], told["quoteItem"], strict=True):
        assert {name: item[name] for name in was} == was


def test_r30_r61_the_seller_says_whom_to_contact(desk: Desk) -> None:
    for sent in (request(), request(instant=False), request("REJECT-1")):
        roles = [one["role"] for one in asked(desk, sent)["relatedContactInformation"]]
        assert roles == ["buyerContactInformation", "sellerContactInformation"]


@pytest.mark.parametrize(("wanted", "offered", "state"), [
    (36, 36, "approved.orderable"), (12, 12, "approved.orderable"), (20, 12, "approved.orderableAlternate"),
    (30, 36, "approved.orderableAlternate")])
def test_r32_r40_r41_o2_the_nearest_term_is_offered_and_another_is_an_alternate(desk: Desk, wanted: int, offered: int,
                                                                               state: str) -> None:
    told = asked(desk, changed(request(), f"{ITEM}/requestedQuoteItemTerm/duration/amount", wanted))
    (term,) = told["quoteItem"][0]["quoteItemTerm"]
    assert (term["duration"], told["state"]) == ({"amount": offered, "units": "calendarMonths"}, state)


@pytest.mark.parametrize(("sent", "level"), [
    (request(level="budgetary"), "budgetary"), (request(), "firm"),
    (request("DOUBTFUL-1"), "firmSubjectToFeasibilityCheck"),
    (request("PRICED-1", "DOUBTFUL-2"), "firmSubjectToFeasibilityCheck")])
def test_r33_r34_r35_a_quote_is_as_binding_as_its_least_binding_item(desk: Desk, sent: Document, level: str) -> None:
    told = asked(desk, sent)
    assert told["quoteLevel"] == level
    doubts = [item.get("subjectToFeasibilityCheck") for item in told["quoteItem"]]
    assert any(doubts) is (level == "firmSubjectToFeasibilityCheck")


def test_r52_one_alternate_makes_the_whole_an_alternate(desk: Desk) -> None:
    hurried = changed(request("PRICED-1", "LENGTHY-2"), "/quoteItem/1/requestedQuoteItemInstallationInterval",
                      {"amount": 30, "units": "calendarDays"})
    told = asked(desk, hurried)
    assert [item["state"] for item in told["quoteItem"]] == ["approved.orderable", "approved.orderableAlternate"]
    assert told["state"] == "approved.orderableAlternate"


def test_d1_what_cannot_be_quoted_says_why(desk: Desk) -> None:
    told = asked(desk, request("REJECT-1"))
    assert told["quoteItem"][0]["terminationError"] == [{"code": "otherIssue", "value": "The place cannot be served."}]


def test_r53_what_is_under_way_can_be_cancelled_and_nothing_else(desk: Desk) -> None:
    waiting = asked(desk, request("SLOW-PRICE-60-1", instant=False))
    desk.once(waiting["id"], "inProgress", path=PATH)
    said = {"quoteId": waiting["id"], "reason": "Not any more."}
    answer = desk.post(said, "/cancelQuote")
    assert (answer.status_code, answer.json()) == (200, said)
    told = desk.read(waiting["id"], PATH)
    assert (told["state"], told["quoteItem"][0]["state"]) == ("cancelled", "abandoned")
    for id in (waiting["id"], asked(desk, request())["id"]):
        assert desk.refused({"quoteId": id}, "/cancelQuote") == {("/quoteId", "invalidValue")}


def test_r54_what_could_be_ordered_can_be_declined_and_nothing_else(desk: Desk) -> None:
    told = asked(desk, request())
    assert desk.post({"quoteId": told["id"]}, "/rejectQuote").status_code == 200
    assert desk.read(told["id"], PATH)["state"] == "declined"
    for id in (told["id"], asked(desk, request(level="budgetary"))["id"]):
        assert desk.refused({"quoteId": id}, "/rejectQuote") == {("/quoteId", "invalidValue")}
    assert desk.refused({"quoteId": "NONE"}, "/rejectQuote") == {("/quoteId", "referenceNotFound")}


def test_r50_a_list_shows_nine_members(desk: Desk) -> None:
    told = asked(desk, request(externalId=f"list-{desk.client}", projectId="P"))
    (row,) = desk.listed(f"externalId=list-{desk.client}&quoteDate.gt={told['quoteDate'][:10]}T00:00:00Z", PATH)[-1:]
    expected: dict[str, Any] = {name: told[name] for name in (
        "id", "externalId", "projectId", "state", "quoteLevel", "quoteDate", "effectiveQuoteCompletionDate")}
    assert row == expected


def test_r58_a_page_says_that_there_is_more(desk: Desk) -> None:
    for _ in range(2):
        asked(desk, request())
    answer = desk.get(f"{PATH}?limit=1")
    assert (answer.headers["X-Result-Count"], len(answer.json())) == ("1", 1)
    assert int(answer.headers["X-Total-Count"]) > 1
