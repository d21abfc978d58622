"""After kill -9, what was acknowledged is there, and there are whole changes only."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from lso.store import order
from lso.store.engine import open_store

ROOT = Path(__file__).parent.parent.parent

# Places orders from sixteen tasks, each with its job and event, and says which are acknowledged.
PLACING = """
import asyncio, sys, time
from lso.store import job, order, outbox
from lso.store.engine import open_store
from lso.store.identifier import new_id
from lso.store.event import Event
from tests.store.orders import order as an_order

def place(placed):
    def work(connection):
        order.insert(connection, placed)
        job.add(connection, "acme", "order", placed.id, due_at=1.0)
        outbox.add(connection, Event("acme", placed.id, "order_state", placed.id, None, 1.0, {}))
    return work

async def main(store):
    async def one():
        while True:
            placed = an_order(id=new_id(), padding="x" * 6000)
            await store.commit(place(placed))
            print(placed.id, flush=True)
    await asyncio.gather(*(one() for _ in range(16)))

asyncio.run(main(open_store(sys.argv[1])))
"""


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.35])
def test_a_killed_process_leaves_whole_changes_and_all_it_acknowledged(store_url: str, moment: float) -> None:
    with open_store(store_url):
        process = subprocess.Popen(
            [sys.executable, "-c", PLACING, store_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip()]
        time.sleep(moment)
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    with open_store(store_url) as store:
        found = [store.query_now(lambda c, id=id: order.fetch(c, "acme", id)) for id in acknowledged]
        assert all(found)
        ids = [
            store.query_now(
                lambda c, column=column, table=table: set(c.execute(sa.text(f"SELECT {column} FROM {table}")).scalars())
            )
            for column, table in (("id", "orders"), ("subject", "jobs"), ("resource_id", "events"))
        ]
        assert ids[0] == ids[1] == ids[2] >= set(acknowledged)
