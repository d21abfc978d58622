"""Charges that come up while an order is fulfilled: who answers how, and what becomes of the order (R80-R97)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from lso.store import job
from lso.store.engine import Store, open_store
from lso.workflow.view import look
from tests.workflow.scene import (
    EPL,
    TENANT,
    Listener,
    answer_charge,
    charge_of,
    document_of,
    ended,
    eventually,
    hurried,
    item,
    of_kind,
    onto,
    place,
    states,
    subscribe,
    with_profile,
    working,
)


@pytest.fixture
def brisk_store(sqlite_url: str) -> Iterator[Store]:
    """Of a tenant that has a second to answer."""
    with open_store(sqlite_url) as opened:
        with_profile(opened, settings={"charge": {"answer_seconds": 1.0}})
        yield opened


def line(place_id: str) -> list[dict[str, object]]:
    """A line between two ends, of which one is at that place, and another end that has nothing to do with it."""
    return [item("evc", schema=EPL, relations=onto("uni-a", "uni-z")), item("uni-a", place_id), item("uni-z"),
            item("other", "Graz.1")]


def test_R84_an_order_waits_for_a_charge_and_goes_on_when_it_is_accepted(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (_embedded, sandbox):
        order_id = place(store, item("1", "CHARGE-Vienna"))
        charge = charge_of(store, order_id)
        order = document_of(store, order_id)
        assert (order["state"], order["items"][0]["state"]) == ("assessing_charge", "held")
        assert order["items"][0]["charges"] == [{"id": charge["id"]}]
        assert (charge["order_id"], charge["item_id"]) == (order_id, "1")
        answer_charge(store, charge, "accepted")
        order = ended(store, order_id)
        assert [entry.entry for entry in sandbox.ledger()][1:] == ["accepted", "charged", "paid", "activated"]
    assert states(order) == ["acknowledged", "in_progress", "assessing_charge", "in_progress", "completed"]
    assert states(order["items"][0]) == ["acknowledged", "in_progress", "held", "in_progress", "completed"]
    assert order["items"][0]["charges"] == [{"id": charge["id"]}]


def test_of_a_charge_that_does_not_block_nothing_is_left_when_it_is_declined(
        local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("1", "OPTION-Vienna"))
        answer_charge(local_store, charge_of(local_store, order_id), "declined")
        order = ended(local_store, order_id)
    assert order["state"] == "completed"
    assert order["items"][0]["charges"] == []


def test_a_blocking_charge_that_is_declined_takes_along_what_rests_on_its_item(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (_embedded, sandbox):
        order_id = place(store, *line("CHARGE-Vienna"))
        answer_charge(store, charge_of(store, order_id), "declined")
        order = ended(store, order_id)
        entries = [entry.entry for entry in sandbox.ledger(f"{order_id}.uni-a")]
    assert entries[-3:] == ["accepted", "charged", "unpaid"]
    assert order["state"] == "partial"
    assert {one["id"]: one["state"] for one in order["items"]} == {
        "evc": "failed", "uni-a": "failed", "uni-z": "completed", "other": "completed"}
    assert order["items"][1]["errors"][0]["reason"] == "The charge was declined."
    assert order["items"][1]["charges"] == []


def test_an_order_of_nothing_but_the_declined_item_fails(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("1", "CHARGE-Vienna"))
        answer_charge(local_store, charge_of(local_store, order_id), "declined")
        order = ended(local_store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_charge", "in_progress", "failed"]


def test_R96_a_charge_that_nobody_answers_times_out_and_counts_as_declined(
        brisk_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(brisk_store, listener.url)
    with working(brisk_store, tmp_path):
        order_id = place(brisk_store, item("1", "CHARGE-Vienna"))
        charge = charge_of(brisk_store, order_id)
        assert ended(brisk_store, order_id)["state"] == "failed"
        types = eventually(lambda: listener.types(charge["id"]), lambda found: len(found) == 3)
    assert types == ["chargeCreateEvent", "chargeStateChangeEvent", "chargeTimeoutEvent"]
    (charge,) = of_kind(brisk_store, order_id, "charge")
    assert (charge["state"], charge["items"][0]["state"]) == ("timed_out", "declined")


def test_the_moment_at_which_an_answer_is_due_survives_a_restart(brisk_store: Store, tmp_path: Path) -> None:
    with working(brisk_store, tmp_path):
        order_id = place(brisk_store, item("1", "CHARGE-Vienna"))
        charge_of(brisk_store, order_id)
    with working(brisk_store, tmp_path):
        assert ended(brisk_store, order_id)["state"] == "failed"


def test_R81_an_order_waits_for_one_charge_at_a_time(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        order_id = place(store, item("1", "CHARGE-Vienna"), item("2", "CHARGE-Graz"))
        first = charge_of(store, order_id)
        answer_charge(store, first, "accepted")
        second = eventually(lambda: of_kind(store, order_id, "charge"), lambda found: len(found) == 2)[1]
        assert {first["item_id"], second["item_id"]} == {"1", "2"}
        answer_charge(store, second, "accepted")
        assert ended(store, order_id)["state"] == "completed"


def test_a_buyer_that_speaks_tm_forum_is_told_that_something_is_wanted_of_it(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, edition="tmf.v4.order", kinds=("order_information_required",))
    with working(local_store, tmp_path, hurried()):
        order_id = place(local_store, item("1", "CHARGE-Vienna"))
        charge_of(local_store, order_id)
        eventually(lambda: listener.received, len)
    _path, body, _headers = listener.received[0]
    assert body["eventType"] == "ProductOrderInformationRequiredEvent"
    assert body["event"]["productOrder"]["state"] == "held"


def test_an_order_keeps_the_time_to_answer_that_was_agreed_when_it_began(brisk_store: Store, tmp_path: Path) -> None:
    with working(brisk_store, tmp_path):
        order_id = place(brisk_store, item("1", "CHARGE-Vienna"), due_in=0.3)
        with_profile(brisk_store, settings={"charge": {"answer_seconds": 3600.0}}, routes=[])
        charge = charge_of(brisk_store, order_id)
        due, made = (datetime.fromisoformat(charge[name]) for name in ("response_due_at", "created_at"))
        assert (due - made).total_seconds() == 1.0
        assert ended(brisk_store, order_id)["state"] == "failed"


def test_a_charge_that_the_back_end_does_not_want_any_more_is_withdrawn(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (_embedded, sandbox):
        order_id = place(store, item("1", "CHARGE-Vienna"))
        charge = charge_of(store, order_id)
        view = store.query_now(lambda connection: look(connection, TENANT, order_id))
        assert view
        sandbox.charge_answered(view.request(view.item("1")), "charge", {"1": "accepted"})
        store.commit_now(lambda connection: job.add(
            connection, TENANT, "charge", charge["id"], due_at=time.time(), grace=0.0))
        order = ended(store, order_id)
    assert order["state"] == "completed"
    assert order["items"][0]["charges"] == []
    (charge,) = of_kind(store, order_id, "charge")
    assert (charge["state"], charge["items"][0]["state"]) == ("withdrawn", "withdrawn")
