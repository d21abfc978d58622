"""Orders fulfilled by two workers against one: PostgreSQL, Redis, real `lso worker` processes of four threads.

The network answers after 50 ms, twice an order, so that workers wait, as they do with networks; how many more orders
two of them fulfil when nothing waits depends on how many processors there are, and is only reported.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import psycopg
from sqlalchemy import Connection

from benchmarks.databases import Missing, database, postgres, redis
from benchmarks.filling import TENANT, small_order
from benchmarks.process import LSO, PROJECT
from benchmarks.report import Figure
from lso.lifecycle.acknowledgement import acknowledge
from lso.store import job
from lso.store import order as orders
from lso.store.engine import Store, open_store
from lso.workflow.app import create_app
from lso.workflow.wake import Relay

PART = "7 workers"
ROUNDS, THREADS, ORDERS_A_WORKER, ANSWER_SECONDS = 3, 4, 250, 0.05
LEAST = 1.6
WARM_UP, START_SECONDS, IDLE_SECONDS = 128, 1.0, 0.05
PATIENCE_SECONDS = 90
STATES = "SELECT state, count(*) FROM orders GROUP BY state"
DONE = "SELECT count(*) FROM orders WHERE state = 'completed'"


@dataclass
class Place:
    """Where orders are placed, and how they are watched."""

    store: Store
    relay: Relay
    watching: psycopg.Connection[tuple[Any, ...]]

    def place(self, count: int) -> None:
        """Keep so many orders and their jobs, and tell the workers, as the door does."""
        self.relay.wake(self.store.commit_now(
            lambda connection: [_place(connection, number) for number in range(count)]))

    def done(self) -> int:
        """How many orders are completed, of all there were."""
        row = self.watching.execute(DONE).fetchone()
        return int(row[0]) if row else 0

    def reach(self, count: int) -> float:
        """Wait until so many are; when that was."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.done() < count:
            if time.monotonic() > until:
                states = self.watching.execute(STATES).fetchall()
                raise RuntimeError(f"not {count} orders completed after {PATIENCE_SECONDS} s, but {states}")
            time.sleep(0.02)
        return time.monotonic()


def measure(folder: Path, notes: list[str]) -> Iterator[Figure]:
    """The rates of one and two workers, in turns; with waiting, and without."""
    try:
        for seconds, rounds, least in ((ANSWER_SECONDS, ROUNDS, LEAST), (0.0, 1, None)):
            rates, spent = _in_turns(folder / str(seconds), seconds, rounds)
            one, two = median(rates[1]), median(rates[2])
            ratio = median(b / a for a, b in zip(rates[1], rates[2], strict=True))
            yield Figure(PART, f"two workers, the network answers after {seconds * 1e3:.0f} ms", f"{two:.1f} orders/s",
                         f"one {one:.1f}/s", ratio, least=least)
            notes.append(f"{PART}: processor time of the worker an order, {seconds * 1e3:.0f} ms: {spent * 1e3:.1f} ms")
    except Missing as missing:
        notes.append(f"{PART}: {missing} is missing")
        yield Figure(PART, "two workers", "-", "-", None, least=LEAST)


def _in_turns(folder: Path, answer_seconds: float, rounds: int) -> tuple[dict[int, list[float]], float]:
    rates: dict[int, list[float]] = {1: [], 2: []}
    spent: list[float] = []
    with ExitStack() as stack:
        url = stack.enter_context(database(stack.enter_context(postgres())))
        broker = stack.enter_context(redis())
        folder.mkdir(parents=True)
        port = stack.enter_context(_network(answer_seconds))
        environment = os.environ | {
            "LSO_VAR": str(folder), "LSO_DATABASE_URL": url, "LSO_BROKER_URL": broker, "LSO_LOG_LEVEL": "WARNING",
            "LSO_SANDBOX_URL": f"http://127.0.0.1:{port}", "LSO_WORKER_THREADS": str(THREADS)}
        subprocess.run([str(LSO), "seed"], env=environment, cwd=PROJECT, check=True, capture_output=True)
        place = Place(stack.enter_context(open_store(url)), Relay(create_app(broker)),
                      stack.enter_context(psycopg.connect(url, autocommit=True)))
        place.relay.start()
        stack.callback(place.relay.stop)
        stack.enter_context(_process("beat", environment, folder))
        for _ in range(rounds):
            for count, found in rates.items():
                found.append(_round(place, count, environment, folder, spent))
    return rates, median(spent)


def _round(place: Place, workers: int, environment: dict[str, str], folder: Path, spent: list[float]) -> float:
    """Orders a second, of the middle four fifths."""
    with ExitStack() as stack:
        running = [stack.enter_context(_process("worker", environment, folder)) for _ in range(workers)]
        _warm_up(place, running)
        before, used, count = place.done(), _processor_seconds(running), ORDERS_A_WORKER * workers
        place.place(count)
        began = place.reach(before + count // 10)
        ended = place.reach(before + count * 9 // 10)
        place.reach(before + count)
        spent.append((_processor_seconds(running) - used) / count)
    return count * 0.8 / (ended - began)


def _warm_up(place: Place, running: list[psutil.Popen]) -> None:
    """Until every worker has started, has nothing more to do, and then has had something to do."""
    until, used = time.monotonic() + PATIENCE_SECONDS, [0.0] * len(running)
    while time.monotonic() < until:
        before, used = used, [_processor_seconds([one]) for one in running]
        if all(now > START_SECONDS and now - then < IDLE_SECONDS for now, then in zip(used, before, strict=True)):
            break
        time.sleep(1.0)
    if any(one.poll() is not None for one in running):
        raise RuntimeError("a worker has ended before there was anything to do")
    done = place.done()
    place.place(WARM_UP)
    place.reach(done + WARM_UP)


def _place(connection: Connection, number: int) -> str:
    order = small_order(number, "acknowledged", late=False, project="bench", buyer=None)
    items = [{name: value for name, value in item.items() if name not in ("state", "expected_completion_at")}
             for item in order.document["items"]]
    document = acknowledge({"items": items}, id=order.id, at=order.document["ordered_at"]).document
    orders.insert(connection, replace(order, document=document))
    return job.add(connection, TENANT, "order", order.id, due_at=time.time())


def _processor_seconds(running: list[psutil.Popen]) -> float:
    times = [one.cpu_times() for one in running]
    return sum(one.user + one.system for one in times)


@contextmanager
def _process(role: str, environment: dict[str, str], folder: Path) -> Iterator[psutil.Popen]:
    with (folder / f"{role}.log").open("ab") as output:
        process = psutil.Popen([str(LSO), role], env=environment, cwd=PROJECT, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _network(answer_seconds: float) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.network", str(answer_seconds)], cwd=PROJECT,
                               text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate(timeout=10)
