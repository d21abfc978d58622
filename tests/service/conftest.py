"""Services on a store with the demo data, and the door's judge of bodies beside them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lso.canonical.tenant import Caller
from lso.cli.back_end import BackEnds
from lso.demo.seed import load_demo, seed
from lso.dialects.book import Book, book
from lso.gateway.judge import ProductJudge
from lso.service.directory import Directory
from lso.service.order import Orders
from lso.service.quote import Quotes
from lso.settings import Settings, data_folder
from lso.store import tenant as tenants
from lso.store.engine import Store, open_store

Document = dict[str, Any]
T = TypeVar("T")
PUBLISHED = Path(__file__).parents[2].parent / "shared" / "samples"
OWN = Path(__file__).parents[1] / "samples"


class Bell:
    """A waker that remembers whom it was to wake: what a worker would be told."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.told = 0

    def wake(self, job_ids: Sequence[str]) -> None:
        self.rung += job_ids

    def wake_deliveries(self) -> None:
        self.told += 1


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def now() -> datetime:
    return datetime.now(UTC)


def published(name: str) -> Document:
    """A published sample; the test is skipped where there are none."""
    file = PUBLISHED / name
    if not file.is_file():
        pytest.skip(f"the published samples are not beside the project: {name}")
    document: Document = json.loads(file.read_text(encoding="utf-8"))
    return document


def own(name: str) -> Document:
    """A sample of our own."""
    document: Document = json.loads((OWN / name).read_text(encoding="utf-8"))
    return document


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A store with the demo data."""
    with open_store(sqlite_url) as opened:
        seed(opened, lambda client: add_client(opened, client.id, client.tenant, client.audience))
        yield opened


def add_client(store: Store, id: str, tenant: str, audience: Any) -> str:
    client = tenants.Client(id, tenant, audience, f"hash of {id}", None, ("*",), ())
    store.commit_now(lambda connection: tenants.add_client(connection, client))
    return f"secret of {id}"


@pytest.fixture
def the_book() -> Book:
    return book()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def orders(store: Store, the_book: Book, bell: Bell) -> Orders:
    return Orders(store, the_book, bell, now, judge=ProductJudge(data_folder("specs") / "products"))


@pytest.fixture
def quotes(store: Store, the_book: Book, bell: Bell, tmp_path: Path) -> Iterator[Quotes]:
    """With whatever back ends there are when nobody says which."""
    with ExitStack() as opened:
        near = BackEnds(Settings(var=tmp_path), store, opened)
        yield Quotes(store, the_book, bell, now, price=near.price)


@pytest.fixture
def caller(store: Store) -> Callable[..., Caller]:
    """A demo client as the door would present it; `changes` are made to its profile."""
    directory = Directory(store)

    def present(id: str = "demo-carrier", **changes: Any) -> Caller:
        client = directory.client(id)
        assert client is not None
        profile = directory.profile(client.tenant)
        assert profile is not None
        profile = profile.model_copy(update=changes) if changes else profile
        return Caller(client.id, client.tenant, client.audience, client.scopes, client.buyer_ids, profile.seller_ids,
                      profile)

    return present


__all__ = ["load_demo"]
