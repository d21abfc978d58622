"""Orders, through the service, with a real store and real mappings: accepted, kept, seen, listed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sqlalchemy import Connection

from lso.canonical.criteria import Condition, Criteria, Page
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.dialects.dialect import Asked
from lso.errors import NotFound
from lso.service.order import Orders
from lso.store import dead_letter, idempotency, job
from lso.store import order as stored_orders
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from tests.service.conftest import Bell, own, published, run
from tests.service.placing import (
    CANTATA,
    SONATA,
    TMF,
    Callers,
    Document,
    place,
    shown,
    without_ours,
)

PUBLISHED = ["corrected/mef139/uc06_order_add_basic.json", "corrected/mef125_0_1/uc05_order_add_epl.json",
             "corrected/mef139/uc09_order_delete_ipvc.json", "corrected/mef125_0_1/uc12_order_delete_epl.json",
             "mef139/uc10_order_delete_exclusive.json"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_order_is_accepted_as_it_stands_and_shown_as_it_was_sent(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    document = published(name)
    before = copy.deepcopy(document)
    placed = place(orders, the_book, caller(), document)
    assert document == before
    assert placed.shown["state"] == "acknowledged"
    assert placed.shown["href"].endswith(f"/productOrder/{placed.stored.id}")
    assert {item["state"] for item in placed.shown["productOrderItem"]} == {"acknowledged"}
    assert "sellerContact" in {one["role"] for one in placed.shown["relatedContactInformation"]}
    assert without_ours(placed.shown) == document


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_order_is_accepted_as_cantata_by_an_enterprise(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    place(orders, the_book, caller("demo-enterprise"), published(name), CANTATA)


@pytest.mark.parametrize("name", [f"sonata/{product}_{action}.json" for product in ("internet", "epl", "access_eline")
                                  for action in ("add", "modify", "delete")])
def test_an_order_of_our_own_is_accepted_and_shown_as_it_was_sent(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    document = own(name)
    if "delete" in name:
        document["productOrderItem"] = [
            {key: value for key, value in item.items() if key != "product"} | {"product": {"id": item["product"]["id"]}}
            for item in document["productOrderItem"]]
    assert without_ours(place(orders, the_book, caller(), document).shown) == document


def test_an_accepted_order_is_kept_with_its_event_its_job_and_the_answer(
        orders: Orders, the_book: Book, caller: Callers, store: Store, bell: Bell) -> None:
    accepted: list[stored_orders.StoredOrder] = []

    def remember(stored: stored_orders.StoredOrder, _shown: Document) -> Remembered:
        accepted.append(stored)
        until = stored.created_at + 60
        return Remembered(stored.tenant, stored.client, "create", "key-1", "hash", 201, {}, b"{}", until)

    who = caller()

    async def place_and_keep() -> None:
        keep = await orders.place(who, the_book.edition(SONATA), own("sonata/internet_add.json"), (), remember)
        assert store.query_now(lambda c: stored_orders.fetch(c, who.tenant, accepted[0].id)) is None
        await keep()

    run(place_and_keep())
    stored = accepted[0]

    def look(connection: Connection) -> tuple[Any, Any, Any]:
        at = stored.created_at
        return (stored_orders.fetch(connection, who.tenant, stored.id),
                idempotency.find(connection, who.tenant, who.client, "create", "key-1", now=at),
                job.fetch(connection, who.tenant, bell.rung[0]))

    kept, answer, work = store.query_now(look)
    assert kept == stored
    assert (kept.edition, kept.mapping, kept.client) == (SONATA, "sonata.order", "demo-carrier")
    assert kept.profile_version == 1
    assert answer is not None
    assert (work.kind, work.subject) == ("order", stored.id)


def test_what_only_the_seller_writes_is_ignored(orders: Orders, the_book: Book, caller: Callers) -> None:
    sent = own("sonata/internet_add.json") | {"id": "mine", "state": "completed", "orderDate": "2020-01-01T00:00:00Z"}
    placed = place(orders, the_book, caller(), sent)
    assert placed.shown["state"] == "acknowledged"
    assert placed.shown["id"] == placed.stored.id != "mine"
    assert placed.shown["orderDate"] != "2020-01-01T00:00:00Z"


def test_one_order_is_seen_in_every_dialect_of_its_tenant_and_by_nobody_else(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller(), own("sonata/internet_add.json"))
    for edition, client in ((SONATA, "demo-carrier"), (CANTATA, "demo-carrier-sil"), (TMF, "demo-carrier-sil")):
        assert run(orders.retrieve(caller(client), the_book.edition(edition), placed.stored.id)) == placed.stored
    with pytest.raises(NotFound):
        run(orders.retrieve(caller("demo-enterprise"), the_book.edition(TMF), placed.stored.id))
    with pytest.raises(NotFound):
        run(orders.retrieve(caller(), the_book.edition(SONATA), "nothing"))
    assert run(orders.list(caller("demo-enterprise"), the_book.edition(TMF), Criteria())).total == 0


def test_a_list_is_in_the_order_in_which_orders_came_and_pages_are_stable(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    ids = [place(orders, the_book, caller(), own("sonata/internet_add.json")).stored.id for _ in range(5)]
    sonata = the_book.edition(SONATA)
    assert [row.id for row in run(orders.list(caller(), sonata, Criteria())).rows] == ids
    page = run(orders.list(caller(), sonata, Criteria(page=Page(offset=3, limit=1))))
    assert ([row.id for row in page.rows], page.total, page.exact) == ([ids[3]], 5, True)
    some = Criteria((Condition("external_id", "eq", ("nothing",)),))
    assert run(orders.list(caller(), sonata, some)).total == 0


def test_a_list_may_be_chosen_by_what_only_the_shown_document_can_tell(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    for category in ("B2B", "B2C", "B2B"):
        place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json") | {"category": category}, TMF)
    asked = Asked(page=Page(offset=1, limit=5), matches=lambda document: document.get("category") == "B2B")
    found = run(orders.list(caller("demo-carrier-sil"), the_book.edition(TMF), asked))
    assert (len(found.rows), found.total, found.exact) == (1, 2, True)


def test_items_are_found_by_the_date_that_their_order_wants_for_all(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json"), TMF)
    wanted = shown(the_book, placed, SONATA)["productOrderItem"][0]["requestedCompletionDate"]
    assert wanted == "2026-03-02T08:00:00Z"
    for operator, at, found in (("gt", "2026-03-01T00:00:00Z", 1), ("lt", "2026-03-01T00:00:00Z", 0)):
        asked = Criteria((Condition("items/requested_completion_at", operator, (at,)),))
        assert run(orders.list(caller(), the_book.edition(SONATA), asked)).total == found


def test_two_orders_do_not_share_an_event_or_a_job(
        orders: Orders, the_book: Book, caller: Callers, store: Store, bell: Bell) -> None:
    for _ in range(2):
        place(orders, the_book, caller(), own("sonata/internet_add.json"))
    assert len(set(bell.rung)) == 2
    assert not store.query_now(lambda connection: dead_letter.dead(connection, "demo-carrier"))


def test_the_buyer_that_was_named_is_kept(orders: Orders, the_book: Book, caller: Callers) -> None:
    who = caller()
    named = Caller(who.client, who.tenant, who.audience, who.scopes, ("buyer-7",), ("seller-9",), who.profile)
    stored = place(orders, the_book, named, own("sonata/internet_add.json")).stored
    assert (stored.buyer_id, stored.seller_id) == ("buyer-7", "seller-9")
