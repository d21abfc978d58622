"""Orders are cancelled in flight, or not: what back ends say, what it costs, and that nothing is left behind."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.dialects.book import book
from lso.lifecycle.order import instant
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from lso.store import job, resource
from lso.store.engine import Store
from lso.workflow import cancellation
from lso.workflow.embedded import Embedded
from tests.workflow.scene import (
    EPL,
    TENANT,
    Listener,
    answer_charge,
    ask,
    begun,
    charge_of,
    document_of,
    ended,
    eventually,
    hurried,
    item,
    of_kind,
    onto,
    over,
    place,
    products_of,
    signed,
    states,
    subscribe,
    working,
)


def test_an_order_in_flight_is_cancelled_and_its_work_is_stopped(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (_embedded, sandbox):
        order_id = begun(store, item("evc", schema=EPL, relations=onto("uni-a", "uni-z")),
                         item("uni-a", "DELAY-60-Vienna"), item("uni-z", "DELAY-60-Graz"))
        eventually(lambda: [entry for entry in sandbox.ledger() if entry.entry == "accepted"],
                   lambda found: len(found) == 2)
        ask(store, "cancellation", order_id, reason="The building is not built.")
        order = ended(store, order_id)
        stopped = sorted(entry.external_id.partition(".")[2] for entry in sandbox.ledger()
                         if entry.entry == "cancelled")
    assert stopped == ["uni-a", "uni-z"]
    assert states(order) == ["acknowledged", "in_progress", "assessing_cancellation", "cancelling", "cancelled"]
    assert {tuple(states(one)) for one in order["items"]} == {("acknowledged", "in_progress", "pending", "cancelled")}
    assert order["cancellation_reason"] == "The building is not built."
    assert order["cancelled_at"] == order["completed_at"]
    assert all("expected_completion_at" not in one for one in order["items"])
    task = over(store, order_id, "cancellation")
    assert (task["state"], task["cancelled_at"]) == ("done", order["cancelled_at"])
    assert products_of(store, order_id) == {}


def test_a_cancellation_waits_for_an_order_that_is_still_looked_at(local_store: Store, tmp_path: Path) -> None:
    order_id = place(local_store, item("1", "DELAY-60-Vienna"), due_in=0.7)
    ask(local_store, "cancellation", order_id)
    with working(local_store, tmp_path):
        assert ended(local_store, order_id)["cancellation_reason"] == "Cancelled at the request of the buyer."


@pytest.mark.parametrize("kind", ["cancellation", "delivery_date"])
def test_an_order_that_is_looked_at_for_long_is_waited_for_with_patience(
        local_store: Store, tmp_path: Path, kind: str) -> None:
    order_id = place(local_store, item("1"), due_in=3600.0)
    task_id = ask(local_store, kind, order_id, waited=300.0, item_id="1")
    began = time.time()

    def waiting() -> job.Job | None:
        return local_store.query_now(lambda connection: job.fetch(connection, TENANT, f"{TENANT}/{kind}/{task_id}"))

    with working(local_store, tmp_path):
        found = eventually(waiting, lambda found: found and found.claim and found.lease_until is None)
    assert found.state == "ready"
    assert began + 30.0 <= found.due_at < began + 40.0


def test_a_back_end_that_does_not_stop_denies_it_and_the_order_goes_on(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-1-CANCEL-REFUSED-Vienna"), item("2", "DELAY-1-Graz"))
        ask(store, "cancellation", order_id)
        task = over(store, order_id, "cancellation")
        assert (task["state"], task["denied_reason"]) == ("rejected", "The work has gone too far to be stopped.")
        order = ended(store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_cancellation", "in_progress", "completed"]


def test_an_order_of_which_something_is_done_is_not_cancelled(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("1"), item("2", "DELAY-1-Graz"))
        eventually(lambda: document_of(local_store, order_id)["items"][0]["state"], lambda state: state == "completed")
        ask(local_store, "cancellation", order_id)
        task = over(local_store, order_id, "cancellation")
        assert (task["state"], task["denied_reason"]) == ("rejected", "Item 1 has been completed.")
        assert states(ended(local_store, order_id)) == ["acknowledged", "in_progress", "completed"]
        late = ask(local_store, "cancellation", order_id)
        found = eventually(lambda: local_store.query_now(
            lambda connection: resource.fetch(connection, TENANT, "cancellation", late)),
            lambda one: one and one.document["state"] == "rejected")
    assert found.document["denied_reason"] == "The order is completed already."


def test_a_cancellation_that_costs_waits_for_the_buyer(store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url)
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-60-CANCEL-CHARGE-Vienna"),
                         item("2", "DELAY-60-CANCEL-CHARGE-Graz"))
        task_id = ask(store, "cancellation", order_id)
        charge = charge_of(store, order_id)
        assert (charge["cancellation_id"], "item_id" in charge) == (task_id, False)
        assert [(one["id"], one["category"], one["blocking"]) for one in charge["items"]] == [
            ("1", "cancellation", True), ("2", "cancellation", True)]
        assert document_of(store, order_id)["state"] == "assessing_cancellation"
        assert of_kind(store, order_id, "cancellation")[0]["charge_id"] == charge["id"]
        answer_charge(store, charge, "accepted", "accepted")
        order = ended(store, order_id)
        eventually(lambda: listener.types(order_id), lambda found: len(found) == 12)
        types = eventually(lambda: listener.types(task_id), len)
    assert order["cancellation_charges"] == [{"id": charge["id"]}]
    assert order["state"] == "cancelled"
    # Acknowledged and in progress are one state to MEF: it changes for the charge, and when it is done.
    assert types == ["cancelProductOrderStateChangeEvent"] * 2


def test_TM_Forum_is_told_that_a_cancellation_waits_for_an_answer_though_its_state_is_the_same(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, edition="tmf.v4.order", kinds=("cancellation_state",
                                                                        "cancellation_information_required"))
    with working(local_store, tmp_path):
        order_id = begun(local_store, item("1", "DELAY-60-CANCEL-CHARGE-Vienna"))
        task_id = ask(local_store, "cancellation", order_id)
        answer_charge(local_store, charge_of(local_store, order_id), "accepted")
        ended(local_store, order_id)
        eventually(lambda: listener.received, lambda found: len(found) == 3)
    told = [(body["eventType"], body["event"]["cancelProductOrder"]) for _path, body, _headers in listener.received]
    assert [(kind, shown["state"]) for kind, shown in told] == [
        ("CancelProductOrderStateChangeEvent", "inProgress"),
        ("CancelProductOrderInformationRequiredEvent", "inProgress"), ("CancelProductOrderStateChangeEvent", "done")]
    assert {shown["id"] for _kind, shown in told} == {task_id}


def test_a_cancellation_whose_charge_is_declined_leaves_the_order_as_it_was(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-1-CANCEL-CHARGE-Vienna"))
        ask(store, "cancellation", order_id)
        answer_charge(store, charge_of(store, order_id), "declined")
        assert over(store, order_id, "cancellation")["state"] == "declined"
        order = ended(store, order_id)
    assert order["state"] == "completed"
    assert "cancellation_charges" not in order


def test_a_start_that_is_far_off_is_cancelled_without_asking_anybody(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        order_id = begun(local_store, item("1", "CANCEL-REFUSED-Vienna"),
                         requested_start_at="2090-01-01T00:00:00Z")
        ask(local_store, "cancellation", order_id)
        assert ended(local_store, order_id)["state"] == "cancelled"
        assert sandbox.ledger() == ()


def test_an_order_is_cancelled_at_the_moment_for_which_that_was_asked(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = begun(local_store, item("1", "DELAY-60-Vienna"))
        then = instant(datetime.now(UTC) + timedelta(seconds=1.0))
        ask(local_store, "cancellation", order_id, requested_cancellation_at=then)
        order = ended(local_store, order_id)
    assert then <= order["cancelled_at"]
    assert order["history"][2]["at"] >= then


def test_a_cancellation_for_a_later_moment_ends_with_the_order_that_ends_before(
        local_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancellation, "LOOK_SECONDS", 0.2)
    with working(local_store, tmp_path):
        order_id = begun(local_store, item("1", "DELAY-1-Vienna"))
        ask(local_store, "cancellation", order_id, requested_cancellation_at="2090-01-01T00:00:00Z")
        task = over(local_store, order_id, "cancellation")
        order = ended(local_store, order_id)
    assert (task["state"], task["denied_reason"]) == ("rejected", "The order is completed already.")
    assert states(order) == ["acknowledged", "in_progress", "completed"]


def test_while_a_cancellation_waits_for_its_moment_an_item_is_moved(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-60-Vienna"))
        then = instant(datetime.now(UTC) + timedelta(seconds=3.0))
        ask(store, "cancellation", order_id, requested_cancellation_at=then)
        ask(store, "delivery_date", order_id, item_id="1", requested_completion_at="2090-03-01T00:00:00Z")
        assert over(store, order_id, "delivery_date")["state"] == "done"
        order = ended(store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_modification", "in_progress",
                             "assessing_cancellation", "cancelling", "cancelled"]
    assert then <= order["cancelled_at"]


def test_a_cancellation_whose_moment_comes_while_something_else_is_assessed_is_denied(
        local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = begun(local_store, item("1", "DELAY-60-EXPEDITE-CHARGE-Vienna"))
        ask(local_store, "cancellation", order_id,
            requested_cancellation_at=instant(datetime.now(UTC) + timedelta(seconds=2.0)))
        ask(local_store, "delivery_date", order_id, item_id="1", expedite=True)
        charge_of(local_store, order_id)
        task = over(local_store, order_id, "cancellation")
    assert (task["state"], task["denied_reason"]) == ("rejected", "The order is waiting for the end of something else.")


def test_a_cancellation_whose_moment_comes_when_another_request_is_open_is_denied(
        store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = begun(store, item("1", "DELAY-60-Vienna"))
        ask(store, "cancellation", order_id,
            requested_cancellation_at=instant(datetime.now(UTC) + timedelta(seconds=0.5)))
        ask(store, "delivery_date", order_id, due_in=3600.0, item_id="1", expedite=True)
        task = over(store, order_id, "cancellation")
    assert (task["state"], task["denied_reason"]) == ("rejected", "Another request about the order is still open.")
    assert states(document_of(store, order_id)) == ["acknowledged", "in_progress"]


class Slow(Sandbox):
    """The sandbox network on a line on which the first request is overtaken by the cancellation of its order."""

    store: Store
    order_id = ""

    def submit(self, request: ServiceRequest) -> Progress:
        if not self.order_id:
            self.order_id = request.order_id
            ask(self.store, "cancellation", request.order_id)
            ended(self.store, request.order_id)
        return super().submit(request)


def test_a_request_that_comes_after_its_cancellation_is_not_begun(store: Store, tmp_path: Path) -> None:
    network = Slow(tmp_path / "sandbox.sqlite3", lead_seconds=0.05)
    network.store = store
    embedded = Embedded(store, book(), Router({"sandbox": network}), hurried(worker_threads=2), sign=signed)
    embedded.start()
    try:
        order_id = place(store, item("1"))
        assert ended(store, order_id)["state"] == "cancelled"
        entries = eventually(lambda: [entry.entry for entry in network.ledger()], lambda found: "submitted" in found)
    finally:
        embedded.stop()
        network.close()
    assert entries == ["cancelled", "submitted"]
    assert document_of(store, order_id)["items"][0]["state"] == "cancelled"
