"""Whether reading stays as quick as it was: the same requests in a store of 200,000 orders and in one of 1,000.

Each request goes to both services in turn, whole and over HTTP; each list fits a hundred orders in either store.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.filling import CHOSEN, FAILED, FEW_BUYER, LATE, MANY_BUYER, PROJECT, TENANT, fill
from benchmarks.process import LSO, Server, token
from benchmarks.process import PROJECT as ROOT
from benchmarks.report import Figure
from benchmarks.sides import ask, filled, on_each_database
from lso.store.engine import open_store

PART = "6 large stores"
FEW, MANY = 1_000, 200_000
RETRIEVALS, LISTS = 2_000, 100
MOST_RETRIEVE, MOST_LIST = 1.2, 1.5
PATH = "/mefApi/sonata/productOrderingManagement/v10/productOrder"
BOUND = {"many": MANY_BUYER, "few": FEW_BUYER}  # clients, and the buyer that each may speak for
ASKED = {"late and in progress": LATE, "failed, by order date": FAILED, "of a project": PROJECT,
         "of one of two buyers": ""}


@dataclass
class Side:
    """A service and what is in its store."""

    server: Server
    ids: list[str]
    tokens: dict[str, str]

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def get(self, path: str, client: str) -> float:
        """Seconds that an answer takes."""
        answer = ask(self.connection, "GET", path, self.tokens[client])
        if answer.status != 200 or (path.startswith(f"{PATH}?") and answer.headers["X-Total-Count"] != str(CHOSEN)):
            raise RuntimeError(f"{path}: {answer.status}, {dict(answer.headers)}: {answer.body[:300]!r}")
        return answer.took


def measure(folder: Path, notes: list[str]) -> Iterator[Figure]:
    """Both databases; PostgreSQL only where there is one."""
    yield from on_each_database(PART, folder, notes, _measure, most=MOST_LIST)


def _measure(name: str, folder: Path, urls: Sequence[str]) -> Iterator[Figure]:
    with ExitStack() as stack:
        sides = [_side(stack, folder / str(count), count, url) for count, url in zip((FEW, MANY), urls, strict=True)]
        luck = random.Random(7)
        took = [_in_turns(sides, [f"{PATH}/{luck.choice(side.ids)}" for side in sides]) for _ in range(RETRIEVALS)]
        yield _figure(f"retrieve by id, {name}", took, MOST_RETRIEVE)
        for what, query in ASKED.items():
            client = "few" if not query else TENANT
            took = [_in_turns(sides, [f"{PATH}?{query}&limit={CHOSEN}"] * 2, client) for _ in range(LISTS)]
            yield _figure(f"a list of {CHOSEN}, {what}, {name}", took, MOST_LIST)


def _in_turns(sides: list[Side], paths: list[str], client: str = TENANT) -> tuple[float, float]:
    few, many = (side.get(path, client) for side, path in zip(sides, paths, strict=True))
    return few, many


def _figure(what: str, took: list[tuple[float, float]], most: float) -> Figure:
    few, many = (median(side) for side in zip(*took[len(took) // 10:], strict=True))
    return Figure(PART, what, f"{many * 1e3:.2f} ms", f"{FEW:,} orders {few * 1e3:.2f} ms", many / few, most=most)


def _side(stack: ExitStack, folder: Path, count: int, url: str) -> Side:
    def kept(_server: Server) -> list[str]:
        with open_store(url or f"sqlite:///{folder / 'lso.sqlite3'}") as store:
            return fill(store, count)

    server, ids = filled(stack, folder, url, kept)
    tokens = {TENANT: token(server, TENANT)}
    for name, buyer in BOUND.items():
        secret = _lso(server, "client", "add", TENANT, name, "--audience", "pil", "--buyer", buyer).split()[-1]
        time.sleep(1.5)  # by when a running service knows a new client
        tokens[name] = _lso(server, "token", name, "--secret", secret, "--url", server.url).strip()
    return Side(server, ids, tokens)


def _lso(server: Server, *words: str) -> str:
    return subprocess.run([str(LSO), *words], env=server.environment, cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout
