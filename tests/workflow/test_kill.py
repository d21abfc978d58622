"""Processes killed in the middle of an order: others go on with it in time, and the network has done it once."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
import requests

from lso.backends.sandbox.embedded import Sandbox
from lso.store import job
from lso.store.engine import Store, open_store
from tests.backends.programs import free_port, sandbox_program
from tests.forked import COMMAND, Forked
from tests.workflow.process import UP
from tests.workflow.scene import TENANT, document_of, ended, eventually, item, place, with_profile

LEASE = 2.0
EMBEDDED = "tests.workflow.process:main"


@contextmanager
def process(role: str, **environment: str) -> Iterator[Forked]:
    """`lso worker`, `lso beat` or an embedded worker; killed at the end if it is still there."""
    said = {**os.environ, "LSO_LEASE_SECONDS": str(LEASE), "LSO_BACKOFF_SECONDS": "0.1", **environment}
    started = Forked([role], said, sys.__stderr__, sys.__stderr__, EMBEDDED if role == "embedded" else COMMAND)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def waiting(redis_url: str) -> int:
    """How many workers wait for messages."""
    with redis.Redis.from_url(redis_url) as client:
        return int(client.info("clients")["blocked_clients"])


def holder(store: Store, order_id: str) -> int:
    """The process that has the job of an order."""
    found = store.query_now(lambda connection: job.fetch(connection, TENANT, f"{TENANT}/order/{order_id}"))
    assert found
    assert found.lease_owner
    return int(found.lease_owner.rsplit("-", 2)[1])


def test_an_embedded_worker_killed_in_the_middle_is_made_good_by_its_next_start(tmp_path: Path) -> None:
    environment = {"LSO_VAR": str(tmp_path), "LSO_SANDBOX_LEAD_SECONDS": "0.05"}
    network = Sandbox(tmp_path / "sandbox.sqlite3", lead_seconds=0.05)
    with open_store(f"sqlite:///{tmp_path / 'lso.sqlite3'}") as store:
        with_profile(store)
        order_id = place(store, item("1"), item("2", "SILENT-30-Vienna"), item("3"))
        with process("embedded", **environment) as first:
            # The network has taken the second item on, and its answer is not coming.
            eventually(lambda: network.ledger(f"{order_id}.2"), len, seconds=20)
            first.kill()
            first.wait()
        killed = time.time()
        assert document_of(store, order_id)["state"] == "in_progress"
        with process("embedded", **environment):
            document = ended(store, order_id, seconds=20)
        up = (tmp_path / UP).stat().st_mtime
        picked_up = next(entry.at for entry in network.ledger() if entry.at > killed)
    assert document["state"] == "completed"
    for name in "123":
        entries = [entry.entry for entry in network.ledger(f"{order_id}.{name}")]
        assert entries.count("accepted") == entries.count("activated") == 1, entries
    assert up > killed
    assert picked_up < max(killed + LEASE, up) + 2
    network.close()


@pytest.mark.redis
@pytest.mark.postgres
def test_one_of_two_workers_killed_in_the_middle_is_made_good_by_the_other(
        tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {"LSO_DATABASE_URL": postgres_url, "LSO_BROKER_URL": redis_url, "LSO_SANDBOX_URL": url,
                   "LSO_VAR": str(tmp_path)}

    def ledger(external_id: str) -> list[dict[str, str]]:
        answer = requests.get(f"{url}/ledger", params={"externalId": external_id}, timeout=5)
        found: list[dict[str, str]] = answer.json()
        return found

    with open_store(postgres_url) as store, sandbox_program(tmp_path / "net.sqlite3", port):
        with_profile(store)
        with process("beat", **environment), process("worker", **environment), process("worker", **environment):
            eventually(lambda: waiting(redis_url), lambda count: count == 2, seconds=60)
            order_id = place(store, item("1"), item("2", "SILENT-30-Vienna"), item("3"))
            eventually(lambda: ledger(f"{order_id}.2"), len)
            time.sleep(LEASE + 1)  # longer than the lease, which is renewed: nobody else takes the job
            assert [line["entry"] for line in ledger(f"{order_id}.2")] == ["submitted", "accepted", "activated"]
            os.kill(holder(store, order_id), signal.SIGKILL)
            killed = time.time()
            document = ended(store, order_id, seconds=LEASE + 2 + 10)
        told = float(ledger(f"{order_id}.3")[0]["at"])
        assert document["state"] == "completed"
        assert told - killed < LEASE + 2
        for name in "123":
            entries = [line["entry"] for line in ledger(f"{order_id}.{name}")]
            assert entries.count("accepted") == entries.count("activated") == 1, entries


def test_an_embedded_worker_that_is_told_to_stop_does_so_cleanly(tmp_path: Path) -> None:
    environment = {"LSO_VAR": str(tmp_path), "LSO_SANDBOX_LEAD_SECONDS": "0.05"}
    with open_store(f"sqlite:///{tmp_path / 'lso.sqlite3'}") as store:
        with_profile(store)
        with process("embedded", **environment) as running:
            ended(store, place(store, item("1")), seconds=20)
            running.terminate()
            assert running.wait(10) == 0
