"""Connections: SQLite and PostgreSQL made to behave alike.

Both run in autocommit, and `engine.py` says BEGIN and COMMIT itself: SQLite must begin as a writer (a reader that
turns writer may be refused), and a read needs no transaction on PostgreSQL.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from lso.errors import OurError, Unavailable
from lso.store.statement import driver

# Milliseconds to wait for another process that is writing to the same file.
BUSY_MILLISECONDS = 20_000
# Deadlock, serialisation failure, lock not available.
_PASSING_STATES = frozenset({"40P01", "40001", "55P03"})


def connect_engine(url: str) -> Engine:
    """An engine without a pool; the store keeps its own few connections."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool, isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 3, "application_name": "lso-bridge", "options": "-c timezone=UTC"},
        )
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise OurError("The store is a SQLite file or a PostgreSQL database.")
    _prepare_file(Path(parsed.database))
    engine = create_engine(
        parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False, "cached_statements": 512},
    )
    event.listen(engine, "connect", _prepare_connection)
    return engine


def _prepare_file(file: Path) -> None:
    """Orders hold personal data: the file is its owner's alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_connection(connection: Any, _record: object) -> None:
    # A 201 is a promise: FULL survives a power loss, NORMAL may lose the last commits.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA temp_store=MEMORY")
    # 16 MB of log before it is moved into the file, not 4: pages that many requests touch are moved once (orders: 0.97
    # of the processor time). Ten times as much brings no more, and would be read again after a crash.
    connection.execute("PRAGMA wal_autocheckpoint=4000")
    # Each connection has a cache of its own, and the system has one below: more than 2 MB buys no speed.
    connection.execute("PRAGMA cache_size=-2000")


def use_write_ahead_log(connection: Connection) -> None:
    """WAL is a property of the file. Changing it needs the file alone and does not wait for it, so we do."""
    if connection.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while driver(connection).execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            driver(connection).execute("PRAGMA journal_mode=WAL")
        except Exception as error:
            if time.monotonic() > deadline or "locked" not in str(error):
                raise
            time.sleep(0.02)


def begin_write(connection: Connection) -> None:
    """Begin a transaction that may write."""
    driver(connection).execute("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")


def begin_read(connection: Connection) -> None:
    """Begin a read. On SQLite it sees one state of the file; on PostgreSQL every statement sees the latest commit."""
    if connection.dialect.name == "sqlite":
        driver(connection).execute("BEGIN")


def commit(connection: Connection) -> None:
    """Keep what was done."""
    driver(connection).execute("COMMIT")


def roll_back(connection: Connection) -> None:
    """Undo what was done; nothing to undo is fine."""
    raw = driver(connection)
    under_way = raw.in_transaction if connection.dialect.name == "sqlite" else raw.info.transaction_status != 0
    if under_way:
        raw.execute("ROLLBACK")


def usable(connection: Connection) -> bool:
    """Whether the connection is still there."""
    if connection.closed or connection.invalidated:
        return False
    return connection.dialect.name == "sqlite" or not driver(connection).closed


def passing(error: BaseException) -> bool:
    """Whether the same work may succeed at once: the loser of a deadlock, a file that was busy."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) in _PASSING_STATES or "database is locked" in str(cause)


def away() -> Unavailable:
    """The refusal while there is no database; ask again."""
    return Unavailable("The database cannot be reached.", retry_after=1.0)
