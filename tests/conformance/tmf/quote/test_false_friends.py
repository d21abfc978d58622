"""Words that TM Forum and MEF share and mean different things by: tmf648.yaml, F (translation 11.4)."""

from __future__ import annotations

from typing import Any

import pytest

from lso.dialects.book import book
from tests.conformance.desk import Desk, Document, changed
from tests.conformance.qualification.inquiring import SONATA as QUALIFICATION
from tests.conformance.qualification.inquiring import question
from tests.conformance.quote.quoting import PATH, SONATA, asked, priced, request
from tests.conformance.tmf.asking import QUOTE, Kind, quotes
from tests.running import Running

HURRIED = changed(request("LENGTHY-1"), "/quoteItem/0/requestedQuoteItemInstallationInterval",
                  {"amount": 30, "units": "calendarDays"})
LEVELS = ("buyerRequestedQuoteLevel", "quoteLevel")


@pytest.mark.parametrize(("sent", "theirs", "ours", "items"), [
    (request(), "approved.orderable", "approved", "approved"),
    (HURRIED, "approved.orderableAlternate", "approved", "approved"),
    (request(level="budgetary"), "answered", "approved", "approved"),
    (request("REJECT-1"), "unableToProvide", "cancelled", "cancelled"),
    (request("SLOW-PRICE-60-1", instant=False), "inProgress", "inProgress", "inProgress")])
def test_f1_states_of_mef_are_told_in_the_six_words_of_tm_forum(quote: Kind, mef: Desk, sent: Document, theirs: str,
                                                               ours: str, items: str) -> None:
    made = asked(mef, sent)
    mef.once(made["id"], theirs, path=PATH)
    seen = quote.desk.read(made["id"], QUOTE)
    assert (seen["state"], {item["state"] for item in seen["quoteItem"]}) == (ours, {items})


def test_f2_rejected_is_the_buyers_no_here_and_the_sellers_there(quote: Kind, mef: Desk) -> None:
    declined = asked(mef, request())
    assert mef.post({"quoteId": declined["id"]}, "/rejectQuote").status_code == 200
    assert mef.read(declined["id"], PATH)["state"] == "declined"
    assert quote.desk.read(declined["id"], QUOTE)["state"] == "rejected"
    refused = quote.once(quote.desk.made({"quoteItem": [{}]}, QUOTE)["id"], "cancelled")
    assert Desk(mef.service, SONATA, "demo-carrier").read(refused["id"], PATH)["state"] == "rejected"
    found = {row["id"] for row in quote.listed("state=rejected")}
    assert declined["id"] in found
    assert refused["id"] not in found


@pytest.mark.parametrize("word", ["remove", "delete"])
def test_f3_remove_is_read_as_delete(quote: Kind, mef: Desk, word: str) -> None:
    made = quote.made(quoteItem=[{"id": "1", "action": word, "product": {"id": "PROD-501"}}])
    assert mef.read(made["id"], PATH)["quoteItem"][0]["action"] == "delete"
    assert quote.desk.read(made["id"], QUOTE)["quoteItem"][0]["action"] == word


def test_f3_delete_is_written_as_in_the_order_that_follows(quote: Kind, mef: Desk) -> None:
    item = {"id": "1", "action": "delete", "product": {"id": "PROD-501"}}
    made = asked(mef, {**request(), "quoteItem": [item]})
    assert quote.desk.read(made["id"], QUOTE)["quoteItem"][0]["action"] == "delete"


def test_f4_the_start_of_fulfilment_is_the_delivery_that_is_wished_for(quote: Kind, mef: Desk) -> None:
    made = quote.made(expectedFulfillmentStartDate="2031-03-02T08:00:00Z")
    assert made["expectedFulfillmentStartDate"] == "2031-03-02T08:00:00Z"
    assert "2031-03-02" not in str(mef.read(made["id"], PATH)), "MEF has no word for it"


def test_f5_the_day_wished_for_is_the_buyers_and_the_day_expected_the_sellers(quote: Kind, mef: Desk) -> None:
    task = quote.waiting(requestedQuoteCompletionDate="2090-01-01T00:00:00Z")
    seen = mef.read(task["id"], PATH)
    for member in ("requestedQuoteCompletionDate", "expectedQuoteCompletionDate"):
        assert seen[member] == task[member]
    assert task["expectedQuoteCompletionDate"] < "2090"


def test_f6_how_binding_it_is_stands_in_the_extension_alone(service: Running, quote: Kind, mef: Desk) -> None:
    made = priced(mef, request("DOUBTFUL-1", projectId="f6"))
    plain = quote.desk.read(made["id"], QUOTE)
    assert not {*LEVELS, "projectId", "stateChange"} & set(plain)
    assert not {"subjectToFeasibilityCheck", "dealReference", "quoteItemTerm"} & set(plain["quoteItem"][0])
    extended = quotes(service, "norms-extended-sil")
    sonata = Desk(service, SONATA, "norms-extended")
    sent = changed(request("DOUBTFUL-1", projectId="f6"), "/quoteItem/0/dealReference", "D-6")
    theirs = priced(sonata, sent)
    told = extended.desk.read(theirs["id"], QUOTE)
    assert (told["@type"], told["@baseType"]) == ("MefQuote", "Quote")
    assert [told[name] for name in (*LEVELS, "projectId")] == ["firm", "firmSubjectToFeasibilityCheck", "f6"]
    (item,) = told["quoteItem"]
    assert (item["subjectToFeasibilityCheck"], item["dealReference"]) == (True, "D-6")
    assert item["quoteItemTerm"][0]["duration"] == {"amount": 36, "units": "month"}


def test_f6_who_cannot_say_how_binding_wants_it_firm(quote: Kind, mef: Desk) -> None:
    seen = mef.read(quote.made()["id"], PATH)
    assert (seen["buyerRequestedQuoteLevel"], seen["quoteLevel"]) == ("firm", "firm")
    bare = mef.read(quote.desk.made({"quoteItem": [{}]}, QUOTE)["id"], PATH)
    assert bare["instantSyncQuote"] is False


def test_f7_kinds_of_prices_have_the_words_of_each(quote: Kind, mef: Desk) -> None:
    made = quote.made()
    theirs: Any = mef.read(made["id"], PATH)["quoteItem"][0]["quoteItemPrice"]
    assert {one["priceType"] for one in theirs} == {"recurring", "nonRecurring"}
    ours = made["quoteItem"][0]["quoteItemPrice"]
    assert [(one["priceType"], one["price"]["dutyFreeAmount"]) for one in ours] == [
        (one["priceType"], one["price"]["dutyFreeAmount"]) for one in theirs]


@pytest.mark.parametrize(("theirs", "ours"), [
    ("recurring", "recurring"), ("nonRecurring", "nonRecurring"), ("usageBased", "usage")])
def test_f7_each_kind_is_told_and_understood(theirs: str, ours: str) -> None:
    mef, tmf = book().mapping("sonata.quote"), book().mapping("tmf.quote")
    said = {"quoteItem": [{"id": "1", "quoteItemPrice": [{"priceType": theirs}]}]}
    told = tmf.write(mef.read(said).document).document
    assert told["quoteItem"][0]["quoteItemPrice"] == [{"priceType": ours}]
    assert mef.write(tmf.read(told).document).document["quoteItem"][0]["quoteItemPrice"] == [{"priceType": theirs}]


def test_f8_the_proposal_that_is_quoted_has_its_name_in_mef_alone(service: Running, quote: Kind) -> None:
    asking = question("YELLOW-ALTERNATE-50-Street-1", provideAlternative=True)
    qualified = Desk(service, QUALIFICATION, "demo-carrier").made(asking, "/productOfferingQualification")
    (proposal,) = qualified["productOfferingQualificationItem"][0]["alternateProductOfferingProposal"]
    reference = {"productOfferingQualificationId": qualified["id"], "id": "1"}
    sent = changed(request("YELLOW-ALTERNATE-50-Street-1"), "/quoteItem/0/productOfferingQualificationItem",
                   {**reference, "alternateProductProposalId": proposal["id"]})
    sent = changed(sent, "/quoteItem/0/product/productConfiguration",
                   proposal["alternateProduct"]["productConfiguration"])
    answer = Desk(service, SONATA, "demo-carrier").made(sent, PATH)
    assert answer["quoteItem"][0]["productOfferingQualificationItem"]["alternateProductProposalId"] == proposal["id"]
    seen = quote.desk.read(answer["id"], QUOTE)["quoteItem"][0]["productOfferingQualificationItem"]
    assert reference.items() <= seen.items()
    assert "alternateProductProposalId" not in seen


def test_f9_the_term_of_the_product_is_the_one_wished_for(quote: Kind, mef: Desk) -> None:
    made = quote.made()
    seen = mef.read(made["id"], PATH)["quoteItem"][0]
    (term,) = made["quoteItem"][0]["product"]["productTerm"]
    assert term["duration"] == {"amount": 24, "units": "month"}
    assert seen["requestedQuoteItemTerm"]["duration"] == {"amount": 24, "units": "calendarMonths"}
    assert "quoteItemTerm" in seen, "what is offered is told in MEF's words alone"
