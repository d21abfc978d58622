"""Orders that are to start at a moment: not before, then at once, and also after a restart."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from lso.lifecycle.order import instant
from lso.store.engine import Store
from tests.workflow.scene import TENANT, document_of, ended, eventually, item, place, working


def test_an_order_is_begun_at_once_and_its_items_are_asked_for_when_it_is_to_start(
        store: Store, tmp_path: Path) -> None:
    start = time.time() + 1.5
    with working(store, tmp_path) as (embedded, sandbox):
        order_id = place(store, item("1"), requested_start_at=instant(datetime.fromtimestamp(start, UTC)))
        embedded.waker.wake([f"{TENANT}/order/{order_id}"])
        eventually(lambda: document_of(store, order_id)["state"], lambda state: state == "in_progress", seconds=1.2)
        assert sandbox.ledger() == ()
        assert ended(store, order_id)["state"] == "completed"
        asked = sandbox.ledger()[0].at
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
