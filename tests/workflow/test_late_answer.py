"""An answer of a back end that comes when the order has moved on meanwhile: it is not kept, but asked for again."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from lso.store import job as jobs
from lso.store import order as orders
from lso.store import reference as references
from lso.store.engine import Store
from lso.store.job import Job
from lso.workflow.app import create_app
from lso.workflow.fulfilment import Fulfilment
from lso.workflow.job import Overtaken
from lso.workflow.view import ASKED
from lso.workflow.wake import Relay
from tests.workflow.scene import TENANT, hurried, item, place


class Slow:
    """The sandbox, so slow that the order has been moved on by somebody else when it answers."""

    def __init__(self, sandbox: Sandbox, store: Store) -> None:
        self._sandbox = sandbox
        self._store = store

    def feasible(self, request: ServiceRequest) -> str | None:
        return self._sandbox.feasible(request)

    def look(self, request: ServiceRequest) -> Progress | None:
        return self._sandbox.look(request)

    def submit(self, request: ServiceRequest) -> Progress:
        answer = self._sandbox.submit(request)

        def move(connection: object) -> None:
            stored = orders.fetch(connection, request.tenant, request.order_id)  # type: ignore[arg-type]
            assert stored is not None
            orders.replace(connection, dataclasses.replace(stored), stored.version)  # type: ignore[arg-type]

        self._store.commit_now(move)
        return answer


def test_an_answer_that_comes_when_the_order_has_moved_on_changes_nothing(store: Store, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "sandbox.sqlite3", lead_seconds=60.0)
    relay = Relay(create_app("memory://localhost"))
    order_id = place(store, item("1"))
    fulfil = Fulfilment(store, Router({"sandbox": Slow(sandbox, store)}), hurried(), told=lambda: None,
                        wake_at=relay.wake_at)

    def claim() -> Job:
        return store.commit_now(lambda connection: jobs.claim(connection, 1, owner="me", lease_seconds=30.0,
                                                              now=time.time()))[0]

    with pytest.raises(Overtaken):
        fulfil(claim())
    kept = store.query_now(lambda connection: references.of_order(connection, TENANT, order_id))
    assert [(one.state, one.their_id) for one in kept] == [(ASKED, None)]
    sandbox.close()
