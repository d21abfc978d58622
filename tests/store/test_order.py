"""Orders are kept whole, moved on by one writer at a time, and seen by their tenant alone."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from lso.canonical.criteria import Condition, Criteria
from lso.errors import Conflict
from lso.store import order
from lso.store.engine import Store
from lso.store.order import StoredOrder
from tests.store.orders import order as an_order


def keep(store: Store, *placed: StoredOrder) -> None:
    store.commit_now(lambda connection: [order.insert(connection, one) for one in placed])


def fetched(store: Store, placed: StoredOrder, tenant: str = "acme") -> StoredOrder | None:
    return store.query_now(lambda connection: order.fetch(connection, tenant, placed.id))


@pytest.mark.parametrize(
    "odd",
    [
        2**80,
        -(2**64),
        1.0,
        1e300,
        "\ud800",
        "\0",
        "\u2028",
        "${x}",
        "%s",
        "%(x)s",
        ":x",
        "",
        None,
        [],
        {},
        [[{"a": None}]],
    ],
)
def test_a_document_comes_back_exactly(store: Store, odd: object) -> None:
    placed = an_order(odd=odd, deep=[{"odd": odd}])
    keep(store, placed)
    back = fetched(store, placed)
    assert back == placed
    assert back is not None
    assert type(back.document["odd"]) is type(odd)


@pytest.mark.parametrize(
    "external_id", ["PO-1", "é" * 3000, "x" * 100_000, "a\0b", "a\nb", "\ud800", "", "' OR 1=1 --", "%_"]
)
def test_any_external_id_can_be_kept_and_found(store: Store, external_id: str) -> None:
    placed = an_order(external_id=external_id)
    keep(store, placed, an_order(external_id=external_id + "x"), an_order())
    wanted = Criteria((Condition("external_id", "eq", (external_id,)),))
    assert store.query_now(lambda connection: order.select(connection, "acme", wanted)).rows == (placed,)


def test_a_stranger_sees_nothing(store: Store) -> None:
    placed = an_order()
    keep(store, placed)
    assert fetched(store, placed, "other") is None
    assert store.query_now(lambda connection: order.select(connection, "other", Criteria())).total == 0
    foreign = dataclasses.replace(placed, tenant="other")
    with pytest.raises(Conflict):
        store.commit_now(lambda connection: order.replace(connection, foreign, 1))
    assert fetched(store, placed) == placed


def test_two_tenants_may_use_one_id(store: Store) -> None:
    ours, theirs = an_order(id="one"), an_order("other", id="one", external_id="PO-2")
    keep(store, ours, theirs)
    assert fetched(store, ours) == ours
    assert fetched(store, theirs, "other") == theirs


def test_an_id_that_no_order_can_have_finds_none(store: Store) -> None:
    for id in ("", "\0", "x" * 10_000, "\ud800"):
        assert store.query_now(lambda connection, id=id: order.fetch(connection, "acme", id)) is None


def test_a_replaced_order_counts_up_its_version(store: Store) -> None:
    placed = an_order()
    keep(store, placed)
    document = {**placed.document, "state": "completed"}
    moved = store.commit_now(
        lambda connection: order.replace(connection, dataclasses.replace(placed, document=document, complements={}), 1)
    )
    assert moved.version == 2
    assert fetched(store, placed) == moved
    assert moved.document["state"] == "completed"


def test_of_two_changes_to_one_version_one_is_refused(store: Store) -> None:
    placed = an_order(count=0)
    keep(store, placed)

    def change(number: int) -> bool:
        try:
            changed = dataclasses.replace(placed, document={**placed.document, "count": number})
            store.commit_now(lambda connection: order.replace(connection, changed, 1))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(change, range(1, 17))) == 1
    back = fetched(store, placed)
    assert back is not None
    assert back.version == 2


def test_an_order_of_unknown_products_is_invisible(store: Store) -> None:
    def of(*schemas: str | None) -> StoredOrder:
        return an_order(
            items=[{"id": str(n), "product": {"schema": schema} if schema else {}} for n, schema in enumerate(schemas)]
        )

    ip, both, none = of("urn:ip"), of("urn:ip", "urn:access"), of(None)
    keep(store, ip, both, none)

    def seen(*known: str) -> list[str]:
        found = store.query_now(
            lambda c: order.select(c, "acme", Criteria(), visible=lambda schemas: schemas <= set(known))
        )
        assert found.total == len(found.rows)
        return [one.id for one in found.rows]

    assert seen("urn:ip") == [ip.id]
    assert seen("urn:ip", "urn:access", "") == [ip.id, both.id, none.id]
    assert seen("urn:other") == []
