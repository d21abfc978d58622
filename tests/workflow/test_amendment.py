"""An order that its buyer amends while work on it is under way."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from sqlalchemy import Connection

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.dialects.book import book
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from lso.store import order
from lso.store.engine import Store
from lso.workflow.embedded import Embedded
from tests.workflow.scene import TENANT, ended, hurried, item, place, signed


class Meddled(Sandbox):
    """The sandbox network, where the buyer amends the order in the very moment in which it is asked for an item."""

    store: Store
    amended = 0

    def submit(self, request: ServiceRequest) -> Progress:
        self.amended += 1

        def amend(connection: Connection) -> None:
            kept = order.fetch(connection, TENANT, request.order_id)
            assert kept
            document = {**kept.document, "external_id": f"PO-{self.amended}"}
            order.replace(connection, dataclasses.replace(kept, document=document), kept.version)

        self.store.commit_now(amend)
        return super().submit(request)


def test_work_on_an_order_never_overwrites_what_its_buyer_changed_meanwhile(store: Store, tmp_path: Path) -> None:
    network = Meddled(tmp_path / "sandbox.sqlite3", lead_seconds=0.05)
    network.store = store
    embedded = Embedded(store, book(), Router({"sandbox": network}), hurried(), sign=signed)
    embedded.start()
    try:
        order_id = place(store, item("1"), item("2", "Vienna.1"))
        embedded.waker.wake([f"{TENANT}/order/{order_id}"])
        document = ended(store, order_id)
        accepted = [entry.external_id for entry in network.ledger() if entry.entry == "accepted"]
    finally:
        embedded.stop()
        network.close()
    assert network.amended >= 2
    assert (document["state"], document["external_id"]) == ("completed", f"PO-{network.amended}")
    assert sorted(accepted) == [f"{order_id}.1", f"{order_id}.2"], "each item once"
