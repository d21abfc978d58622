"""Connections in pages: those that were asked for and products of their kind, merged, each once, the oldest first."""

from __future__ import annotations

import pytest

from lso.store import connection as connections
from lso.store import product, resource
from lso.store.connection import KIND, Place
from lso.store.engine import Store
from lso.store.product import StoredProduct
from lso.store.resource import StoredResource

INTERNET = "urn:internet"


def asked(id: str, at: float, *, tenant: str = "one", buyer: str | None = None) -> StoredResource:
    return StoredResource(tenant=tenant, kind=KIND, id=id, version=1, edition="", mapping="", profile_version=1,
                          order_id=None, buyer_id=buyer, seller_id=None, client="", document={"id": id},
                          complements={}, created_at=at, schemas=(INTERNET,))


def there(id: str, at: float, *, schema: str = INTERNET, buyer: str | None = None) -> StoredProduct:
    return StoredProduct(tenant="one", id=id, version=1, offering_id=None, schema=schema, status="active", order_id="o",
                         item_id=id, buyer_id=buyer, seller_id=None, created_at=at, document={"id": id})


@pytest.fixture
def filled(store: Store) -> Store:
    def work(connection: object) -> None:
        for one in (asked("a2", 2.0), asked("a4", 4.0, buyer="b"), asked("a5", 5.0), asked("a8", 8.0),
                    asked("x", 1.0, tenant="two")):
            resource.insert(connection, one)  # type: ignore[arg-type]
        for made in (there("p1", 1.0), there("p3", 3.0, buyer="b"), there("a5", 5.5), there("p6", 6.0),
                     there("p7", 6.0), there("line", 2.5, schema="urn:line"), there("p9", 9.0)):
            product.insert(connection, made)  # type: ignore[arg-type]

    store.commit_now(work)
    return store


def walked(store: Store, limit: int, buyers: tuple[str | None, ...] | None = None) -> list[str]:
    seen: list[str] = []
    place: Place | None = Place()
    while place is not None:
        here = place
        found = store.query_now(lambda connection: connections.select(
            connection, "one", here, limit, schemas=[INTERNET], buyers=buyers))  # noqa: B023
        assert len(found.rows) <= limit
        seen += [row.id for row in found.rows]
        place = found.next
    return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 9, 10, 100])
def test_pages_of_any_size_show_every_connection_once_the_oldest_first(filled: Store, limit: int) -> None:
    assert walked(filled, limit) == ["p1", "a2", "p3", "a4", "a5", "p6", "p7", "a8", "p9"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_buyer_sees_its_own(filled: Store, limit: int) -> None:
    assert walked(filled, limit, ("b",)) == ["p3", "a4"]
    assert walked(filled, limit, ("c", None)) == ["p1", "a2", "a5", "p6", "p7", "a8", "p9"]
