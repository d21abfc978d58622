"""Servers for tests: PostgreSQL and Redis, from the environment, or private ones from the binaries on this machine.

`LSO_TEST_DATABASE_URL` and `LSO_TEST_REDIS_URL` name servers to use. Otherwise one server of each kind is started
when the first test asks for it and ended with the session. Where there is no binary the test is skipped and says
so; with CI=true it fails.

To migrate a database takes ten times as long as most tests of the store. So what tests are given has been migrated once
a session: a copy of one SQLite file, and one PostgreSQL database that is emptied; `new_…` has not even tables.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url

from lso.store.engine import open_store
from tests.servers import PostgresServer, RedisServer, free_port, postgres_binaries, redis_binary

__all__ = ["free_port", "fresh_database", "migrated_file", "migrated_postgres", "new_postgres_url", "new_sqlite_url",
           "new_store_url", "own_postgres", "own_redis", "postgres_server", "postgres_url", "redis_server", "redis_url",
           "sqlite_url", "store_url"]

SQLITE = "lso.sqlite3"
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # for power cuts, which are not played
LARGE = 1 << 18  # bytes of a table that is thrown away rather than emptied row by row

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
    with own_postgres(*UNSAFE) as server:
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


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """A database that tests use one after the other."""
    with fresh_database(postgres_server) as url:
        open_store(url).close()
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to be copied."""
    file = tmp_path_factory.mktemp("migrated") / SQLITE
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def postgres_url(migrated_postgres: str) -> str:
    """The URL of a database with tables that nobody else uses, and no rows in them."""
    with psycopg.connect(migrated_postgres, autocommit=True) as connection:
        empty(connection)
    return migrated_postgres


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """The same of a SQLite file."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / SQLITE)}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, migrated and without rows."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def new_postgres_url(postgres_server: URL) -> Iterator[str]:
    """The URL of a database of its own with nothing in it."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / SQLITE}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, with nothing in it."""
    url: str = request.getfixturevalue("new_sqlite_url" if request.param == "sqlite" else "new_postgres_url")
    return url


def empty(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Takes away every row, and whoever is still at them; numbers begin again."""
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE datname = current_database() AND pid <> pg_backend_pid()")
    tables = connection.execute(
        "SELECT relname, pg_relation_size(oid) > %s FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0 "
        "AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'", [LARGE]).fetchall()
    numbers = connection.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
    for name, large in tables:
        connection.execute(f'TRUNCATE "{name}"' if large else f'DELETE FROM "{name}"')
    for name, in numbers:
        connection.execute(f'ALTER SEQUENCE "{name}" RESTART')


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
