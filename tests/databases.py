"""Servers for tests: PostgreSQL and Redis, from the environment, or private ones from the binaries on this machine.

`LSO_TEST_DATABASE_URL` and `LSO_TEST_REDIS_URL` name servers to use. Otherwise one server of each kind is started
when the first test asks for it and ended with the session. Where there is no binary the test is skipped and says
so; with CI=true it fails.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{what} is missing, and CI must not skip its tests")
    pytest.skip(f"{what} is missing")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def _postgres_binaries() -> Path | None:
    """The folder with initdb and postgres: what pg_config says, else PATH."""
    folders = []
    if config := shutil.which("pg_config"):
        folders.append(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    folders += os.environ.get("PATH", "").split(os.pathsep)
    folders += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return next(
        (Path(each) for each in folders if (Path(each) / "initdb").exists() and (Path(each) / "postgres").exists()),
        None,
    )


def _unprivileged() -> dict[str, int]:
    """How to start a process: initdb refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid}
    raise RuntimeError("no unprivileged account to start PostgreSQL with")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A server where databases can be made."""
    if given := os.environ.get("LSO_TEST_DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql")
        return
    binaries = _postgres_binaries()
    if binaries is None:
        _missing("PostgreSQL")
    account = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="lso-postgres-", ignore_cleanup_errors=True) as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        data, port = Path(folder) / "data", free_port()
        surroundings = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LC_ALL": "C.UTF-8"}
        subprocess.run(
            [
                binaries / "initdb",
                "--pgdata",
                data,
                "--username",
                "lso",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            env=surroundings,
            **account,  # type: ignore[call-overload]
        )
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env=surroundings, **account,
        )
        url = URL.create("postgresql", username="lso", host="127.0.0.1", port=port, database="postgres")

        def ready() -> bool:
            try:
                psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=2).close()
            except psycopg.OperationalError:
                return False
            return True

        try:
            _wait(ready, process, "PostgreSQL")
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown; SIGTERM would wait for open connections
            _end(process)


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
    binary = shutil.which("redis-server")
    if binary is None:
        _missing("Redis")
    with tempfile.TemporaryDirectory(prefix="lso-redis-") as folder:
        port = free_port()
        process = subprocess.Popen(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

        def ready() -> bool:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                return False
            return True

        try:
            _wait(ready, process, "Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _end(process)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A Redis database with nothing in it."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server
