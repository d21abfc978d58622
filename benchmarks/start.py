"""How soon the service is there again, and how much memory it holds, all of it in one process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.answers import PATHS, QUALIFICATION, QUOTE, inquiry, question
from benchmarks.body import Body
from benchmarks.door import request
from benchmarks.process import load, service, token
from benchmarks.report import Figure

PART = "5 start and memory"
STARTS, WORK_SECONDS, CONNECTIONS = 5, 2.0, 16
MOST_SECONDS, MOST_BYTES = 2.5, 150_000_000
MOST_BYTES_ALL = 200_000_000  # once qualifications and quotes have been answered, too


def measure(orders: list[Body], folder: Path) -> Iterator[Figure]:
    """Seconds from the command to `GET /ready` = 200 on a migrated store, and resident memory, idle and after work."""
    with service(folder / "start") as first:
        first.wait_until_ready("/ready")
    starts, used, idle, placed_too = [], [], [], 0
    for _ in range(STARTS):
        began = time.perf_counter()
        with service(folder / "start") as server:
            starts.append(server.wait_until_ready("/ready") - began)
            used.append(server.processor_seconds())
            time.sleep(0.5)
            idle.append(server.resident())
    with service(folder / "start") as server:
        server.wait_until_ready("/ready")
        bearer = token(server, "demo-carrier")
        placed = sum(load(server, request(server, order, bearer), WORK_SECONDS, CONNECTIONS)["count"]
                     for order in orders)
        time.sleep(2.0)
        working = server.resident()
        for order in orders:
            for path, body in ((PATHS[QUALIFICATION], question(order)), (PATHS[QUOTE], inquiry(order))):
                placed_too += load(server, request(server, body, bearer, path), WORK_SECONDS, CONNECTIONS)["count"]
        time.sleep(2.0)
        every = server.resident()
    yield Figure(PART, "second start to ready", f"{median(starts):.2f} s", f"{median(used):.2f} s of processor time",
                 median(starts), unit="s", most=MOST_SECONDS)
    for when, held in (("ready", median(idle)), (f"after {placed:,} orders, worker running", working)):
        yield Figure(PART, f"resident memory, {when}", f"{held / 1e6:.0f} MB", "whole embedded service", held / 1e6,
                     unit="MB", most=MOST_BYTES / 1e6)
    yield Figure(PART, f"resident memory, after {placed_too:,} qualifications and quotes as well",
                 f"{every / 1e6:.0f} MB", "whole embedded service", every / 1e6, unit="MB", most=MOST_BYTES_ALL / 1e6)
