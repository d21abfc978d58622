"""A list costs what it shows, however large the store is: counted in steps of SQLite's machine, not in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from lso.canonical.criteria import Condition, Criteria, Page
from lso.store import order
from lso.store.engine import Store, open_store
from lso.store.instant import rfc3339
from lso.store.order import StoredOrder
from lso.store.statement import driver
from tests.store.orders import order as an_order

FEW, MANY, CHOSEN = 200, 6000, 20
NOW = 1_790_000_000.0
STEPS = 10


def is_(path: str, *values: str) -> Condition:
    return Condition(path, "eq" if len(values) == 1 else "in", values)


LONG_AGO, PAST, FUTURE = (rfc3339(NOW + days * 86_400) for days in (-40_000 / 24, 0, 30_000 / 24))
REQUESTED, EXPECTED = "items/requested_completion_at", "items/expected_completion_at"
LATE = Condition(EXPECTED, "lt", (PAST,))
LISTS = {
    "late and in progress": (is_("state", "in_progress"), LATE),
    "late and in progress, by order date": (is_("state", "in_progress"), LATE,
                                            Condition("ordered_at", "gt", (LONG_AGO,))),
    "late and in one of several states": (is_("state", "in_progress", "pending", "held"), LATE),
    "late and not completed": (Condition("state", "ne", ("completed",)), Condition("state", "ne", ("failed",)), LATE),
    "a rare state": (is_("state", "failed"),),
    "all states but the frequent ones": (Condition("state", "ne", ("completed",)),
                                         Condition("state", "ne", ("in_progress",))),
    "a rare state, by order date": (is_("state", "failed"), Condition("ordered_at", "gt", (LONG_AGO,))),
    "a rare state, by expected date": (is_("state", "failed"), Condition(EXPECTED, "lt", (FUTURE,))),
    "a rare state, by requested dates": (is_("state", "failed"), Condition(REQUESTED, "gt", (LONG_AGO,)),
                                         Condition(REQUESTED, "lt", (FUTURE,))),
    "a rare state, by completion date": (is_("state", "failed"), Condition("completed_at", "lt", (FUTURE,))),
    "failures of a large project": (is_("project_id", "wide"), is_("state", "failed")),
    "a small project, by expected date": (is_("project_id", "narrow"), Condition(EXPECTED, "lt", (FUTURE,))),
    "a rare date": (Condition("cancelled_at", "gt", (LONG_AGO,)),),
}


def some_orders(count: int) -> Iterator[StoredOrder]:
    """Of every list above, however many there are, twenty."""
    for number in range(count):
        kind = number % (count // CHOSEN)
        state, late = ("in_progress", kind == 0) if number % 2 == 0 else ("completed", True)
        state = "failed" if kind == 1 else state
        item = {"id": "1", "requested_completion_at": rfc3339(NOW + number),
                "expected_completion_at": rfc3339(NOW + (-60 if late else 60) * (1 + number))}
        document = {"state": state, "ordered_at": rfc3339(NOW - number * 60.0), "items": [item],
                    "completed_at": rfc3339(NOW + number), "project_id": "narrow" if kind == 2 else "wide"}
        if kind == 3:
            document["cancelled_at"] = rfc3339(NOW)
        yield an_order(**document)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder: Path = tmp_path_factory.mktemp("cost")
    with open_store(f"sqlite:///{folder / 'few'}") as few, open_store(f"sqlite:///{folder / 'many'}") as many:
        for store, count in ((few, FEW), (many, MANY)):
            made = list(some_orders(count))
            store.commit_now(lambda connection, made=made: [order.insert(connection, one) for one in made])
        yield few, many


def cost(store: Store, conditions: tuple[Condition, ...], buyers: tuple[str | None, ...] | None) -> int:
    """Steps that a page of twenty takes, all twenty there are."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += STEPS

    def read(connection: Connection) -> None:
        driver(connection).set_progress_handler(count, STEPS)
        found = order.select(connection, "acme", Criteria(conditions, Page(limit=CHOSEN)), buyers=buyers)
        driver(connection).set_progress_handler(None, STEPS)
        assert (found.total, len(found.rows)) == (CHOSEN, CHOSEN)

    store.query_now(read)
    return steps


@pytest.mark.parametrize("asked", LISTS)
@pytest.mark.parametrize("buyers", [None, ("buyer-1", None)])
def test_a_list_costs_no_more_in_a_store_thirty_times_as_large(
        stores: tuple[Store, Store], asked: str, buyers: tuple[str | None, ...] | None) -> None:
    few, many = (cost(store, LISTS[asked], buyers) for store in stores)
    assert many <= 1.5 * few, f"{many} steps, and {few} in the small store"
