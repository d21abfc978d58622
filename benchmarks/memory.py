"""What the embedded service holds after 20,000 orders, all of them fulfilled, against after 2,000."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.body import Body
from benchmarks.door import request
from benchmarks.process import Server, load, service, token
from benchmarks.report import Figure

PART = "9 memory"
FEW, MANY, CONNECTIONS, LOAD_SECONDS = 2_000, 20_000, 16, 2.0
MOST = 1.1
PATIENCE_SECONDS = 600
OPEN = "SELECT count(*) FROM jobs WHERE due_at IS NOT NULL"
ALL = "SELECT count(*) FROM orders"


def measure(orders: list[Body], folder: Path) -> Iterator[Figure]:
    """Resident memory once nothing is left to do, at both counts of orders."""
    held = {}
    with service(folder) as server:
        server.wait_until_ready("/ready")
        raw, file = request(server, orders[0], token(server, "demo-carrier")), folder / "lso.sqlite3"
        for wanted in (FEW, MANY):
            while (placed := _count(file, ALL)) < wanted:
                share = min(1.0, (wanted - placed) / MANY * 10)
                load(server, raw, LOAD_SECONDS * share, CONNECTIONS)
            _settle(server, file)
            held[wanted] = server.resident()
    few, many = held[FEW], held[MANY]
    yield Figure(PART, f"embedded service after {placed:,} orders", f"{many / 1e6:.1f} MB",
                 f"after {FEW:,} {few / 1e6:.1f} MB", many / few, most=MOST)


def _settle(server: Server, file: Path) -> None:
    """Wait until every order has come to its end, and a little for what is tidied up afterwards."""
    until = time.monotonic() + PATIENCE_SECONDS
    while _count(file, OPEN):
        if time.monotonic() > until:
            raise RuntimeError(f"{_count(file, OPEN)} jobs are left:\n{server.output.read_text()[-2000:]}")
        time.sleep(0.5)
    time.sleep(3.0)


def _count(file: Path, sql: str) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as store:
        return int(store.execute(sql).fetchone()[0])
