"""Quotes through the service: priced at once, refused with every fault, cancelled, declined, amended, removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.errors import Conflict, Invalid, NotFound
from lso.service.quote import Quotes
from lso.store import resource as resources
from lso.store.engine import Store
from tests.service.conftest import Bell, own, run
from tests.service.quoting import CANTATA, SONATA, TMF, ask, internet, refusal, seeded, seen

Callers = Callable[..., Caller]
Document = dict[str, Any]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """On both databases."""
    yield from seeded(store_url)


def test_an_immediate_firm_quote_is_orderable_and_says_all_that_it_binds_to(quotes: Quotes, the_book: Book,
                                                                           caller: Callers) -> None:
    shown = ask(quotes, the_book, caller(), internet()).shown
    assert shown["state"] == "approved.orderable"
    assert shown["quoteLevel"] == "firm"
    assert {"id", "quoteDate", "effectiveQuoteCompletionDate", "validFor", "stateChange"} <= set(shown)
    assert [one["state"] for one in shown["stateChange"]] == ["approved.orderable"]
    assert [one["role"] for one in shown["relatedContactInformation"]] == ["buyerContactInformation",
                                                                          "sellerContactInformation"]
    (item,) = shown["quoteItem"]
    assert item["state"] == "approved.orderable"
    assert item["subjectToFeasibilityCheck"] is False
    assert item["quoteItemTerm"] == [item["requestedQuoteItemTerm"]]
    assert item["quoteItemInstallationInterval"] == {"amount": 20, "units": "calendarDays"}
    assert item["quoteItemPrice"] == [
        {"name": "Internet access", "priceType": "recurring", "recurringChargePeriod": "month", "price": {
            "dutyFreeAmount": {"value": 109.9, "unit": "EUR"}, "taxIncludedAmount": {"value": 131.88, "unit": "EUR"},
            "taxRate": 20}},
        {"name": "Installation", "priceType": "nonRecurring", "price": {
            "dutyFreeAmount": {"value": 0, "unit": "EUR"}, "taxIncludedAmount": {"value": 0, "unit": "EUR"},
            "taxRate": 20}}]
    assert [note["text"] for note in item["note"]] == ["Prices are those of the price book."]


def test_the_prices_of_a_tenant_are_its_own(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    amounts = []
    for client in ("demo-enterprise", "demo-carrier-sil"):
        shown = ask(quotes, the_book, caller(client), internet(), CANTATA).shown
        amounts.append(shown["quoteItem"][0]["quoteItemPrice"][0]["price"]["dutyFreeAmount"]["value"])
    assert amounts == [99.9, 109.9]


@pytest.mark.parametrize("months", [24, 60])
def test_another_term_than_was_wished_is_an_alternate(quotes: Quotes, the_book: Book, caller: Callers,
                                                     months: int) -> None:
    shown = ask(quotes, the_book, caller(), internet(months=months)).shown
    assert shown["state"] == shown["quoteItem"][0]["state"] == "approved.orderableAlternate"
    assert shown["quoteItem"][0]["quoteItemTerm"][0]["duration"]["amount"] == {24: 12, 60: 36}[months]
    assert shown["quoteItem"][0]["requestedQuoteItemTerm"]["duration"]["amount"] == months


def test_a_longer_installation_than_was_wished_is_an_alternate_and_no_budgetary_answer(
        quotes: Quotes, the_book: Book, caller: Callers) -> None:
    wish = {"requestedQuoteItemInstallationInterval": {"amount": 2, "units": "businessDays"}}
    for level, state in (("firm", "approved.orderableAlternate"), ("budgetary", "unableToProvide")):
        asked = internet(level=level)
        asked["quoteItem"][0] |= wish
        assert ask(quotes, the_book, caller(), asked).shown["state"] == state


def test_a_budgetary_quote_is_answered_and_cannot_be_ordered(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    shown = ask(quotes, the_book, caller(), internet(level="budgetary")).shown
    assert (shown["state"], shown["quoteLevel"]) == ("answered", "budgetary")
    assert "subjectToFeasibilityCheck" not in shown["quoteItem"][0]
    with pytest.raises(Invalid) as refused:
        run(quotes.operate(caller(), the_book.edition(SONATA), "decline", {"quoteId": shown["id"]}, ()))
    assert [(one.pointer, one.code) for one in refused.value.findings] == [("/quoteId", "invalidValue")]


def test_what_cannot_be_delivered_or_has_no_price_is_a_quote_that_cannot_be_provided(
        quotes: Quotes, the_book: Book, caller: Callers) -> None:
    for asked in (internet(place="REJECT-Street-1"), internet()):
        if asked["quoteItem"][0]["product"]["place"][0]["id"] == "ADDR-QUAY-4":
            asked["quoteItem"][0]["product"]["productConfiguration"]["ipUni"]["ingressBandwidthProfileEnvelope"][0][
                "maxIr"] = {"irValue": 20, "irUnits": "GBPS"}
        shown = ask(quotes, the_book, caller(), asked).shown
        assert shown["state"] == shown["quoteItem"][0]["state"] == "unableToProvide"
        assert shown["quoteItem"][0]["terminationError"][0]["code"] == "otherIssue"
        assert "quoteLevel" not in shown
        assert "quoteItemPrice" not in shown["quoteItem"][0]


def test_a_removal_is_quoted_by_the_product_that_is_there(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    shown = ask(quotes, the_book, caller(), internet(action="delete")).shown
    assert shown["state"] == "approved.orderable"
    assert [one["name"] for one in shown["quoteItem"][0]["quoteItemPrice"]] == ["Removal"]


def test_a_deferred_quote_is_acknowledged_and_has_a_job(quotes: Quotes, the_book: Book, caller: Callers,
                                                       bell: Bell) -> None:
    placed = ask(quotes, the_book, caller(), internet(instant=False))
    assert placed.shown["state"] == placed.shown["quoteItem"][0]["state"] == "acknowledged"
    assert {"quoteLevel", "validFor", "effectiveQuoteCompletionDate"}.isdisjoint(placed.shown)
    assert "expectedQuoteCompletionDate" in placed.shown
    assert bell.rung == [f"demo-carrier/quote/{placed.stored.id}"]


def test_everything_that_is_wrong_is_told_at_once(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    asked = internet(instant=False)
    del asked["requestedQuoteCompletionDate"], asked["relatedContactInformation"]
    item = asked["quoteItem"][0]
    del item["relatedContactInformation"]
    item["product"] |= {"id": "PROD-501", "productOffering": {"id": "NOTHING"}}
    item["requestedQuoteItemTerm"]["rollInterval"] = {"amount": 1, "units": "calendarMonths"}
    assert refusal(quotes, the_book, caller(), asked) == {
        ("/requestedQuoteCompletionDate", "missingProperty"), ("/relatedContactInformation", "missingProperty"),
        ("/quoteItem/0/relatedContactInformation", "missingProperty"),
        ("/quoteItem/0/product/id", "unexpectedProperty"),
        ("/quoteItem/0/product/productOffering/id", "referenceNotFound"),
        ("/quoteItem/0/requestedQuoteItemTerm/rollInterval", "unexpectedProperty")}


def test_a_qualification_that_an_item_follows_is_there(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    asked = internet()
    asked["quoteItem"][0]["productOfferingQualificationItem"] = {"id": "1", "productOfferingQualificationId": "NONE"}
    assert refusal(quotes, the_book, caller(), asked) == {
        ("/quoteItem/0/productOfferingQualificationItem/productOfferingQualificationId", "referenceNotFound")}


def test_an_orderable_quote_is_declined_once(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    id = ask(quotes, the_book, caller(), internet()).stored.id
    said = {"quoteId": id, "reason": "Too dear."}
    run(quotes.operate(caller(), the_book.edition(SONATA), "decline", said, ()))
    shown = seen(quotes, the_book, caller(), id)
    assert shown["state"] == "declined"
    assert shown["stateChange"][-1]["changeReason"] == "Too dear."
    assert shown["quoteItem"][0]["state"] == "approved.orderable"
    with pytest.raises(Invalid):
        run(quotes.operate(caller(), the_book.edition(SONATA), "decline", said, ()))


def test_only_what_is_under_way_can_be_cancelled(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    for asked in (internet(), internet(instant=False)):
        id = ask(quotes, the_book, caller(), asked).stored.id
        with pytest.raises(Invalid) as refused:
            run(quotes.operate(caller(), the_book.edition(SONATA), "cancel", {"quoteId": id}, ()))
        assert [(one.pointer, one.code) for one in refused.value.findings] == [("/quoteId", "invalidValue")]


def test_a_quote_of_another_tenant_is_not_there(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    id = ask(quotes, the_book, caller(), internet()).stored.id
    stranger = caller("demo-enterprise")
    with pytest.raises(NotFound):
        run(quotes.retrieve(stranger, the_book.edition(CANTATA), id))
    with pytest.raises(Invalid) as refused:
        run(quotes.operate(stranger, the_book.edition(CANTATA), "decline", {"quoteId": id}, ()))
    assert [(one.pointer, one.code) for one in refused.value.findings] == [("/quoteId", "referenceNotFound")]


def in_tm_forum_s_words() -> Document:
    asked = own("tmf/quote/asked.json")
    asked["quoteItem"][1]["product"]["id"] = "PROD-501"
    del asked["quoteItem"][0]["productOfferingQualificationItem"]
    return asked | {"instantSyncQuote": True}


def test_tm_forum_asks_in_its_own_words_and_sees_sums(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    client = caller("demo-carrier-sil")
    shown = ask(quotes, the_book, client, in_tm_forum_s_words(), TMF).shown
    assert shown["state"] == "approved", shown
    assert shown["quoteTotalPrice"]
    assert seen(quotes, the_book, client, shown["id"], CANTATA)["state"].startswith("approved.")


def patched(quotes: Quotes, book: Book, caller: Caller, id: str, **members: Any) -> Document:
    run(quotes.amend(caller, book.edition(TMF), id, lambda shown: {**shown, **members}, lambda _shown: ()))
    return seen(quotes, book, caller, id, TMF)


def test_tm_forum_declines_by_the_state_which_is_no_seller_s_refusal(quotes: Quotes, the_book: Book,
                                                                    caller: Callers) -> None:
    client = caller("demo-carrier-sil")
    id = ask(quotes, the_book, client, in_tm_forum_s_words(), TMF).stored.id
    assert patched(quotes, the_book, client, id, description="For the harbour")["description"] == "For the harbour"
    with pytest.raises(Conflict):
        patched(quotes, the_book, client, id, state="accepted")
    with pytest.raises(Conflict):
        run(quotes.remove(client, the_book.edition(TMF), id))
    assert patched(quotes, the_book, client, id, state="rejected")["state"] == "rejected"
    assert seen(quotes, the_book, client, id, CANTATA)["state"] == "declined"
    run(quotes.remove(client, the_book.edition(TMF), id))
    with pytest.raises(NotFound):
        seen(quotes, the_book, client, id, TMF)


def test_quotes_are_found_by_every_filter(quotes: Quotes, the_book: Book, caller: Callers) -> None:
    ids = [ask(quotes, the_book, caller(), internet(externalId=f"X-{number}", projectId="P")).stored.id
           for number in range(3)]
    edition = the_book.edition(SONATA)
    described = the_book.resource(edition)
    dialect = the_book.dialect(edition)

    def found(**query: str) -> list[str]:
        asked = dialect.criteria(described, {name: [value] for name, value in query.items()},
                                 frozenset(query) | {"offset", "limit"})
        return [row.id for row in run(quotes.list(caller(), edition, asked)).rows]

    assert found(externalId="X-1") == [ids[1]]
    assert found(projectId="P", state="approved.orderable", quoteLevel="firm") == ids
    assert found(**{"quoteDate.gt": "2020-01-01T00:00:00Z",
                    "effectiveQuoteCompletionDate.lt": "2999-01-01T00:00:00Z"}) == ids
    assert found(**{"requestedQuoteCompletionDate.gt": "2020-01-01T00:00:00Z"}) == []
    assert found(state="expired") == []


def test_a_quote_says_in_the_store_what_its_caller_sees(quotes: Quotes, the_book: Book, caller: Callers,
                                                       store: Store) -> None:
    stored = ask(quotes, the_book, caller(), internet(colour="red")).stored
    assert store.query_now(lambda c: resources.fetch(c, stored.tenant, "quote", stored.id)) == stored
    assert seen(quotes, the_book, caller(), stored.id)["colour"] == "red"
