"""A list holds what fits and nothing else, page by page; held against a filter that knows no SQL."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lso.canonical.criteria import Condition, Criteria, Operator, Page
from lso.store import order
from lso.store.engine import Store, open_store
from lso.store.order import StoredOrder
from tests.store.orders import order as an_order

START = datetime(2026, 1, 1, tzinfo=UTC)
STATES = ("acknowledged", "in_progress", "completed", "held")
DATED = ("ordered_at", "completed_at", "cancelled_at")
ITEM_DATED = ("items/requested_completion_at", "items/expected_completion_at")
WORDED = ("id", "state", "external_id", "project_id")


def moment(number: int) -> str:
    return (START + timedelta(hours=number)).isoformat().replace("+00:00", "Z")


def same_moment_elsewhere(number: int) -> str:
    return (
        (START + timedelta(hours=number))
        .astimezone(tz=datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
        .isoformat()
    )


def some_orders(count: int, seed: int = 7) -> list[StoredOrder]:
    luck = random.Random(seed)

    def item(number: int) -> dict[str, Any]:
        dates = {
            "requested_completion_at": moment(luck.randrange(12)),
            "expected_completion_at": moment(luck.randrange(12)),
        }
        return {"id": str(number), **{name: at for name, at in dates.items() if luck.random() < 0.7}}

    placed = []
    for number in range(count):
        members = {
            "state": luck.choice(STATES),
            "external_id": f"PO-{luck.randrange(4)}",
            "project_id": f"P{luck.randrange(3)}",
        }
        members |= {name: moment(luck.randrange(12)) for name in DATED}
        members |= {
            "category": luck.choice(["a", "b"]),
            "notes": [{"author": luck.choice("xyz")} for _ in range(luck.randrange(3))],
        }
        kept = {name: value for name, value in members.items() if name == "ordered_at" or luck.random() < 0.8}
        items = [item(n) for n in range(luck.randrange(5))]
        placed.append(an_order(id=f"order-{number:03}", items=items, **kept))
    return placed


class Oracle:
    """The meaning of conditions, written as plainly as can be."""

    def values(self, document: Any, path: str) -> list[Any]:
        found = [document]
        for segment in path.split("/"):
            found = [one[segment] for one in found if isinstance(one, dict) and segment in one]
            found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
        return found

    def holds(self, document: Any, conditions: tuple[Condition, ...]) -> bool:
        for path in {one.path for one in conditions}:
            here = [one for one in conditions if one.path == path]
            values = self.values(document, path)
            if any(self.compare(value, one) for one in here if one.operator == "ne" for value in values):
                return False
            asked = [one for one in here if one.operator != "ne"]
            if asked and not any(all(self.compare(value, one) for one in asked) for value in values):
                return False
        return True

    def compare(self, value: str, one: Condition) -> bool:
        def at(text: str) -> Any:
            return datetime.fromisoformat(text) if one.path.endswith("_at") else text

        wanted = [at(text) for text in one.values]
        return {
            "eq": lambda: at(value) == wanted[0],
            "ne": lambda: at(value) == wanted[0],
            "in": lambda: at(value) in wanted,
            "gt": lambda: at(value) > wanted[0],
            "gte": lambda: at(value) >= wanted[0],
            "lt": lambda: at(value) < wanted[0],
            "lte": lambda: at(value) <= wanted[0],
        }[one.operator]()


def conditions() -> st.SearchStrategy[Condition]:
    moments = st.integers(0, 12).flatmap(lambda n: st.sampled_from([moment(n), same_moment_elsewhere(n)]))
    words = st.sampled_from([*STATES, "PO-0", "PO-1", "PO-9", "P0", "P1", "order-003", "order-017", "a", "x"])
    comparing: list[Operator] = ["eq", "ne", "gt", "gte", "lt", "lte"]
    equal: list[Operator] = ["eq", "ne"]

    def one(
        paths: tuple[str, ...], operators: list[Operator], values: st.SearchStrategy[str]
    ) -> st.SearchStrategy[Condition]:
        path = st.sampled_from(paths)
        return st.one_of(
            st.builds(lambda p, o, v: Condition(p, o, (v,)), path, st.sampled_from(operators), values),
            st.builds(lambda p, v: Condition(p, "in", tuple(v)), path, st.lists(values, max_size=4)),
        )

    return st.one_of(
        one(DATED + ITEM_DATED, comparing, moments), one(WORDED, equal, words),
        one(("state",), equal, st.sampled_from(STATES)), one(("category", "notes/author"), comparing, words),
    )


@pytest.fixture(scope="module")
def sixty() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'lso.sqlite3'}") as store:
        for one in some_orders(60):
            store.commit_now(lambda connection, one=one: order.insert(connection, one))
        yield store


def check_one_list(store: Store, asked: tuple[Condition, ...]) -> None:
    fitting = {one.id for one in some_orders(60) if Oracle().holds(one.document, asked)}
    criteria = Criteria(asked, Page(most=1000))
    found = store.query_now(lambda connection: order.select(connection, "acme", criteria))
    assert {one.id for one in found.rows} == fitting
    assert len(found.rows) == found.total == len(fitting)
    assert found.exact
    pages = []
    for offset in range(0, 60, 7):
        page = Criteria(asked, Page(offset=offset, limit=7))
        pages += store.query_now(lambda connection, page=page: order.select(connection, "acme", page)).rows
    assert pages == list(found.rows)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(conditions(), max_size=4).map(tuple))
def test_a_list_is_what_a_plain_filter_gives(sixty: Store, asked: tuple[Condition, ...]) -> None:
    check_one_list(sixty, asked)


@pytest.mark.postgres
def test_a_list_is_what_a_plain_filter_gives_on_postgresql(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        store.commit_now(lambda connection: [order.insert(connection, one) for one in some_orders(60)])

        @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.nested_given])
        @given(st.lists(conditions(), max_size=4).map(tuple))
        def check(asked: tuple[Condition, ...]) -> None:
            check_one_list(store, asked)

        check()


def test_a_list_stays_right_when_orders_change(store: Store) -> None:
    before, after = some_orders(20, seed=1), some_orders(20, seed=2)
    store.commit_now(lambda connection: [order.insert(connection, one) for one in before])
    store.commit_now(lambda connection: [order.replace(connection, one, 1) for one in after])
    for path in ITEM_DATED:
        for hour in range(12):
            asked = (Condition(path, "gte", (moment(hour),)), Condition(path, "lte", (moment(hour),)))
            found = store.query_now(lambda connection, asked=asked: order.select(connection, "acme", Criteria(asked)))
            fitting = [one for one in after if Oracle().holds(one.document, asked)]
            assert {one.id for one in found.rows} == {one.id for one in fitting}


def test_a_list_without_conditions_is_in_the_order_of_arrival(store: Store) -> None:
    placed = [an_order(created_at=1000.0 + number) for number in range(30)]
    store.commit_now(lambda connection: [order.insert(connection, one) for one in placed])
    found = store.query_now(
        lambda connection: order.select(connection, "acme", Criteria(page=Page(limit=10, offset=5)))
    )
    assert list(found.rows) == placed[5:15]
    assert found.total == 30


def test_no_more_is_counted_than_asked(store: Store) -> None:
    store.commit_now(
        lambda connection: [order.insert(connection, an_order(created_at=1.0 + n, category="a")) for n in range(30)]
    )
    for conditions in ((), (Condition("state", "eq", ("acknowledged",)),), (Condition("category", "eq", ("a",)),)):
        found = store.query_now(
            lambda c, conditions=conditions: order.select(
                c, "acme", Criteria(conditions, Page(limit=5, offset=20)), count_most=10
            )
        )
        assert (found.total, found.exact, len(found.rows)) == (10, False, 5)


def test_a_page_is_never_larger_than_the_most(store: Store) -> None:
    store.commit_now(lambda connection: [order.insert(connection, an_order()) for _ in range(12)])
    for limit, expected in ((None, 10), (100, 10), (3, 3), (0, 0)):
        page = Page(limit=limit, most=10)
        found = store.query_now(lambda connection, page=page: order.select(connection, "acme", Criteria(page=page)))
        assert (len(found.rows), found.total) == (expected, 12)


def test_a_pattern_is_left_to_the_caller(store: Store) -> None:
    asked = Condition("external_id", "regex", (".*",))
    found = store.query_now(lambda connection: order.select(connection, "acme", Criteria((asked,))))
    assert found.unsupported == (asked,)


def test_what_has_no_column_is_known_to_be_slow() -> None:
    assert order.indexed_only(
        Criteria((Condition("state", "eq", ("held",)), Condition(ITEM_DATED[0], "gt", (moment(1),))))
    )
    assert not order.indexed_only(Criteria((Condition("category", "eq", ("a",)),)))
