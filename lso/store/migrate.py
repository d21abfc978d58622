"""Bring a database to the present schema. Many processes may start at once: one migrates, the others wait and find
it done.

Alembic is imported only when there is something to do; it would cost a good part of a start.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from lso.store.connect import begin_write, commit, roll_back
from lso.store.schema import REVISION
from lso.store.statement import driver

# Any number, as long as it is ours alone.
_LOCK = 7_270_220_614


def migrate(connection: Connection) -> None:
    """Upgrade to the newest revision unless it is there."""
    if revision(connection) == REVISION:
        return
    begin_write(connection)
    try:
        if connection.dialect.name == "postgresql":
            driver(connection).execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if revision(connection) != REVISION:
            _upgrade(connection)
    except BaseException:
        roll_back(connection)
        raise
    commit(connection)


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None before the first."""
    raw = driver(connection)
    there = (
        raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        if connection.dialect.name == "sqlite"
        else raw.execute("SELECT to_regclass('alembic_version')").fetchone()[0]
    )
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone() if there else None
    return row[0] if row else None


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    connection.begin()  # so that Alembic leaves the transaction to us; what the database sees has begun already
    command.upgrade(config, "head")
