"""A store on each kind of database, and orders to put into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lso.store.engine import Store, open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url) as opened:
        yield opened
