"""Events to a hundred subscribers against as many events to one; and to a hundred of whom one is dead.

The events are in the store before the service starts; what counts is the rate at which subscribers receive them. Dead
means the worst kind: connections are taken, and no answer ever comes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection

from benchmarks.filling import EDITION, TENANT, small_order
from benchmarks.process import LOAD_CORE, PROJECT, on_core, service
from benchmarks.report import Figure
from lso.lifecycle.step import Change
from lso.service.event import event_of
from lso.store import order as orders
from lso.store import outbox, subscription
from lso.store.engine import Store, open_store
from lso.store.identifier import new_id
from lso.store.instant import rfc3339
from lso.store.subscription import Subscription

PART = "8 events"
MANY, EVENTS, ROUNDS = 100, 1_500, 5
LEAST_MANY, LEAST_DEAD = 0.9, 0.95
PATIENCE_SECONDS = 120
ONE, ALL, BEREFT = "one subscriber", "all alive", "one dead"


class Subscribers:
    """The listening program."""

    def __enter__(self) -> Subscribers:
        with on_core(LOAD_CORE):
            self._process = subprocess.Popen([sys.executable, "-m", "benchmarks.listener"], cwd=PROJECT, text=True,
                                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ports: dict[str, int] = self._read()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=10)

    def ask(self, word: str) -> dict[str, Any]:
        """`count` so far; or `told`, which also begins anew."""
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(folder: Path) -> Iterator[Figure]:
    """The rates, in turns."""
    rates: dict[str, list[float]] = {ONE: [], ALL: [], BEREFT: []}
    with service(folder / "new", LSO_WORKER_THREADS="0") as server:
        server.wait_until_ready("/ready")
    with Subscribers() as subscribers:
        for turn in range(ROUNDS):
            for name, found in rates.items():
                found.append(_round(subscribers, folder / f"{turn} {name}", name))
    one, every, bereft = (median(rates[name]) for name in (ONE, ALL, BEREFT))
    yield Figure(PART, f"{EVENTS:,} events to {MANY} subscribers", f"{every:,.0f}/s", f"to one {one:,.0f}/s",
                 _ratio(rates, ALL, ONE), least=LEAST_MANY)
    yield Figure(PART, f"the same, one of {MANY} dead: the others", f"{bereft:,.0f}/s", f"none dead {every:,.0f}/s",
                 _ratio(rates, BEREFT, ALL), least=LEAST_DEAD)


def _ratio(rates: dict[str, list[float]], name: str, other: str) -> float:
    return median(one / two for one, two in zip(rates[name], rates[other], strict=True))


def _round(subscribers: Subscribers, folder: Path, name: str) -> float:
    shutil.copytree(folder.parent / "new", folder)
    count = 1 if name == ONE else MANY
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        for number in range(count):
            _subscribe(store, number, subscribers.ports["silent" if name == BEREFT and not number else "open"])
        store.commit_now(lambda connection: [_happen(connection) for _ in range(EVENTS // count)])
    expected = EVENTS - (EVENTS // MANY if name == BEREFT else 0)
    with service(folder):
        until = time.monotonic() + PATIENCE_SECONDS
        while subscribers.ask("count")["count"] < expected and time.monotonic() < until:
            time.sleep(0.1)
    found = subscribers.ask("told")
    if found["count"] < expected:
        raise RuntimeError(f"{found['count']} of {expected} events arrived, {name}")
    return float(found["rate"]) * EVENTS / expected


def _subscribe(store: Store, number: int, port: int) -> None:
    kept = Subscription(TENANT, new_id(), EDITION, f"http://127.0.0.1:{port}/{number}", "", (), None, TENANT,
                        time.time())
    store.commit_now(lambda connection: subscription.insert(connection, kept))


def _happen(connection: Connection) -> None:
    """An order, and the event that it is in progress."""
    order = small_order(0, "in_progress", late=False, project="events", buyer=None)
    orders.insert(connection, order)
    change = Change("order_state", None, "in_progress", rfc3339(time.time()), "acknowledged")
    outbox.add(connection, event_of(order, change))
