"""Private PostgreSQL and Redis servers, the same as the tests start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import fresh_database
from tests.servers import PostgresServer, RedisServer, postgres_binaries, redis_binary


class Missing(Exception):
    """There is no such server on this machine, so what needs it is not measured."""


@contextmanager
def postgres(folder: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL server with its settings as they come. Raises Missing."""
    binaries = postgres_binaries()
    if binaries is None:
        raise Missing("PostgreSQL")
    folder.mkdir(parents=True, exist_ok=True)
    for above in (folder, *folder.parents[:2]):  # it runs as an account of its own, which must find its folder
        if above.stat().st_mode & 0o077 == 0:
            above.chmod(0o711)
    server = PostgresServer(binaries, folder)
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
def redis(folder: Path) -> Iterator[str]:
    """The URL of a Redis server. Raises Missing."""
    binary = redis_binary()
    if binary is None:
        raise Missing("Redis")
    folder.mkdir(parents=True, exist_ok=True)
    server = RedisServer(binary, folder)
    try:
        yield server.url
    finally:
        server.stop()
