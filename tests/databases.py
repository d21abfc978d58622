"""Servers for tests: PostgreSQL and Redis, from the environment, or private ones from the binaries on this machine.

`LSO_TEST_DATABASE_URL` and `LSO_TEST_REDIS_URL` name servers to use. Otherwise one server of each kind is started
when the first test asks for it and ended with the session. Where there is no binary the test is skipped and says
so; with CI=true it fails.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url

from tests.servers import PostgresServer, RedisServer, free_port, postgres_binaries, redis_binary

__all__ = ["free_port", "fresh_database", "own_postgres", "own_redis", "postgres_server", "postgres_url",
           "redis_server", "redis_url", "sqlite_url", "store_url"]


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{what} is missing, and CI must not skip its tests")
    pytest.skip(f"{what} is missing")


@contextmanager
def own_postgres(*settings: str) -> Iterator[PostgresServer]:
    """A server that is nobody else's, so that it may be killed."""
    binaries = postgres_binaries()
    if binaries is None:
        _missing("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="lso-postgres-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(binaries, Path(folder), *settings)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def own_redis() -> Iterator[RedisServer]:
    """The same for Redis."""
    binary = redis_binary()
    if binary is None:
        _missing("Redis")
    with tempfile.TemporaryDirectory(prefix="lso-redis-") as folder:
        server = RedisServer(binary, Path(folder))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A server where databases can be made."""
    if given := os.environ.get("LSO_TEST_DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql")
        return
    with own_postgres() as server:
        yield server.url


@contextmanager
def fresh_database(postgres_server: URL) -> Iterator[str]:
    """The URL of an empty database, for as long as it is needed."""
    name = f"lso_{uuid.uuid4().hex}"
    server = postgres_server.render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """The URL of an empty database of its own."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'lso.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, empty."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis server."""
    if given := os.environ.get("LSO_TEST_REDIS_URL"):
        yield given
        return
    with own_redis() as server:
        yield server.url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A Redis database with nothing in it."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server
