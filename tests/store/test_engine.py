"""The writer commits in groups and blames nobody for another's mistake; readers see what is committed."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from lso.errors import OurError, Unavailable
from lso.store import job, order
from lso.store.engine import Store, open_store
from lso.store.schema import counters
from lso.store.writer import Writer
from tests.databases import fresh_database
from tests.store.orders import order as an_order


def held_up(store: Store) -> threading.Event:
    """Hold up the writer, so that what comes meanwhile becomes one group."""
    go = threading.Event()
    started = threading.Event()

    def wait(_connection: Connection) -> None:
        started.set()
        assert go.wait(20)

    threading.Thread(target=store.commit_now, args=(wait,)).start()
    assert started.wait(20)
    return go


def test_what_is_committed_can_be_read(store: Store) -> None:
    placed = an_order(external_id="PO-1")
    store.commit_now(lambda connection: order.insert(connection, placed))
    assert store.query_now(lambda connection: order.fetch(connection, "acme", placed.id)) == placed


def test_a_bad_work_in_a_group_fails_alone(store: Store) -> None:
    placed = [an_order() for _ in range(20)]
    twin = an_order(id=placed[3].id)

    async def scenario() -> list[object]:
        go = held_up(store)
        works = [store.commit(lambda c, one=one: order.insert(c, one)) for one in [*placed[:10], twin, *placed[10:]]]
        works.append(store.commit(lambda _connection: 1 // 0))
        go.set()
        return list(await asyncio.gather(*works, return_exceptions=True))

    results = asyncio.run(scenario())
    assert [index for index, result in enumerate(results) if isinstance(result, BaseException)] == [10, 21]
    assert isinstance(results[21], ZeroDivisionError)
    for one in placed:
        assert store.query_now(lambda c, one=one: order.fetch(c, "acme", one.id)) == one


def test_a_failed_work_leaves_nothing(store: Store) -> None:
    placed = an_order()

    def work(connection: Connection) -> None:
        order.insert(connection, placed)
        job.add(connection, "acme", "order", placed.id, due_at=1.0)
        assert order.fetch(connection, "acme", placed.id) == placed
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.commit_now(work)
    assert store.query_now(lambda connection: order.fetch(connection, "acme", placed.id)) is None
    assert store.query_now(lambda connection: job.forgotten(connection, 10.0, 9)) == []


def test_works_run_in_the_order_they_came(store: Store) -> None:
    def work(connection: Connection) -> int:
        connection.execute(sa.update(counters).where(counters.c.name == "n").values(value=counters.c.value + 1))
        return int(connection.execute(sa.select(counters.c.value).where(counters.c.name == "n")).scalar_one())

    async def scenario() -> list[int]:
        await store.commit(
            lambda connection: connection.execute(sa.insert(counters).values(name="n", value=0)) and None
        )
        return list(await asyncio.gather(*(store.commit(work) for _ in range(200))))

    assert asyncio.run(scenario()) == list(range(1, 201))


def test_plain_core_reads_what_was_put_off(store: Store) -> None:
    def work(connection: Connection) -> int:
        order.insert(connection, an_order())
        return int(connection.execute(sa.text("SELECT count(*) FROM orders")).scalar_one())

    assert store.commit_now(work) == 1


def test_what_one_turn_of_a_loop_asks_for_is_kept_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    transact = Writer._transact
    monkeypatch.setattr(Writer, "_transact", lambda self, group: groups.append(len(group)) or transact(self, group))

    async def request() -> None:
        store.query_now(lambda connection: time.sleep(0.01))  # the writer has the time and the interpreter
        await store.commit(lambda connection: order.insert(connection, an_order()))

    async def burst() -> None:
        await asyncio.gather(*(request() for _ in range(8)))

    asyncio.run(burst())
    assert groups == [8]


def test_a_loop_that_ends_at_once_takes_nobody_along(store: Store) -> None:
    async def hasty() -> None:
        store.commit(lambda connection: order.insert(connection, an_order()))

    asyncio.run(hasty())
    store.commit_now(lambda connection: order.insert(connection, an_order()))
    assert store.query_now(lambda c: c.execute(sa.text("SELECT count(*) FROM orders")).scalar_one()) in (1, 2)


def test_threads_and_event_loops_write_together(store: Store) -> None:
    async def scenario() -> None:
        await asyncio.gather(*(store.commit(lambda c: order.insert(c, an_order())) for _ in range(100)))

    with ThreadPoolExecutor(4) as pool:
        loops = [pool.submit(asyncio.run, scenario()) for _ in range(2)]
        threads = [pool.submit(store.commit_now, lambda c: order.insert(c, an_order())) for _ in range(100)]
        for future in [*loops, *threads]:
            future.result()
    assert store.query_now(lambda c: c.execute(sa.text("SELECT count(*) FROM orders")).scalar_one()) == 300


def test_closing_finishes_what_is_queued_and_refuses_what_comes_later(store_url: str) -> None:
    placed = [an_order() for _ in range(100)]

    async def scenario(store: Store) -> None:
        go = held_up(store)
        works = [store.commit(lambda c, one=one: order.insert(c, one)) for one in placed]
        closing = asyncio.get_running_loop().run_in_executor(None, store.close)
        go.set()
        await asyncio.gather(*works)
        await closing
        with pytest.raises(Unavailable):
            await store.commit(lambda _connection: None)

    asyncio.run(scenario(open_store(store_url)))
    with open_store(store_url) as store:
        assert all(store.query_now(lambda c, one=one: order.fetch(c, "acme", one.id)) for one in placed)


def test_a_caller_that_went_away_does_no_harm(store: Store) -> None:
    placed = an_order()

    async def scenario() -> None:
        go = held_up(store)
        work = asyncio.ensure_future(store.commit(lambda connection: order.insert(connection, placed)))
        work.cancel()
        go.set()
        await store.commit(lambda _connection: None)

    asyncio.run(scenario())
    assert store.query_now(lambda connection: order.fetch(connection, "acme", placed.id)) == placed


def test_a_work_cannot_commit_another(store: Store) -> None:
    with pytest.raises(OurError):
        store.commit_now(lambda _connection: store.commit_now(lambda _inner: None))


def test_a_failed_read_leaves_a_sound_store(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(sa.exc.DBAPIError):
            store.query_now(lambda connection: connection.execute(sa.text("SELECT * FROM nowhere")))
    store.check()


def test_reading_does_not_wait_for_the_writer(store: Store) -> None:
    placed = an_order()
    store.commit_now(lambda connection: order.insert(connection, placed))
    go = held_up(store)
    try:
        found = asyncio.run(store.query(lambda connection: order.fetch(connection, "acme", placed.id)))
    finally:
        go.set()
    assert found == placed


def test_two_processes_write_to_one_store(store_url: str) -> None:
    """Two stores stand for two processes: they share nothing but the database."""
    with open_store(store_url) as one, open_store(store_url) as other:
        with ThreadPoolExecutor(8) as pool:
            works = [pool.submit(each.commit_now, lambda c: order.insert(c, an_order())) for each in [one, other] * 60]
            for work in works:
                work.result()
        assert one.query_now(lambda c: c.execute(sa.text("SELECT count(*) FROM orders")).scalar_one()) == 120


@pytest.mark.postgres
def test_a_lost_connection_is_made_again(postgres_url: str) -> None:
    def cut_all(connection: Connection) -> None:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        )

    with open_store(postgres_url) as store, open_store(postgres_url) as knife:
        for placed in (an_order(), an_order()):
            store.commit_now(lambda connection, placed=placed: order.insert(connection, placed))
            knife.query_now(cut_all)
        store.commit_now(lambda connection: order.insert(connection, an_order()))
        assert store.query_now(lambda c: c.execute(sa.text("SELECT count(*) FROM orders")).scalar_one()) == 3


@pytest.mark.postgres
def test_connections_that_were_lost_while_idle_fail_no_read(postgres_url: str) -> None:
    def count(connection: Connection) -> int:
        return int(connection.execute(sa.text("SELECT count(*) FROM orders")).scalar_one())

    with open_store(postgres_url) as store, open_store(postgres_url) as knife:
        together = threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: store.query_now(lambda _connection: together.wait(20)), range(4)))
        knife.query_now(lambda connection: connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")))
        assert [store.query_now(count) for _ in range(4)] == [0] * 4


@pytest.mark.postgres
def test_whoever_asks_while_the_database_is_away_may_ask_again(postgres_server: sa.URL) -> None:
    with fresh_database(postgres_server) as url:
        store = open_store(url)
    with store:
        for ask in (store.query_now, store.commit_now):
            with pytest.raises(Unavailable):
                ask(lambda connection: connection.execute(sa.text("SELECT 1")).scalar_one())
