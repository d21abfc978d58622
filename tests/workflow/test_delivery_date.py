"""Items are moved to another day or hurried, or not (MEF 123 R24, R25, R50, R63-R68)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lso.store.engine import Store
from tests.workflow.scene import (
    Listener,
    answer_charge,
    ask,
    begun,
    charge_of,
    document_of,
    ended,
    eventually,
    item,
    over,
    place,
    states,
    subscribe,
    working,
)

DAY = "2090-03-01T00:00:00Z"
Document = dict[str, Any]


def test_an_item_is_moved_to_another_day(store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url)
    with working(store, tmp_path) as (_embedded, sandbox):
        order_id = begun(store, item("1", "DELAY-2-Vienna"), item("2", "DELAY-2-Graz"))
        ask(store, "delivery_date", order_id, item_id="1", requested_completion_at=DAY)
        assert over(store, order_id, "delivery_date")["state"] == "done"
        order = document_of(store, order_id)
        assert order["state"] == "in_progress"
        moved, other = order["items"]
        assert (moved["requested_completion_at"], moved["expected_completion_at"]) == (DAY, DAY)
        assert moved["notes"][0]["text"] == "The buyer asked for another date."
        assert "expedite_accepted" not in moved
        assert order["expected_completion_at"] == DAY
        assert states(moved) == ["acknowledged", "in_progress", "pending", "in_progress"]
        assert states(other) == ["acknowledged", "in_progress"]
        types = eventually(lambda: listener.types(order_id), lambda found: "productOrderItemExpectedCompletionDateSet"
                           in found)
        assert "pending.assessingModification" not in types
        order = ended(store, order_id)
        assert [entry.entry for entry in sandbox.ledger(f"{order_id}.1")].count("moved") == 1
    assert states(order) == ["acknowledged", "in_progress", "assessing_modification", "in_progress", "completed"]


def test_an_item_is_hurried_for_a_charge(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-4-EXPEDITE-CHARGE-Vienna"))
        task_id = ask(store, "delivery_date", order_id, item_id="1", expedite=True)
        charge = charge_of(store, order_id)
        assert (charge["item_id"], charge["delivery_date_id"]) == ("1", task_id)
        waiting = document_of(store, order_id)
        assert (waiting["state"], waiting["items"][0]["state"]) == ("assessing_modification", "pending")
        assert waiting["items"][0]["charges"] == [{"id": charge["id"]}]
        assert "expedite_accepted" not in waiting["items"][0]
        answer_charge(store, charge, "accepted")
        assert over(store, order_id, "delivery_date")["state"] == "done"
        order = ended(store, order_id, seconds=8.0)
    assert (order["items"][0]["expedite"], order["items"][0]["expedite_accepted"]) == (True, True)
    assert order["items"][0]["charges"] == [{"id": charge["id"]}]


def test_nothing_is_changed_when_the_charge_is_declined(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-1-EXPEDITE-CHARGE-Vienna"))
        before = document_of(store, order_id)["items"][0]
        ask(store, "delivery_date", order_id, item_id="1", expedite=True)
        answer_charge(store, charge_of(store, order_id), "declined")
        assert over(store, order_id, "delivery_date")["state"] == "declined"
        after = document_of(store, order_id)["items"][0]
        assert after["charges"] == []
        kept = {name: value for name, value in after.items() if name in before and name not in ("history", "state")}
        assert kept == {name: before[name] for name in kept}
        assert "expedite_accepted" not in after
        assert ended(store, order_id)["state"] == "completed"


def test_a_back_end_that_takes_no_other_date_refuses_and_the_order_goes_on(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-1-RESCHEDULE-REFUSED-Vienna"))
        ask(store, "delivery_date", order_id, item_id="1", requested_completion_at=DAY)
        assert over(store, order_id, "delivery_date")["state"] == "rejected"
        refused = document_of(store, order_id)["items"][0]
        assert refused["requested_completion_at"] != DAY
        assert [(note["side"], note["text"]) for note in refused["notes"]] == [
            ("seller", "The date stays as it was. No crew is free on another day.")]
        order = ended(store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_modification", "in_progress", "completed"]


def test_what_is_over_takes_no_other_date(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("1"))
        ended(local_store, order_id)
        ask(local_store, "delivery_date", order_id, item_id="1", requested_completion_at=DAY)
        assert over(local_store, order_id, "delivery_date")["state"] == "rejected"
        order = document_of(local_store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "completed"]
    assert "notes" not in order["items"][0]


def test_an_item_that_nobody_was_asked_for_yet_is_moved_before_it_begins(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        order_id = begun(local_store, item("1"), requested_start_at="2090-01-01T00:00:00Z")
        ask(local_store, "delivery_date", order_id, item_id="1", requested_completion_at=DAY)
        assert over(local_store, order_id, "delivery_date")["state"] == "done"
        assert sandbox.ledger() == ()
    assert document_of(local_store, order_id)["items"][0]["expected_completion_at"] == DAY
