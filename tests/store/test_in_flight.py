"""Stores of earlier revisions, left behind by a process that was killed in the middle of orders, come to the present.

`in_flight/` holds their rows, written down when those revisions were the newest: an order that is done, one that back
ends work on, one whose answer was under way, one that was being looked at, one that nobody had seen yet; none of their
events has arrived. `network` is what the sandbox network knew at that moment.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from lso.backends.sandbox.embedded import Sandbox
from lso.store import dead_letter, job, migrate, schema
from lso.store.engine import open_store
from tests.workflow import scene
from tests.workflow.scene import TENANT, Listener, ended, eventually

KEPT = Path(__file__).parent / "in_flight"
Rows = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_orders_in_flight_come_to_their_end_after_the_store_was_brought_to_the_present(
        new_store_url: str, tmp_path: Path, revision: str) -> None:
    kept = json.loads((KEPT / f"{revision}.json").read_text())
    ids = [row["id"] for row in kept["store"]["orders"]]
    fill_network(tmp_path, kept["network"])
    with Listener() as listener:
        for row in kept["store"]["subscriptions"]:
            row["callback"] = listener.url
        fill(new_store_url, revision, kept["store"])
        with open_store(new_store_url) as store, scene.working(store, tmp_path) as (_embedded, sandbox):
            assert store.query_now(migrate.revision) == schema.REVISION
            assert {ended(store, id, seconds=30)["state"] for id in ids} == {"completed"}
            eventually(lambda: open_deliveries(store), lambda count: count == 0, seconds=30)
            assert store.query_now(lambda connection: job.dead(connection, TENANT)) == []
            assert store.query_now(lambda connection: dead_letter.dead(connection, TENANT)) == []
            ledger = Counter((line.external_id, line.entry) for line in sandbox.ledger() if line.entry != "submitted")
            told = streams(store)
        assert set(ledger.values()) == {1}, "something was done twice"
        assert {id for (id, _), entry in ledger.items() if entry} >= {f"{id}.1" for id in ids}
        heard: dict[str, list[str]] = defaultdict(list)
        for id in dict.fromkeys(body["eventId"] for _path, body, _headers in listener.received):
            heard[told[id]].append(id)
        by_order: dict[str, list[str]] = defaultdict(list)
        for id, resource in told.items():
            by_order[resource].append(id)
        assert heard == by_order, "an event is missing, or one came before its time"


def fill(url: str, revision: str, rows: Rows) -> None:
    """A database at a revision, with these rows."""
    engine = sa.create_engine(sa.make_url(url).set(
        drivername="postgresql+psycopg" if url.startswith("postgresql") else "sqlite"))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for table, lines in rows.items():
            there = sa.Table(table, sa.MetaData(), autoload_with=connection)
            connection.execute(sa.delete(there))
            connection.execute(sa.insert(there), lines)
            if "number" in there.c and connection.dialect.name == "postgresql":
                connection.execute(sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), max(number)) FROM {table}"))
    engine.dispose()


def fill_network(folder: Path, rows: Rows) -> None:
    """What the network has taken on."""
    file = folder / "sandbox.sqlite3"
    Sandbox(file, lead_seconds=0.05).close()
    connection = sqlite3.connect(file)
    for table, lines in rows.items():
        names = ", ".join(lines[0])
        values = ", ".join(f":{name}" for name in lines[0])
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", lines)
    connection.commit()
    connection.close()


def open_deliveries(store: Any) -> int:
    query = sa.text("SELECT count(*) FROM deliveries WHERE open_since IS NOT NULL")
    return int(store.query_now(lambda connection: connection.execute(query).scalar_one()))


def streams(store: Any) -> dict[str, str]:
    """Which order each delivered event is about, as they were to be delivered."""
    query = sa.text("SELECT event_id, resource_id FROM deliveries WHERE state = 'delivered' ORDER BY number")
    rows = store.query_now(lambda connection: connection.execute(query).fetchall())
    return {row[0]: row[1] for row in rows}
