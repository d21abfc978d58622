"""Private PostgreSQL and Redis servers, the same as the tests start."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import fresh_database
from tests.servers import PostgresServer, RedisServer, postgres_binaries, redis_binary


class Missing(Exception):
    """There is no such server on this machine, so what needs it is not measured."""


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with its settings as they come. Raises Missing."""
    binaries = postgres_binaries()
    if binaries is None:
        raise Missing("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="lso-bench-postgres-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(binaries, Path(folder))
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def database(server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database."""
    with fresh_database(server.url) as url:
        yield url


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis server. Raises Missing."""
    binary = redis_binary()
    if binary is None:
        raise Missing("Redis")
    with tempfile.TemporaryDirectory(prefix="lso-bench-redis-") as folder:
        server = RedisServer(binary, Path(folder))
        try:
            yield server.url
        finally:
            server.stop()
