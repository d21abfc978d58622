"""Price lists are remembered for a second, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from lso.canonical.price_row import PriceRow
from lso.service.price_lists import FRESH_SECONDS, PriceLists
from lso.store import price as prices
from lso.store.engine import Store, open_store

HERE = "acme"


class Desk:
    """Price lists over a store, and a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.at = store, 100.0
        self.lists = PriceLists(store, clock=lambda: self.at)

    def price(self, offering: str, amount: str, tenant: str = HERE) -> None:
        row = PriceRow(tenant=tenant, offering=offering, name="fee", kind="non_recurring",
                       amount=Decimal(amount), currency="USD")
        self.store.commit_now(lambda connection: prices.put(connection, [row]))

    def amounts(self, *offerings: str, tenant: str = HERE) -> list[Decimal]:
        return [row.amount for one in self.lists.of(tenant, offerings).values() for row in one.rows]


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    with open_store(sqlite_url) as store:
        yield Desk(store)


def test_what_is_imported_counts_within_the_second(desk: Desk) -> None:
    desk.price("port", "10")
    assert desk.amounts("port") == [10]
    desk.price("port", "12")
    desk.at += FRESH_SECONDS / 2
    assert desk.amounts("port") == [10]
    desk.at += FRESH_SECONDS / 2
    assert desk.amounts("port") == [12]


def test_an_offering_without_prices_is_looked_up_each_time(desk: Desk) -> None:
    desk.price("port", "10")
    assert desk.amounts("port", "circuit") == [10]
    desk.price("circuit", "20")
    assert sorted(desk.amounts("port", "circuit")) == [10, 20]


def test_a_tenant_is_told_its_own_prices(desk: Desk) -> None:
    desk.price("port", "10")
    desk.price("port", "15", tenant="globex")
    assert (desk.amounts("port"), desk.amounts("port", tenant="globex")) == ([10], [15])
    assert (desk.amounts("port"), desk.amounts("port", tenant="globex")) == ([10], [15])
