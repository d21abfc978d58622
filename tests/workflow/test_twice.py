"""Every step of a task is taken twice: by one that dies before it is kept, then by another. Nothing happens twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.store import job as jobs
from lso.store.engine import Store
from lso.store.job import Job
from lso.workflow.app import create_app
from lso.workflow.cancellation import Cancelling
from lso.workflow.charge import Charging
from lso.workflow.delivery_date import Rescheduling
from lso.workflow.fulfilment import Fulfilment
from lso.workflow.job import Handler, NoLongerOurs, Overtaken
from lso.workflow.scene import Stage
from lso.workflow.wake import Relay
from tests.workflow.scene import answer_charge, ask, document_of, hurried, item, of_kind, place, states

STEPS_MOST = 40


class Crew:
    """Workers that are told what to do, one step at a time."""

    def __init__(self, store: Store, sandbox: Sandbox) -> None:
        router, relay = Router({"sandbox": sandbox}), Relay(create_app("memory://localhost"))
        stage = Stage(store, relay, told=lambda: None)
        self.store, self.sandbox = store, sandbox
        self.handlers: dict[str, Handler] = {
            "order": Fulfilment(store, router, hurried(), told=lambda: None, wake_at=relay.wake_at),
            "cancellation": Cancelling(stage, router), "delivery_date": Rescheduling(stage, router),
            "charge": Charging(stage, router)}

    def claim(self, *, lease_seconds: float) -> list[Job]:
        return self.store.commit_now(lambda connection: jobs.claim(
            connection, 5, owner=f"{time.monotonic()}", lease_seconds=lease_seconds, now=time.time()))

    def run(self, *, kinds: tuple[str, ...] = ("order", "cancellation", "delivery_date", "charge")) -> int:
        """Everything that is due, each first by one whose lease has ended; how many steps that were."""
        dying = self.claim(lease_seconds=-1.0)
        living = {job.id: job for job in self.claim(lease_seconds=30.0)}
        for job in dying:
            with pytest.raises((NoLongerOurs, Overtaken)):
                self.handlers[job.kind](job)
            self.handlers[job.kind](living[job.id])
        return len(dying)

    def settle(self, *, until: float = 3.0) -> None:
        """Until nothing is due any more, or what is due has been tried often enough."""
        end, steps = time.monotonic() + until, 0
        while time.monotonic() < end and steps < STEPS_MOST:
            done = self.run()
            steps += done
            if not done:
                time.sleep(0.02)
                if not self.open():
                    return

    def open(self) -> int:
        return len(self.store.query_now(lambda connection: jobs.forgotten(connection, time.time() + 2.0, 10)))


@pytest.fixture
def crew(store: Store, tmp_path: Path) -> Iterator[Crew]:
    sandbox = Sandbox(tmp_path / "sandbox.sqlite3", lead_seconds=0.05)
    yield Crew(store, sandbox)
    sandbox.close()


def ledger(crew: Crew) -> Counter[str]:
    """What the network did; that it was asked twice is no harm."""
    return Counter(entry.entry for entry in crew.sandbox.ledger() if entry.entry != "submitted")


def begun(crew: Crew, place_id: str) -> str:
    order_id = place(crew.store, item("1", place_id), item("2", "DELAY-60-Graz"))
    crew.settle(until=0.5)
    assert document_of(crew.store, order_id)["state"] in ("in_progress", "assessing_charge")
    return order_id


def the_only(crew: Crew, order_id: str, kind: str) -> dict[str, Any]:
    (found,) = of_kind(crew.store, order_id, kind)
    return found


def test_a_cancellation_with_a_charge_is_one_cancellation(crew: Crew) -> None:
    order_id = begun(crew, "DELAY-60-CANCEL-CHARGE-Vienna")
    ask(crew.store, "cancellation", order_id)
    crew.settle(until=1.0)
    answer_charge(crew.store, the_only(crew, order_id, "charge"), "accepted")
    crew.settle(until=1.0)
    order = document_of(crew.store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_cancellation", "cancelling", "cancelled"]
    assert the_only(crew, order_id, "cancellation")["state"] == "done"
    assert ledger(crew) == {"accepted": 2, "cancelled": 2}


def test_a_date_with_a_charge_is_one_change(crew: Crew) -> None:
    order_id = begun(crew, "DELAY-60-EXPEDITE-CHARGE-Vienna")
    ask(crew.store, "delivery_date", order_id, item_id="1", expedite=True)
    crew.settle(until=1.0)
    answer_charge(crew.store, the_only(crew, order_id, "charge"), "accepted")
    crew.settle(until=1.0)
    assert states(document_of(crew.store, order_id)) == [
        "acknowledged", "in_progress", "assessing_modification", "in_progress"]
    assert len(document_of(crew.store, order_id)["items"][0]["notes"]) == 1
    assert ledger(crew) == {"accepted": 2, "moved": 1}


@pytest.mark.parametrize(("verdict", "entry"), [("accepted", "paid"), ("declined", "unpaid")])
def test_a_charge_on_an_item_is_one_charge(crew: Crew, verdict: str, entry: str) -> None:
    order_id = begun(crew, "CHARGE-Vienna")
    charge = the_only(crew, order_id, "charge")
    answer_charge(crew.store, charge, verdict)
    crew.settle(until=1.0)
    order = document_of(crew.store, order_id)
    assert order["items"][0]["state"] == ("completed" if verdict == "accepted" else "failed")
    assert ledger(crew)["charged"] == ledger(crew)[entry] == 1
    assert len(of_kind(crew.store, order_id, "charge")) == 1
