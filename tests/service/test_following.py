"""Orders that follow quotes: what is ordered is what was quoted, and the quote is accepted with the order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from lso.canonical.criteria import Criteria, Page
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.errors import Invalid
from lso.service.order import Orders
from lso.service.quote import Quotes
from lso.store import order as stored_orders
from lso.store.engine import Store
from tests.service import placing
from tests.service.conftest import Bell, now, own
from tests.service.quoting import CANTATA, ask, internet, seeded, seen

Callers = Callable[..., Caller]
Document = dict[str, Any]
ITEM = "/productOrderItem/0/quoteItem"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """On both databases."""
    yield from seeded(store_url)


def following(quote: str, item_id: str = "1") -> Document:
    """An order of what `internet()` asks for."""
    asked, order = internet()["quoteItem"][0], own("sonata/internet_add.json")
    item = order["productOrderItem"][0]
    item["product"] = copy.deepcopy(asked["product"])
    item["requestedItemTerm"] = copy.deepcopy(asked["requestedQuoteItemTerm"])
    item["quoteItem"] = {"quoteId": quote, "id": item_id}
    item.pop("productOfferingQualificationItem", None)
    order["productOrderItem"] = [item]
    return order


def test_an_order_accepts_the_quote_that_it_follows(orders: Orders, quotes: Quotes, the_book: Book, caller: Callers,
                                                   store: Store) -> None:
    id = ask(quotes, the_book, caller(), internet()).stored.id
    placed = placing.place(orders, the_book, caller(), following(id))
    assert placed.stored.document["items"][0]["quote_item"] == {"quote_id": id, "item_id": "1"}
    shown = seen(quotes, the_book, caller(), id)
    assert shown["state"] == shown["stateChange"][-1]["state"] == "accepted"
    assert shown["quoteItem"][0]["state"] == "approved.orderable"


def test_a_quote_is_ordered_by_once(orders: Orders, quotes: Quotes, the_book: Book, caller: Callers) -> None:
    id = ask(quotes, the_book, caller(), internet()).stored.id
    placing.place(orders, the_book, caller(), following(id))
    assert placing.refusal(orders, the_book, caller(), following(id)) == {(f"{ITEM}/quoteId", "invalidValue")}


@pytest.mark.parametrize("asked", [internet(level="budgetary"), internet(instant=False),
                                   internet(place="REJECT-Street-1")])
def test_what_is_not_orderable_is_not_ordered_by(orders: Orders, quotes: Quotes, the_book: Book, caller: Callers,
                                                asked: Document) -> None:
    id = ask(quotes, the_book, caller(), asked).stored.id
    assert (f"{ITEM}/quoteId", "invalidValue") in placing.refusal(orders, the_book, caller(), following(id))


def test_nobody_orders_by_the_quote_of_another(orders: Orders, quotes: Quotes, the_book: Book, caller: Callers) -> None:
    id = ask(quotes, the_book, caller("demo-enterprise"), internet(), CANTATA).stored.id
    assert placing.refusal(orders, the_book, caller(), following(id)) == {(f"{ITEM}/quoteId", "referenceNotFound")}


def test_what_is_ordered_is_what_was_quoted(orders: Orders, quotes: Quotes, the_book: Book, caller: Callers) -> None:
    id = ask(quotes, the_book, caller(), internet()).stored.id
    dearer, longer, elsewhere = (following(id) for _ in range(3))
    rate = dearer["productOrderItem"][0]["product"]["productConfiguration"]["ipUni"]["ingressBandwidthProfileEnvelope"]
    rate[0]["maxIr"]["irValue"] = 900
    longer["productOrderItem"][0]["requestedItemTerm"]["duration"]["amount"] = 12
    elsewhere["productOrderItem"][0]["product"]["place"][0]["id"] = "Budapest-id-1"
    for order in (dearer, elsewhere):
        assert placing.refusal(orders, the_book, caller(), order) == {(f"{ITEM}/id", "invalidValue")}
    assert placing.refusal(orders, the_book, caller(), longer) == {
        ("/productOrderItem/0/requestedItemTerm", "invalidValue")}
    assert placing.refusal(orders, the_book, caller(), following(id, "2")) == {(f"{ITEM}/id", "referenceNotFound")}
    assert seen(quotes, the_book, caller(), id)["state"] == "approved.orderable"


def test_a_quoted_item_is_ordered_once_and_a_quote_is_accepted_whole(
        orders: Orders, quotes: Quotes, the_book: Book, caller: Callers) -> None:
    asked = internet()
    asked["quoteItem"].append({**copy.deepcopy(asked["quoteItem"][0]), "id": "2"})
    id = ask(quotes, the_book, caller(), asked).stored.id
    twice = following(id)
    twice["productOrderItem"].append({**copy.deepcopy(twice["productOrderItem"][0]), "id": "again"})
    assert placing.refusal(orders, the_book, caller(), twice) == {
        ("/productOrderItem/1/quoteItem/id", "invalidValue")}
    placing.place(orders, the_book, caller(), following(id, "1"))
    assert seen(quotes, the_book, caller(), id)["state"] == "accepted"
    assert placing.refusal(orders, the_book, caller(), following(id, "2")) == {(f"{ITEM}/quoteId", "invalidValue")}


def test_one_quote_does_not_order_anything_anywhere(
        orders: Orders, quotes: Quotes, the_book: Book, caller: Callers) -> None:
    """Places are compared by what they resolve to, however they are told."""
    budapest, house = internet(place="Budapest-id-1"), {
        "@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetNr": "20", "streetNrSuffix": "14",
        "streetName": "Example", "city": "Budapest", "country": "Hungary"}
    told = copy.deepcopy(budapest)
    told["quoteItem"][0]["product"]["place"] = [house]
    there = {"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": "Budapest-id-1"}
    away = {**house, "city": "New York", "country": "United States"}
    unknown = {**house, "streetName": "Nowhere"}
    for asked in (budapest, told):
        id = ask(quotes, the_book, caller(), asked).stored.id
        for place in (away, unknown, {**there, "id": "NewYorkAddress-id-1"}):
            order = following(id)
            order["productOrderItem"][0]["product"]["place"] = [place]
            assert placing.refusal(orders, the_book, caller(), order) == {(f"{ITEM}/id", "invalidValue")}
        order["productOrderItem"][0]["product"]["place"] = [there if asked is told else house]
        placing.place(orders, the_book, caller(), order)


def test_an_order_written_while_its_quote_expires_is_refused_whole(
        store: Store, the_book: Book, bell: Bell, quotes: Quotes, caller: Callers) -> None:
    """The quote lasts when the order is read, and no more when it is kept: the transaction decides."""
    id = ask(quotes, the_book, caller(settings={"quote": {"valid_seconds": 60}}), internet()).stored.id
    times = iter([timedelta(), timedelta()])
    late = Orders(store, the_book, bell, lambda: now() + next(times, timedelta(hours=1)))
    with pytest.raises(Invalid) as refused:
        placing.place(late, the_book, caller(), following(id))
    assert [(one.pointer, one.code) for one in refused.value.findings] == [(f"{ITEM}/quoteId", "invalidValue")]
    assert seen(quotes, the_book, caller(), id)["state"] == "approved.orderable"
    everything = Criteria((), Page(0, None, 100))
    assert store.query_now(lambda c: stored_orders.select(c, "demo-carrier", everything)).rows == ()


def test_quotes_given_by_other_means_are_followed_as_before(orders: Orders, the_book: Book, caller: Callers) -> None:
    stored = placing.place(orders, the_book, caller(), following("Q-310")).stored
    assert stored.document["items"][0]["quote_item"]["quote_id"] == "Q-310"




@pytest.mark.parametrize("said", [None, {"name": "Long", "duration": {"amount": 36, "units": "month"}}])
def test_an_order_that_leaves_its_term_open_is_bound_as_was_quoted(
        orders: Orders, quotes: Quotes, the_book: Book, caller: Callers, said: Document | None) -> None:
    """TMF622 need not name a term, and has no word for what happens at its end."""
    id = ask(quotes, the_book, caller(), internet(months=36)).stored.id
    order = own("tmf/internet_add.json")
    (item,) = order["productOrderItem"]
    item |= {"quoteItem": {"id": "1", "quoteId": id}}
    item["product"]["place"] = [{"id": "ADDR-QUAY-4", "role": "INSTALL_LOCATION", "@referredType": "GeographicAddress"}]
    del item["itemTerm"]
    if said:
        item["itemTerm"] = [said]
    (kept,) = placing.place(orders, the_book, caller(), order, "tmf.v4.order").stored.document["items"]
    term = kept["requested_term"]
    assert term["duration"] == {"amount": 36, "unit": "calendar_months"}
    assert term["at_end"] == "renew"
