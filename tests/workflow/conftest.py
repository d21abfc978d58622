"""A store on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lso.store.engine import Store, open_store
from tests.workflow.scene import Listener, with_profile


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url) as opened:
        with_profile(opened)
        yield opened


@pytest.fixture
def local_store(sqlite_url: str) -> Iterator[Store]:
    with open_store(sqlite_url) as opened:
        with_profile(opened)
        yield opened


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening
