"""A database that goes away and comes back: whoever asks meanwhile is refused soon, and served when it is back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from lso.errors import Unavailable
from lso.store import order
from lso.store.engine import Store, open_store
from tests.databases import own_postgres
from tests.servers import PostgresServer
from tests.store.orders import order as an_order

pytestmark = pytest.mark.postgres


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_postgres() as server:
        yield server


def test_a_queue_of_works_is_refused_all_at_once_when_the_database_is_away(server: PostgresServer) -> None:
    with open_store(str(server.url)) as store:
        store.commit_now(lambda connection: order.insert(connection, an_order()))
        server.kill()

        async def many() -> list[object]:
            works = [store.commit(lambda c: order.insert(c, an_order())) for _ in range(500)]
            return list(await asyncio.gather(*works, return_exceptions=True))

        begun = time.monotonic()
        refused = asyncio.run(many())
        assert time.monotonic() - begun < 5, "each waited for itself"
        assert {type(one) for one in refused} == {Unavailable}
        begun = time.monotonic()
        assert isinstance(asyncio.run(many())[-1], Unavailable)
        assert time.monotonic() - begun < 2, "it is known to be away"


def test_a_database_that_was_killed_and_is_back_serves_the_next_who_asks(server: PostgresServer) -> None:
    with open_store(str(server.url)) as store:
        kept = an_order()
        store.commit_now(lambda connection: order.insert(connection, kept))
        server.kill()
        for ask in (store.commit_now, store.query_now):
            with pytest.raises(Unavailable):
                ask(lambda connection: connection.execute(sa.text("SELECT 1")).scalar_one())
        server.start()
        assert wait_until_it_commits(store) < 1
        assert store.query_now(lambda connection: order.fetch(connection, "acme", kept.id)) == kept


def wait_until_it_commits(store: Store) -> float:
    """Seconds until a commit succeeds."""
    begun = time.monotonic()
    while time.monotonic() - begun < 10:
        try:
            store.commit_now(lambda connection: order.insert(connection, an_order()))
        except Unavailable:
            continue
        return time.monotonic() - begun
    raise AssertionError("it never came back")
