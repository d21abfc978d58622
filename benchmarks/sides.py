"""Two services side by side, alike but for how much is in their stores: where they come from and how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, TypeVar

import psycopg

from benchmarks.databases import Missing, database, postgres
from benchmarks.process import Server, service
from benchmarks.report import Figure

T = TypeVar("T")
Measured = Callable[[str, Path, Sequence[str]], Iterator[Figure]]


class Answer(NamedTuple):
    """What came back, and the seconds that it took."""

    took: float
    status: int
    headers: Message
    body: bytes


def on_each_database(part: str, folder: Path, notes: list[str], measured: Measured, *, most: float) -> Iterator[Figure]:
    """The figures with SQLite, and with PostgreSQL where there is one.

    measured: gets the name of the database, a folder, and a URL for each of two services, empty for their own files.
    """
    yield from measured("SQLite", folder / "sqlite", ("", ""))
    try:
        with postgres() as server, database(server) as few, database(server) as many:
            yield from measured("PostgreSQL", folder / "postgres", (few, many))
    except Missing as missing:
        notes.append(f"{part}: {missing} is missing")
        yield Figure(part, "PostgreSQL", "-", "-", None, most=most)


def filled(stack: ExitStack, folder: Path, url: str, fill: Callable[[Server], T]) -> tuple[Server, T]:
    """A service with nobody at work, once its store has been filled, and what the filling came to."""
    settings = {"LSO_WORKER_THREADS": "0", **({"LSO_DATABASE_URL": url} if url else {})}
    server = stack.enter_context(service(folder, **settings))
    server.wait_until_ready("/ready")
    made = fill(server)
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")  # as the server does by itself within a minute
    return server, made


def ask(connection: HTTPConnection, method: str, path: str, token: str, body: str | None = None) -> Answer:
    """One request, whole."""
    headers = {"Authorization": f"Bearer {token}", **({"Content-Type": "application/json"} if body else {})}
    began = perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    return Answer(perf_counter() - began, answer.status, answer.headers, told)
