"""Orders that are to start at a moment: not before, then at once, and also after a restart."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from lso.lifecycle.order import instant
from lso.store import job
from lso.store.engine import Store
from tests.workflow.scene import TENANT, document_of, ended, eventually, item, place, working


def test_an_order_is_begun_at_once_and_its_items_are_asked_for_when_it_is_to_start(
        store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (embedded, sandbox):
        ended(store, place(store, item("0")))
        start = time.time() + 2.5
        order_id = place(store, item("1"), requested_start_at=instant(datetime.fromtimestamp(start, UTC)))
        embedded.waker.wake([f"{TENANT}/order/{order_id}"])
        order = ended(store, order_id)
        asked = sandbox.ledger(f"{order_id}.1")[0].at
    assert datetime.fromisoformat(order["history"][1]["at"]).timestamp() < start
    assert start - 0.002 <= asked < start + 2.0


def test_the_moment_survives_a_restart(store: Store, tmp_path: Path) -> None:
    start = time.time() + 2.5
    with working(store, tmp_path):
        order_id = place(store, item("1"), requested_start_at=instant(datetime.fromtimestamp(start, UTC)))
        eventually(lambda: document_of(store, order_id)["state"], lambda state: state == "in_progress")
    with working(store, tmp_path) as (_embedded, sandbox):
        assert ended(store, order_id)["state"] == "completed"
        asked = sandbox.ledger()[0].at
    assert start - 0.002 <= asked < start + 2.0


def test_a_start_that_is_over_holds_nothing_up(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("1"), requested_start_at="2020-01-01T00:00:00Z")
        assert ended(local_store, order_id, seconds=5.0)["state"] == "completed"


def test_an_order_that_never_starts_holds_no_other_up(local_store: Store, tmp_path: Path) -> None:
    delay = {"amount": 10**300, "unit": "calendar_months"}
    later = item("2", coordination=[{"item_id": "1", "dependency": "start_to_start", "delay": delay}])
    with working(local_store, tmp_path) as (embedded, _sandbox):
        for order_id in (place(local_store, item("1"), requested_start_at="9999-12-31T23:59:59Z"),
                         place(local_store, item("1"), later)):
            embedded.waker.wake([f"{TENANT}/order/{order_id}"])
            eventually(lambda: document_of(local_store, order_id)["state"],  # noqa: B023
                       lambda state: state == "in_progress")
        time.sleep(0.3)
        quick = place(local_store, item("1"))
        embedded.waker.wake([f"{TENANT}/order/{quick}"])
        assert ended(local_store, quick, seconds=5.0)["state"] == "completed"
        assert local_store.query_now(lambda connection: job.dead(connection, TENANT)) == []
