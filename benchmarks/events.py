"""Events to a hundred subscribers against as many events to one; and to a hundred of whom one is dead.

The events are in the store before the service starts; what counts is the rate at which subscribers receive them. Dead
means the worst kind: connections are taken, and no answer ever comes.

The two that are compared run side by side on one core and are looked at over the same seconds, so that whatever else
the machine does is shared by both. Each gets about half of the rate that it would have alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
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
ONE, ALL, BEREFT = "one", "all", "bereft"
Rates = dict[str, float]


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
        """`counts` so far; or `told`, the rates, which also begins anew."""
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(folder: Path) -> Iterator[Figure]:
    """The rates, pair by pair."""
    with service(folder / "new", LSO_WORKER_THREADS="0") as server:
        server.wait_until_ready("/ready")
    many, dead = list[Rates](), list[Rates]()
    with Subscribers() as subscribers:
        for turn in range(ROUNDS):
            # Whoever starts first takes turns, too.
            way = 1 if turn % 2 else -1
            many.append(_round(subscribers, folder / f"many {turn}", (ALL, ONE)[::way]))
            dead.append(_round(subscribers, folder / f"dead {turn}", (BEREFT, ALL)[::way]))
    yield _figure(f"{EVENTS:,} events to {MANY} subscribers", many, ALL, "to one", ONE, LEAST_MANY)
    yield _figure(f"the same, one of {MANY} dead: the others", dead, BEREFT, "none dead", ALL, LEAST_DEAD)


def _figure(name: str, rounds: list[Rates], subject: str, words: str, other: str, least: float) -> Figure:
    ours, theirs = (median(rates[side] for rates in rounds) for side in (subject, other))
    return Figure(PART, name, f"{ours:,.0f}/s", f"{words} {theirs:,.0f}/s",
                  median(rates[subject] / rates[other] for rates in rounds), least=least)


def _round(subscribers: Subscribers, folder: Path, names: tuple[str, ...]) -> Rates:
    """The rates of services side by side, as if nobody were dead: others are compared with others."""
    expected = {name: EVENTS - (EVENTS // MANY if name == BEREFT else 0) for name in names}
    for name in names:
        _fill(subscribers, folder.parent / "new", folder / name, name)
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(service(folder / name))
        until = time.monotonic() + PATIENCE_SECONDS
        while (counts := subscribers.ask("counts")) != expected and time.monotonic() < until:
            time.sleep(0.1)
    rates = subscribers.ask("told")
    if counts != expected or not rates:
        raise RuntimeError(f"{counts} of {expected} events arrived, at {rates}")
    return {name: float(rates[name]) * EVENTS / expected[name] for name in names}


def _fill(subscribers: Subscribers, new: Path, folder: Path, name: str) -> None:
    shutil.copytree(new, folder)
    count = 1 if name == ONE else MANY
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        for number in range(count):
            port = subscribers.ports["silent" if name == BEREFT and not number else "open"]
            _subscribe(store, f"http://127.0.0.1:{port}/{name}/{number}")
        store.commit_now(partial(_happen, times=EVENTS // count))


def _subscribe(store: Store, callback: str) -> None:
    kept = Subscription(TENANT, new_id(), EDITION, callback, "", (), None, TENANT, time.time())
    store.commit_now(lambda connection: subscription.insert(connection, kept))


def _happen(connection: Connection, times: int) -> None:
    """So many orders, and the event of each that it is in progress."""
    for _ in range(times):
        order = small_order(0, "in_progress", late=False, project="events", buyer=None)
        orders.insert(connection, order)
        change = Change("order_state", None, "in_progress", rfc3339(time.time()), "acknowledged")
        outbox.add(connection, event_of(order, change))
