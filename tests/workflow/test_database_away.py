"""The database is killed while work is under way: nothing waits for its lease to end, nothing is given up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lso.store import job as jobs
from lso.store.engine import open_store
from tests.databases import own_postgres
from tests.servers import PostgresServer
from tests.workflow import scene
from tests.workflow.scene import TENANT, Listener, document_of, ended, eventually, hurried, item, place, with_profile

pytestmark = pytest.mark.postgres
LEASE = 60.0  # longer than these tests may take


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_postgres() as server:
        yield server


def test_orders_under_way_go_on_when_the_database_is_back_and_not_when_leases_end(
        tmp_path: Path, server: PostgresServer) -> None:
    settings = hurried(lease_seconds=LEASE, attempts_most=3)
    with open_store(str(server.url)) as store:
        with_profile(store)
        with scene.working(store, tmp_path, settings) as (_embedded, sandbox):
            # Each of these holds a thread for a second, with others claimed behind it.
            placed = [place(store, item("1", "SILENT-1-Vienna")) for _ in range(2)]
            placed += [place(store, item("1")) for _ in range(12)]
            eventually(lambda: sandbox.ledger(f"{placed[0]}.1"), len)
            for _ in range(4):  # more often than a job may fail
                server.kill()
                time.sleep(0.5)
                server.start()
                time.sleep(0.3)
            back = time.monotonic()
            assert {ended(store, order_id, seconds=20)["state"] for order_id in placed} == {"completed"}
            assert time.monotonic() - back < LEASE / 2
            for order_id in placed:
                entries = [line.entry for line in sandbox.ledger(f"{order_id}.1")]
                assert entries.count("accepted") == entries.count("activated") == 1, entries
        assert store.query_now(lambda connection: jobs.dead(connection, TENANT)) == []


def test_an_event_that_arrived_while_the_database_was_away_is_kept_as_delivered(
        tmp_path: Path, server: PostgresServer, listener: Listener) -> None:
    with open_store(str(server.url)) as store:
        with_profile(store)
        scene.subscribe(store, listener.url)
        listener.wait_seconds = 1.0
        with scene.working(store, tmp_path, hurried(lease_seconds=LEASE)):
            order_id = place(store, item("1"))
            eventually(lambda: listener.received, len)
            server.kill()
            time.sleep(1.5)  # it is answered meanwhile
            server.start()
            listener.wait_seconds = 0.0
            assert ended(store, order_id, seconds=20)["state"] == "completed"
            states = len(document_of(store, order_id)["history"])
            eventually(lambda: len(listener.received), lambda count: count >= states, seconds=20)
            told = [body["eventId"] for _path, body, _headers in listener.received]
            assert len(told) == len(set(told)), "what had arrived was sent again"
