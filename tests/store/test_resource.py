"""Resources beside the order: kept, moved on by one at a time, listed, and gone with their order."""

from __future__ import annotations

import dataclasses
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lso.canonical.criteria import Condition, Criteria, Page
from lso.errors import Conflict
from lso.store import order as orders
from lso.store import resource, resource_listing
from lso.store.engine import Store, open_store
from lso.store.fitting import holds
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource
from tests.store.orders import order


def a_cancellation(of: StoredOrder, id: str = "c-1", **members: Any) -> StoredResource:
    document = {"id": id, "order_id": of.id, "state": "acknowledged", **members}
    made = resource.beside(of, "cancellation", document, at=1_700_000_000.0)
    return dataclasses.replace(made, mapping="sonata.cancellation", complements={"sonata.cancellation": {"x": [1]}})


def keep(store: Store, *kept: StoredResource) -> None:
    for one in kept:
        store.commit_now(lambda connection, one=one: resource.insert(connection, one))


def test_a_resource_comes_back_as_it_was_kept(store: Store) -> None:
    kept = a_cancellation(order())
    keep(store, kept)
    assert store.query_now(lambda c: resource.fetch(c, "acme", "cancellation", "c-1")) == kept


def test_a_resource_of_another_tenant_or_kind_is_not_there(store: Store) -> None:
    keep(store, a_cancellation(order()))
    assert store.query_now(lambda c: resource.fetch(c, "other", "cancellation", "c-1")) is None
    assert store.query_now(lambda c: resource.fetch(c, "acme", "charge", "c-1")) is None


def test_of_two_that_replace_one_version_the_second_is_refused(store: Store) -> None:
    kept = a_cancellation(order())
    keep(store, kept)
    done = dataclasses.replace(kept, document={**kept.document, "state": "done"})
    moved = store.commit_now(lambda c: resource.replace(c, done, 1))
    assert moved.version == 2
    assert store.query_now(lambda c: resource.fetch(c, "acme", "cancellation", "c-1")) == moved
    with pytest.raises(Conflict):
        store.commit_now(lambda c: resource.replace(c, done, 1))


def test_an_order_bears_one_open_task_at_a_time(store: Store) -> None:
    of = order()
    first = a_cancellation(of)
    keep(store, first, a_cancellation(order(), "c-2"))
    later = dataclasses.replace(a_cancellation(of, "d-1"), kind="delivery_date")
    with pytest.raises(Conflict):
        keep(store, later)
    charge = resource.beside(of, "charge", {"id": "ch-1", "order_id": of.id, "state": "awaiting_response"}, at=1.0)
    keep(store, charge)
    over = dataclasses.replace(first, document={**first.document, "state": "rejected"})
    store.commit_now(lambda c: resource.replace(c, over, 1))
    keep(store, later)


def test_a_task_for_a_later_day_keeps_others_off_its_order_once_it_is_begun(store: Store) -> None:
    of = order()
    waiting = a_cancellation(of, requested_cancellation_at="2090-01-01T00:00:00Z")
    at_once = a_cancellation(of, "c-2", requested_cancellation_at="2023-11-14T22:13:20Z")
    keep(store, waiting, a_cancellation(of, "c-3", requested_cancellation_at="2091-01-01T00:00:00Z"), at_once)
    assert [resource.occupies(one) for one in (waiting, at_once)] == [False, True]
    over = dataclasses.replace(at_once, document={**at_once.document, "state": "rejected"})
    store.commit_now(lambda c: resource.replace(c, over, 1))
    begun = dataclasses.replace(waiting, document={**waiting.document, "state": "in_progress"})
    store.commit_now(lambda c: resource.replace(c, begun, 1))
    with pytest.raises(Conflict):
        keep(store, a_cancellation(of, "c-4"))


def test_of_two_processes_that_ask_at_once_one_is_refused(store_url: str) -> None:
    of = order()
    with open_store(store_url) as one, open_store(store_url) as other, ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(keep, (one, other)[number % 2], a_cancellation(of, f"c-{number}")) for number in range(8)]
        refused = [task for task in tasks if isinstance(task.exception(), Conflict)]
        assert len(refused) == len(tasks) - 1
        assert len(one.query_now(lambda c: resource.of_order(c, "acme", of.id))) == 1


def test_an_order_knows_its_resources_and_takes_them_along(store: Store) -> None:
    of, other = order(), order()
    store.commit_now(lambda c: orders.insert(c, of))
    first, second = a_cancellation(of, "c-1", state="rejected"), a_cancellation(of, "c-2")
    charge = resource.beside(of, "charge", {"id": "ch-1", "order_id": of.id, "state": "completed"}, at=1.0)
    keep(store, first, charge, second, a_cancellation(other, "c-3"))
    assert store.query_now(lambda c: resource.of_order(c, "acme", of.id)) == (first, charge, second)
    assert store.query_now(lambda c: resource.of_order(c, "acme", of.id, "charge")) == (charge,)
    store.commit_now(lambda c: resource.forget(c, "acme", of.id))
    assert store.query_now(lambda c: resource.of_order(c, "acme", of.id)) == ()
    assert store.query_now(lambda c: resource.fetch(c, "acme", "cancellation", "c-3")) is not None


STATES = ("rejected", "done", "declined")
ASKED = (
    (),
    (Condition("state", "eq", ("done",)),),
    (Condition("state", "in", ("done", "rejected")),),
    (Condition("state", "ne", ("done",)),),
    (Condition("order_id", "eq", ("order-1",)),),
    (Condition("order_id", "eq", ("order-1",)), Condition("state", "in", ("declined",))),
    (Condition("reason_kind", "eq", ("technical",)),),
    (Condition("requested_cancellation_at", "gt", ("2026-01-03T00:00:00Z",)),
     Condition("requested_cancellation_at", "lt", ("2026-01-06T00:00:00Z",)), Condition("state", "eq", ("done",))),
    (Condition("id", "in", ("c-3", "c-4")),),
)


def some(count: int = 40, seed: int = 3) -> list[StoredResource]:
    luck = random.Random(seed)
    return [
        dataclasses.replace(
            a_cancellation(order(id=f"order-{luck.randrange(3)}"), f"c-{number}", state=luck.choice(STATES),
                           reason_kind=luck.choice(("technical", "commercial")),
                           requested_cancellation_at=f"2026-01-0{luck.randrange(1, 9)}T12:00:00Z"),
            buyer_id=luck.choice((None, "one", "two")), schemas=luck.choice((("",), ("a",), ("a", "b"))))
        for number in range(count)]


def test_a_list_holds_what_fits_and_nothing_else(store: Store) -> None:
    kept = some()
    keep(store, *kept)
    for conditions in ASKED:
        fitting = [one for one in kept if holds(one.document, conditions)]
        for offset, limit in ((0, None), (1, 3), (2, 0), (500, 5)):
            criteria = Criteria(conditions, Page(offset, limit, 100))
            found = store.query_now(lambda c, asked=criteria: resource_listing.select(c, "acme", "cancellation", asked))
            assert list(found.rows) == fitting[offset:][:100 if limit is None else limit], criteria
            assert (found.total, found.exact) == (len(fitting), True), criteria


def test_a_list_counts_no_further_than_it_is_told(store: Store) -> None:
    keep(store, *some())
    for conditions in ((), (Condition("reason_kind", "in", ("technical", "commercial")),)):
        criteria = Criteria(conditions, Page(0, 2, 100))
        found = store.query_now(lambda c, asked=criteria: resource_listing.select(
            c, "acme", "cancellation", asked, count_most=10))
        assert (len(found.rows), found.total, found.exact) == (2, 10, False)


def test_a_list_shows_what_may_be_seen(store: Store) -> None:
    kept = some()
    keep(store, *kept)
    found = store.query_now(lambda c: resource_listing.select(
        c, "acme", "cancellation", Criteria(), visible=lambda schemas: "b" not in schemas, buyers=("one", None)))
    assert list(found.rows) == [one for one in kept if "b" not in one.schemas and one.buyer_id in ("one", None)]
    nothing = store.query_now(lambda c: resource_listing.select(
        c, "acme", "cancellation", Criteria(), visible=lambda _schemas: False))
    assert (nothing.rows, nothing.total) == ((), 0)
    assert store.query_now(lambda c: resource_listing.select(c, "other", "cancellation", Criteria())).rows == ()


def test_a_pattern_is_nobodys_business_here(store: Store) -> None:
    wanted = Criteria((Condition("state", "regex", ("d.*",)),))
    found = store.query_now(lambda c: resource_listing.select(c, "acme", "cancellation", wanted))
    assert found.unsupported == wanted.conditions
