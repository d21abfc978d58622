"""A database gets the schema that the code knows, from nothing, once, however many processes start together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lso.errors import OurError
from lso.store import job, order, resource, schema
from lso.store.connect import begin_write, commit, connect_engine
from lso.store.engine import open_store
from lso.store.migrate import revision
from tests.store.orders import order as an_order

ROOT = Path(__file__).parent.parent.parent
OPENING = """
import sys
from lso.store.engine import open_store
with open_store(sys.argv[1]) as store:
    store.check()
print(",".join(name for name in ("alembic", "mako") if name in sys.modules))
"""


def compared(connection: sa.Connection) -> list[Any]:
    """How a database differs from the tables. What searches names is made by a migration alone, in either's own way."""
    ours = {"include_name": lambda name, kind, _parents: kind != "table" or not name.startswith("search_")}
    return list(compare_metadata(MigrationContext.configure(connection, opts=ours), schema.metadata))


def opening(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OPENING, url], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_new_database_gets_what_the_tables_say(new_store_url: str) -> None:
    with open_store(new_store_url) as store:
        differences = store.query_now(compared)
        assert differences == []
        assert store.query_now(revision) == schema.REVISION


def test_partial_indexes_are_what_the_tables_say(new_store_url: str) -> None:
    """Alembic compares indexes without their conditions."""
    with open_store(new_store_url) as store:
        there = store.query_now(lambda c: {
            index["name"]: "_where" in "".join(index.get("dialect_options", {}))
            for table in schema.metadata.tables for index in sa.inspect(c).get_indexes(table)
        })
    for table in schema.metadata.tables.values():
        for index in table.indexes:
            assert there[str(index.name)] is (index.dialect_options["sqlite"]["where"] is not None), index.name


def test_the_newest_revision_is_the_one_the_code_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_many_processes_that_start_at_once_all_work(new_store_url: str) -> None:
    for process in [opening(new_store_url) for _ in range(4)]:
        _out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


def step_back(url: str, to: str) -> None:
    """The database as an earlier release would have left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    engine = connect_engine(url)
    with engine.connect() as connection:
        begin_write(connection)
        config.attributes["connection"] = connection
        connection.begin()
        command.downgrade(config, to)
        commit(connection)
    engine.dispose()


@pytest.mark.parametrize("earlier", ["0002", "0003", "0004"])
def test_orders_in_flight_go_on_after_a_migration(new_store_url: str, earlier: str) -> None:
    kept = an_order(state="in_progress", external_id="PO-1", items=[{"id": "1", "state": "in_progress"}])
    with open_store(new_store_url) as store:
        store.commit_now(lambda c: order.insert(c, kept))
        store.commit_now(lambda c: job.add(c, "acme", "order", kept.id, due_at=100.0))
    step_back(new_store_url, earlier)
    with open_store(new_store_url) as store:
        assert store.query_now(revision) == schema.REVISION
        assert store.query_now(lambda c: order.fetch(c, "acme", kept.id)) == kept
        claimed = store.commit_now(lambda c: job.claim(c, 5, owner="worker", lease_seconds=30, now=101.0))
        assert [one.subject for one in claimed] == [kept.id]
        cancellation = resource.beside(kept, "cancellation", {"id": "c-1", "state": "acknowledged"}, at=101.0)
        store.commit_now(lambda c: resource.insert(c, cancellation))
        differences = store.query_now(compared)
        assert differences == []


def test_a_second_start_does_not_even_import_the_migrations(new_sqlite_url: str) -> None:
    assert opening(new_sqlite_url).communicate(timeout=60)[0].strip() == "alembic,mako"
    assert opening(new_sqlite_url).communicate(timeout=60)[0].strip() == ""


def test_a_file_of_orders_is_its_owners_alone(new_sqlite_url: str) -> None:
    with open_store(new_sqlite_url):
        file = Path(new_sqlite_url.removeprefix("sqlite:///"))
        assert {each.stat().st_mode & 0o077 for each in file.parent.glob("lso.sqlite3*")} == {0}


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'a' / 'b' / 'lso.sqlite3'}") as store:
        store.check()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/else"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises((OurError, sa.exc.NoSuchModuleError)):
        open_store(url)
