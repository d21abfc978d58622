"""The whole POST of an order through the door, against stock Connexion that validates the same body and echoes it.

Ours does what a 201 promises: token, validation with the product schema, rules, translation, and one durable commit of
the order, its job and its events. Both are one process on one core; the load comes from another. Neither logs requests.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import stock
from benchmarks.body import Body
from benchmarks.process import Server, load, service, stock_app, token
from benchmarks.report import Figure, micro

PART = "4 whole POST"
ROUNDS, SECONDS, WARM_UP_SECONDS, CONNECTIONS = 4, 3.0, 1.0, 16
PAUSED, RUNNING = "worker paused", "worker running"


def measure(orders: list[Body], folder: Path, notes: list[str]) -> Iterator[Figure]:
    """Rate and tail for each order, with the worker paused and running; adds the rows per request to the notes."""
    with ExitStack() as stack:
        theirs = stack.enter_context(stock_app(folder / "stock"))
        ours = {PAUSED: stack.enter_context(service(folder / "paused", LSO_WORKER_THREADS="0")),
                RUNNING: stack.enter_context(service(folder / "running"))}
        tokens = {}
        for name, server in ours.items():
            server.wait_until_ready("/ready")
            tokens[name] = token(server, "demo-carrier")
        theirs.wait_until_ready(f"{stock.BASE_PATH}/nothing", 404)
        for server in (theirs, *ours.values()):
            server.pause()
        for order in orders:
            requests = {name: request(ours[name], order, tokens[name]) for name in ours}
            before = rows(folder / "paused")
            took = _in_turns({"stock": (theirs, request(theirs, order))}
                             | {name: (server, requests[name]) for name, server in ours.items()})
            yield from _figures(order, took)
            notes.append(f"rows written per request, {order.name}: {_growth(before, rows(folder / 'paused'))}")


def _in_turns(contenders: dict[str, tuple[Server, bytes]]) -> dict[str, list[dict[str, Any]]]:
    took: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for turn in range(ROUNDS + 1):
        for name, (server, request) in contenders.items():
            server.resume()
            used = server.processor_seconds()
            seen = load(server, request, SECONDS if turn else WARM_UP_SECONDS, CONNECTIONS)
            server.pause()
            seen["processor"] = (server.processor_seconds() - used) / seen["count"]
            if set(seen["statuses"]) != {"201"}:
                raise RuntimeError(f"{name} answered {seen['statuses']}: {seen['refusal']}")
            if turn:
                took[name].append(seen)
    return took


def _figures(order: Body, took: dict[str, list[dict[str, Any]]]) -> Iterator[Figure]:
    rate, tail, processor = ({name: median(seen[what] for seen in rounds) for name, rounds in took.items()}
                             for what in ("rate", "p99", "processor"))
    for name, least in ((PAUSED, 2.0), (RUNNING, 1.2)):
        yield Figure(PART, f"rate, {order}, {name}", f"{rate[name]:,.0f}/s", f"stock {rate['stock']:,.0f}/s",
                     rate[name] / rate["stock"], least=least)
        yield Figure(PART, f"p99, {order}, {name}", f"{tail[name] * 1e3:.1f} ms", f"stock {tail['stock'] * 1e3:.1f} ms",
                     tail[name] / tail["stock"], most=1.0 if name == PAUSED else None)
        yield Figure(PART, f"processor time per request, {order}, {name}", micro(processor[name]),
                     f"stock {micro(processor['stock'])}", processor[name] / processor["stock"])


def request(server: Server, order: Body, bearer: str = "", path: str = stock.BASE_PATH + stock.PATH) -> bytes:
    """A POST of the order, or of what is sent to another path, complete with head."""
    head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}",
            "Content-Type: application/json", "Accept: application/json", f"Content-Length: {len(order.raw)}"]
    if bearer:
        head.append(f"Authorization: Bearer {bearer}")
    return "\r\n".join([*head, "", ""]).encode() + order.raw


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table of a store holds."""
    with sqlite3.connect(f"file:{folder / 'lso.sqlite3'}?mode=ro", uri=True) as store:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def _growth(before: dict[str, int], after: dict[str, int]) -> str:
    grown = {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
    orders = max(grown.values(), default=1)
    return ", ".join(f"{name} {count / orders:.2f}" for name, count in sorted(grown.items()) if count > orders / 200)
