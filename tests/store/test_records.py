"""The smaller records: answers kept for twins, products, back-end ids, leases, tenants, clients and keys."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from lso.canonical.tenant import Profile
from lso.errors import Conflict
from lso.store import idempotency, key, lease, order, product, reference, tenant
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from lso.store.key import SigningKey
from lso.store.product import StoredProduct
from lso.store.reference import Reference
from lso.store.tenant import Client
from tests.store.orders import order as an_order

ANSWER = Remembered(
    "acme", "carrier", "createProductOrder", "key-1", "hash", 201, {"Location": "/x"}, '{"é": 1}'.encode(), 200.0
)
PRODUCT = StoredProduct(
    "acme", "p1", 1, "offering", "urn:ip", "active", "o1", "i1", "buyer-1", None, 1.0, {"id": "p1", "n": 2**70}
)
CLIENT = Client("demo", "acme", "pil", "hash", {"keys": []}, ("read", "*"), ("b1", "b2"), created_at=1.0)


def remember(store: Store, answer: Remembered, now: float = 100.0) -> None:
    store.commit_now(lambda connection: idempotency.remember(connection, answer, now=now))


def find(store: Store, now: float = 100.0, **other: str) -> Remembered | None:
    asked = {"tenant": "acme", "client": "carrier", "operation": "createProductOrder", "key": "key-1", **other}
    return store.query_now(lambda connection: idempotency.find(connection, **asked, now=now))


def test_an_answer_is_found_by_its_whole_key_until_it_expires(store: Store) -> None:
    remember(store, ANSWER)
    assert find(store) == ANSWER
    assert find(store, now=200.0) is None
    for other in ({"tenant": "other"}, {"client": "other"}, {"operation": "other"}, {"key": "other"}):
        assert find(store, **other) is None


@pytest.mark.parametrize("odd", ["", "\0", "x" * 10_000, "\ud800", "é\n"])
def test_any_key_will_do(store: Store, odd: str) -> None:
    remember(store, dataclasses.replace(ANSWER, key=odd))
    assert find(store, key=odd) == dataclasses.replace(ANSWER, key=odd)


def test_a_second_answer_is_refused_with_all_its_work(store: Store) -> None:
    first, second = an_order(), an_order()

    async def scenario() -> list[object]:
        def work(placed: order.StoredOrder):  # type: ignore[no-untyped-def]
            return lambda c: (order.insert(c, placed), idempotency.remember(c, ANSWER, now=100.0))

        works = [
            store.commit(work(first)),
            store.commit(work(second)),
            store.commit(lambda c: order.insert(c, an_order())),
        ]
        return list(await asyncio.gather(*works, return_exceptions=True))

    results = asyncio.run(scenario())
    assert [type(one) is Conflict for one in results] == [False, True, False]
    assert store.query_now(lambda connection: order.fetch(connection, "acme", first.id)) == first
    assert store.query_now(lambda connection: order.fetch(connection, "acme", second.id)) is None


def test_an_expired_answer_gives_way(store: Store) -> None:
    remember(store, ANSWER)
    later = dataclasses.replace(ANSWER, body=b"{}", expires_at=900.0)
    remember(store, later, now=300.0)
    assert find(store, now=300.0) == later


def test_expired_answers_are_purged(store: Store) -> None:
    for number in range(4):
        remember(store, dataclasses.replace(ANSWER, key=str(number), expires_at=100.0 + number))
    assert [store.commit_now(lambda c: idempotency.purge(c, before=102.5, limit=2)) for _ in range(3)] == [2, 1, 0]


def test_products_are_kept_once_and_moved_on_by_version(store: Store) -> None:
    assert store.commit_now(lambda connection: product.insert(connection, PRODUCT))
    assert (
        store.commit_now(lambda connection: product.insert(connection, dataclasses.replace(PRODUCT, status="lost")))
        is False
    )
    moved = store.commit_now(lambda c: product.replace(c, dataclasses.replace(PRODUCT, status="terminated"), 1))
    assert store.query_now(lambda connection: product.fetch(connection, "acme", "p1")) == moved
    assert (moved.version, moved.status) == (2, "terminated")
    with pytest.raises(Conflict):
        store.commit_now(lambda connection: product.replace(connection, PRODUCT, 1))


def test_products_belong_to_their_tenant(store: Store) -> None:
    store.commit_now(lambda connection: product.insert(connection, PRODUCT))
    assert store.query_now(lambda c: product.fetch_many(c, "acme", ["p1", "p2", "p1"])) == {"p1": PRODUCT}
    assert store.query_now(lambda c: product.fetch_many(c, "other", ["p1"])) == {}
    assert store.query_now(lambda c: product.of_order(c, "acme", "o1")) == [PRODUCT]
    assert store.query_now(lambda c: product.of_order(c, "other", "o1")) == []
    with pytest.raises(Conflict):
        store.commit_now(
            lambda connection: product.replace(connection, dataclasses.replace(PRODUCT, tenant="other"), 1)
        )


def test_a_reference_learns_the_id_of_the_back_end(store: Store) -> None:
    asked = Reference("acme", "sandbox", "x1", "o1", "i1", None, "working", 1.0)
    known = dataclasses.replace(asked, their_id="S-7", state="done", changed_at=2.0)
    for one in (asked, known):
        store.commit_now(lambda connection, one=one: reference.put(connection, one))
    assert store.query_now(lambda c: reference.fetch(c, "acme", "sandbox", "x1")) == known
    assert store.query_now(lambda c: reference.of_order(c, "acme", "o1")) == [known]
    assert store.query_now(lambda c: reference.fetch(c, "other", "sandbox", "x1")) is None
    assert store.query_now(lambda c: reference.of_order(c, "other", "o1")) == []


def test_a_lease_has_one_owner_at_a_time(store: Store) -> None:
    def take(owner: str, now: float) -> bool:
        return store.commit_now(lambda connection: lease.take(connection, "sweep", owner=owner, seconds=10, now=now))

    assert [take("a", 0.0), take("b", 5.0), take("a", 8.0), take("b", 15.0), take("b", 19.0), take("a", 20.0)] == [
        True, False, True, False, True, False,
    ]
    store.commit_now(lambda connection: lease.release(connection, "sweep", owner="a"))
    assert take("a", 21.0) is False
    store.commit_now(lambda connection: lease.release(connection, "sweep", owner="b"))
    assert take("a", 21.0) is True


def config_version(store: Store) -> int:
    return store.query_now(tenant.config_version)


def test_a_profile_gets_a_version_only_when_it_says_something_new(store: Store) -> None:
    def apply(**members: object) -> Profile:
        return store.commit_now(
            lambda c: tenant.apply(c, Profile.model_validate({"tenant": "acme", "name": "Acme", **members}), now=1.0)
        )

    assert config_version(store) == 0
    first, same, second = apply(), apply(version=9), apply(strict=True)
    assert (first.version, same, second.version) == (1, first, 2)
    assert config_version(store) == 2
    store.commit_now(lambda c: tenant.apply(c, Profile(tenant="beta", name="Beta"), now=1.0))
    assert [(one.tenant, one.version) for one in store.query_now(tenant.profiles)] == [("acme", 2), ("beta", 1)]
    assert store.query_now(lambda c: tenant.profile(c, "acme", 1)) == first
    assert store.query_now(lambda c: tenant.newest_profile(c, "acme")) == second
    assert store.query_now(lambda c: tenant.profile(c, "beta", 2)) is None


def test_a_client_is_added_rotated_and_revoked_by_its_tenant_alone(store: Store) -> None:
    store.commit_now(lambda connection: tenant.add_client(connection, CLIENT))
    assert store.query_now(tenant.clients) == [CLIENT]
    assert store.query_now(lambda c: tenant.fetch_client(c, "other", "demo")) is None
    for owner, worked in (("other", False), ("acme", True)):
        assert (
            store.commit_now(
                lambda c, owner=owner: tenant.rotate_client(c, owner, "demo", secret_hash="new", previous_until=9.0)
            )
            is worked
        )
    rotated = store.query_now(lambda c: tenant.fetch_client(c, "acme", "demo"))
    assert rotated == dataclasses.replace(CLIENT, secret_hash="new", previous_hash="hash", previous_until=9.0)
    for owner, worked in (("other", False), ("acme", True), ("acme", False)):
        assert store.commit_now(lambda c, owner=owner: tenant.revoke_client(c, owner, "demo", now=5.0)) is worked
    assert config_version(store) == 3


def test_a_client_id_is_taken_once(store: Store) -> None:
    store.commit_now(lambda connection: tenant.add_client(connection, CLIENT))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.commit_now(lambda connection: tenant.add_client(connection, dataclasses.replace(CLIENT, tenant="other")))
    assert config_version(store) == 1


def test_the_newest_key_signs_and_a_retired_one_is_still_known(store: Store) -> None:
    old, new = SigningKey("", "k1", "token", {"kty": "OKP"}, 1.0), SigningKey("", "k2", "token", {"kty": "OKP"}, 2.0)
    for one in (old, new, SigningKey("acme", "k3", "token", {}, 3.0)):
        store.commit_now(lambda connection, one=one: key.insert(connection, one))
    assert store.query_now(lambda c: key.active(c, "token")) == new
    assert store.query_now(lambda c: key.active(c, "event")) is None
    assert store.commit_now(lambda connection: key.retire(connection, "k2", now=4.0))
    assert store.query_now(lambda c: key.active(c, "token")) == old
    assert [one.id for one in store.query_now(key.all_of)] == ["k2", "k1"]
    assert store.commit_now(lambda connection: key.remove(connection, "k3")) is False
    assert store.commit_now(lambda connection: key.remove(connection, "k2"))
    assert config_version(store) == 5
