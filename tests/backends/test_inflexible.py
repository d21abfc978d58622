"""A back end that cannot be asked to stop: what it has begun it does, and the buyer is told so."""

from __future__ import annotations

from pathlib import Path

from lso.store import reference
from tests.backends.test_journey import item, ledger, legacy_program, working
from tests.workflow.scene import TENANT, ask, ended, eventually, over, place


def test_what_the_legacy_system_has_begun_is_neither_cancelled_nor_moved(tmp_path: Path) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3") as url, \
            working(tmp_path, f"{url}/serviceOrder", kind="soap") as store:
        order_id = place(store, item(place_id="DELAY-1.5-Quay"))
        eventually(lambda: store.query_now(lambda c: reference.of_order(c, TENANT, order_id)),
                   lambda found: [one.state for one in found] == ["working"])
        ask(store, "cancellation", order_id)
        assert over(store, order_id, "cancellation")["denied_reason"] == (
            "The work on item 1 has begun and cannot be stopped.")
        ask(store, "delivery_date", order_id, item_id="1", expedite=True)
        assert over(store, order_id, "delivery_date")["state"] == "rejected"
        assert ended(store, order_id)["state"] == "completed"
        assert ledger(url) == ["accepted", "activated"]


def test_what_it_was_not_asked_for_yet_is_moved_and_cancelled(tmp_path: Path) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3") as url, \
            working(tmp_path, f"{url}/serviceOrder", kind="soap") as store:
        order_id = place(store, item(), requested_start_at="2090-01-01T00:00:00Z")
        ask(store, "delivery_date", order_id, item_id="1", requested_completion_at="2090-02-01T00:00:00Z")
        assert over(store, order_id, "delivery_date")["state"] == "done"
        ask(store, "cancellation", order_id)
        assert ended(store, order_id)["state"] == "cancelled"
        assert ledger(url) == []


def test_it_has_no_word_for_charges_and_does_the_work(tmp_path: Path) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3") as url, \
            working(tmp_path, f"{url}/serviceOrder", kind="soap") as store:
        assert ended(store, place(store, item(place_id="CHARGE-Quay")))["state"] == "completed"
