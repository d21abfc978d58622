"""Who sees what: by the products that a dialect knows, and by the buyers that a client speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lso.canonical.criteria import Condition, Criteria
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.dialects.dialect import Asked
from lso.errors import Invalid, NotFound
from lso.service.order import Orders
from lso.service.subscription import Subscriptions
from lso.store import order as kept
from lso.store import product as products
from lso.store.engine import Store
from lso.store.order import StoredOrder
from tests.service.conftest import now, own, run
from tests.service.placing import placed

Callers = Callable[..., Caller]
Document = dict[str, Any]
SONATA, CANTATA, TMF = "sonata.grace.order", "cantata.grace.order", "tmf.v4.order"
CALLBACK = "http://127.0.0.1:9/events"


def place(orders: Orders, book: Book, caller: Caller, document: Document, edition: str = SONATA) -> StoredOrder:
    stored: StoredOrder = run(placed(orders, caller, book.edition(edition), document)).stored
    return stored


def delete(product_id: str) -> Document:
    """A deletion that names a product and nothing else, as MEF 123 R44 has it."""
    document = own("sonata/internet_delete.json")
    item = document["productOrderItem"][0]
    document["productOrderItem"] = [{**item, "product": {"id": product_id}}]
    return document


def tmf(action: str, product: Document) -> Document:
    return {"productOrderItem": [{"id": "1", "action": action, "product": product}]}


def wrong(orders: Orders, book: Book, caller: Caller, document: Document, edition: str) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        place(orders, book, caller, document, edition)
    return {(finding.pointer, finding.code) for finding in refused.value.findings}


def seen(orders: Orders, book: Book, caller: Caller, edition: str, asked: Criteria | None = None) -> list[str]:
    """What a list shows; what it shows can be retrieved."""
    listed = run(orders.list(caller, book.edition(edition), asked or Criteria()))
    assert listed.total == len(listed.rows)
    for row in listed.rows:
        assert run(orders.retrieve(caller, book.edition(edition), row.id)) == row
    return [row.id for row in listed.rows]


def hidden(orders: Orders, book: Book, caller: Caller, edition: str, id: str) -> bool:
    with pytest.raises(NotFound):
        run(orders.retrieve(caller, book.edition(edition), id))
    return True


def test_a_deletion_is_seen_where_the_product_that_it_ends_is_known(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    line = place(orders, the_book, caller(), delete("PROD-901"))
    internet = place(orders, the_book, caller(), delete("SellerBasicInternetAccessId-0001"))
    assert seen(orders, the_book, caller(), SONATA) == [line.id, internet.id]
    for edition in (CANTATA, TMF):
        assert seen(orders, the_book, caller("demo-carrier-sil"), edition) == [internet.id]
        assert hidden(orders, the_book, caller("demo-carrier-sil"), edition, line.id)


def test_a_product_that_a_dialect_does_not_know_cannot_be_named_in_it(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    who, pointer = caller("demo-carrier-sil"), "/productOrderItem/0/product/id"
    for named in ("PROD-901", "never-there"):
        assert wrong(orders, the_book, who, delete(named), CANTATA) == {(pointer, "referenceNotFound")}
        assert wrong(orders, the_book, who, tmf("delete", {"id": named}), TMF) == {(pointer, "referenceNotFound")}
    for edition, document in ((CANTATA, own("sonata/internet_add.json")), (TMF, own("tmf/internet_add.json"))):
        document["productOrderItem"][0]["product"]["productRelationship"] = [
            {"id": "PROD-902", "relationshipType": "CONNECTS_TO_UNI"} | (
                {"product": {"id": "PROD-902"}} if edition == TMF else {})]
        found = wrong(orders, the_book, who, document, edition)
        assert {code for at, code in found if "productRelationship/0" in at and at.endswith("/id")} == {
            "referenceNotFound"}


def test_what_an_order_is_about_stays_known_when_the_order_moves_on(
        orders: Orders, the_book: Book, caller: Callers, store: Store) -> None:
    placed = place(orders, the_book, caller(), delete("PROD-901"))
    store.commit_now(lambda connection: kept.replace(connection, placed, 1))
    again = store.query_now(lambda connection: kept.fetch(connection, placed.tenant, placed.id))
    assert again is not None
    assert again.schemas == placed.schemas == ("urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all",)
    assert hidden(orders, the_book, caller("demo-carrier-sil"), CANTATA, placed.id)


BUYERS = ("one", "two")


@pytest.fixture
def speaking(caller: Callers) -> Callable[..., Caller]:
    """A client of a tenant of two buyers, speaking for some."""

    def present(*buyers: str, client: str = "demo-carrier", of: tuple[str, ...] = BUYERS) -> Caller:
        return replace(caller(client, buyer_ids=of), buyer_ids=buyers)

    return present


def test_a_client_sees_the_orders_of_the_buyers_that_it_speaks_for(
        orders: Orders, the_book: Book, speaking: Callers) -> None:
    document = own("sonata/internet_add.json")
    first, second, none = (place(orders, the_book, speaking(*buyers), document).id
                           for buyers in (("one",), ("two",), ()))
    for buyers, expected in ((("one",), [first]), (("two",), [second]), (("three",), []),
                             ((), [first, second, none]), (BUYERS, [first, second, none])):
        assert seen(orders, the_book, speaking(*buyers), SONATA) == expected
        assert seen(orders, the_book, speaking(*buyers, client="demo-carrier-sil"), TMF) == expected
        for id in {first, second, none} - set(expected):
            assert hidden(orders, the_book, speaking(*buyers), SONATA, id)
    ours = Criteria((Condition("state", "eq", ("acknowledged",)),))
    assert seen(orders, the_book, speaking("two"), SONATA, ours) == [second]
    sifted = Asked(matches=lambda document: document["state"] == "acknowledged")
    assert seen(orders, the_book, speaking("two", client="demo-carrier-sil"), TMF, sifted) == [second]


def test_the_only_buyer_of_a_tenant_also_sees_what_was_ordered_before_it_had_a_name(
        orders: Orders, the_book: Book, speaking: Callers) -> None:
    before = place(orders, the_book, speaking(of=()), own("sonata/internet_add.json")).id
    assert seen(orders, the_book, speaking("one", of=("one",)), SONATA) == [before]


def test_a_product_of_another_buyer_is_not_there(
        orders: Orders, the_book: Book, speaking: Callers, store: Store) -> None:
    store.commit_now(lambda connection: products.insert(connection, products.StoredProduct(
        "demo-carrier", "theirs", 1, None, None, "active", "o", "i", "one", None, 1.0, {})))
    assert place(orders, the_book, speaking("one"), delete("theirs")).buyer_id == "one"
    assert wrong(orders, the_book, speaking("two"), delete("theirs"), SONATA) == {
        ("/productOrderItem/0/product/id", "referenceNotFound")}


def test_a_subscription_belongs_to_the_buyer_that_was_named(store: Store, the_book: Book, speaking: Callers) -> None:
    subscriptions, sonata = Subscriptions(store, the_book, now), the_book.edition(SONATA)
    kept = run(subscriptions.register(speaking("one"), sonata, callback=CALLBACK))
    assert kept.buyer_id == "one"
    assert run(subscriptions.retrieve(speaking("one"), sonata, kept.id)) == kept
    assert run(subscriptions.retrieve(speaking(), sonata, kept.id)) == kept
    for work in (subscriptions.retrieve, subscriptions.unregister):
        with pytest.raises(NotFound):
            run(work(speaking("two"), sonata, kept.id))
    of_all = run(subscriptions.register(speaking(), sonata, callback=CALLBACK))
    assert of_all.buyer_id is None
    with pytest.raises(NotFound):
        run(subscriptions.retrieve(speaking("one"), sonata, of_all.id))
