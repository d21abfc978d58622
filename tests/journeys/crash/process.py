"""For every point: a process that works on an order until it ends there, then another that goes on; what came of it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lso.backends.sandbox.embedded import Sandbox
from lso.cli.composition import Foundation, back_ends, foundation
from lso.dialects.book import book
from lso.settings import Settings
from lso.store import dead_letter, order, product
from lso.store import job as jobs
from lso.store.engine import Store
from lso.workflow.embedded import Embedded
from tests.journeys.chaos.audit import open_deliveries
from tests.journeys.crash.point import Point, lay
from tests.journeys.crash.scenario import SCENARIOS
from tests.workflow.scene import ENDED, TENANT, hurried, signed, subscribe, with_profile

AT_ONCE = 4
BOUND_SECONDS = 20.0
Spec = dict[str, Any]


def main() -> None:
    """Children are forked from here, where everything is loaded and no thread has begun."""
    file = Path(sys.argv[1])
    spec: Spec = json.loads(file.read_text())
    book().mapping("sonata.order")
    template = file.parent / "template"
    _child(lambda: _prepare(spec, template))
    waiting = [Point(*one) for one in spec["points"]] or [None]
    running: set[int] = set()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            point = waiting.pop()
            folder = file.parent / ("-".join(map(str, point)) if point else "whole")
            shutil.copytree(template, folder)
            running.add(_fork(lambda folder=folder, point=point: _one(spec, folder, point)))  # type: ignore[misc]
        running.discard(os.wait()[0])


def _one(spec: Spec, folder: Path, point: Point | None) -> None:
    begun = _child(lambda: _begin(spec, folder, point))
    _child(lambda: _finish(spec, folder, begun))


def _prepare(spec: Spec, folder: Path) -> None:
    """A store with the tenant and its subscriber."""
    with foundation(_settings(spec, folder)) as base:
        with_profile(base.store, routes=spec["routes"])
        subscribe(base.store, spec["callback"])


def _begin(spec: Spec, folder: Path, point: Point | None) -> None:
    """Take the order, work until the point, or to the end where it is never reached; then write what was passed."""
    passed = lay(point)
    with foundation(_settings(spec, folder)) as base:
        (folder / "order").write_text(SCENARIOS[spec["scenario"]].place(base.store))
        _work(spec, base, folder)
    (folder / "passed").write_text(json.dumps(passed))


def _finish(spec: Spec, folder: Path, begun: int) -> None:
    """What another process makes of it, and what is in the books then."""
    with foundation(_settings(spec, folder)) as base:
        order_id = _work(spec, base, folder)
        read = base.store.query_now
        found = read(lambda connection: order.fetch(connection, TENANT, order_id))
        network = Sandbox(folder / "sandbox.sqlite3", lead_seconds=0.05)
        (folder / "result").write_text(json.dumps({
            "begun": begun, "order": order_id, "document": found and found.document,
            "products": [one.status for one in read(lambda c: product.of_order(c, TENANT, order_id))],
            "jobs": due_jobs(base.store), "dead_jobs": len(read(lambda c: jobs.dead(c, TENANT))),
            "deliveries": open_deliveries(base.store), "dead_events": len(read(lambda c: dead_letter.dead(c, TENANT))),
            "ledger": [(line.external_id, line.entry) for line in network.ledger()],
        }))
        network.close()


def _work(spec: Spec, base: Foundation, folder: Path) -> str:
    """A worker, until all is at rest or time is up; the order's id."""
    order_id = (folder / "order").read_text()
    with back_ends(base) as router:
        embedded = Embedded(base.store, base.book, router, base.settings, sign=signed)
        embedded.start()
        until = time.monotonic() + BOUND_SECONDS
        while time.monotonic() < until:
            found = base.store.query_now(lambda connection: order.fetch(connection, TENANT, order_id))
            if found and found.document["state"] in {*ENDED, "cancelled"} \
                    and due_jobs(base.store) == open_deliveries(base.store) == 0:
                break
            SCENARIOS[spec["scenario"]].meanwhile(base.store, order_id)
            time.sleep(0.05)
        embedded.stop()
    return order_id


def due_jobs(store: Store) -> int:
    """Jobs that have something to do now. One that will only find that the order has ended may wait for its time."""
    query = sa.text("SELECT count(*) FROM jobs WHERE state <> 'done' AND (due_at IS NULL OR due_at < :soon)")
    return int(store.query_now(lambda c: c.execute(query, {"soon": time.time() + 1.0}).scalar_one()))


def _settings(spec: Spec, folder: Path) -> Settings:
    backends = Path(spec["backends"]) if spec["backends"] else None
    return hurried(var=folder, backends=backends, lease_seconds=0.5, sweep_seconds=0.1, callback_timeout_seconds=0.5,
                   log_level="ERROR")


def _child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(_fork(work), 0)[1])


def _fork(work: Callable[[], object]) -> int:
    if pid := os.fork():
        return pid
    try:
        work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)
