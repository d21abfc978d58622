"""Clients as they are added, whoever adds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lso.errors import NotFound
from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.store import tenant as tenants
from lso.store.engine import Store, open_store

DESK = {"role": "sellerContact", "name": "Desk", "email": "desk@seller.example", "phone": "1"}


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with open_store(sqlite_url) as opened:
        yield opened


def agreed(store: Store, *buyers: str) -> None:
    """A tenant with these buyers."""
    apply_profile(store, {"tenant": "harbour", "name": "Harbour", "seller_contacts": [DESK], "buyer_ids": buyers})


def bound(store: Store, id: str) -> Any:
    """The buyers that a client was bound to; None where there is no such client."""
    found = store.query_now(lambda connection: tenants.fetch_client(connection, "harbour", id))
    return found and found.buyer_ids


def test_a_client_is_bound_to_no_buyer_that_its_tenant_does_not_have(store: Store) -> None:
    agreed(store, "north", "south")
    with pytest.raises(NotFound) as refused:
        clients.add(store, "harbour", "west", "pil", buyer_ids=("north", "west", "far"))
    assert refused.value.reason == "harbour has no buyer west, far; its buyers are north, south."
    assert bound(store, "west") is None
    clients.add(store, "harbour", "west", "pil", buyer_ids=("north",))
    assert bound(store, "west") == ("north",)


def test_a_client_is_bound_to_any_buyer_where_its_tenant_names_none(store: Store) -> None:
    agreed(store)
    clients.add(store, "harbour", "west", "pil", buyer_ids=("west",))
    assert bound(store, "west") == ("west",)
