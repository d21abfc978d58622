"""Keeps what back ends record, without ever holding them up: a thread commits it, many exchanges together.

When it comes in faster than it can be kept, or the database is away, lines are lost and counted, exchanges are not.
"""

from __future__ import annotations

from dataclasses import asdict
from queue import Empty, Full, Queue
from threading import Thread

import structlog
from sqlalchemy import Connection

from lso.backends.exchange import Exchange
from lso.store import activity as activities
from lso.store.activity import Activity
from lso.store.engine import Store
from lso.workflow.job import described

WAITING_MOST = 5_000
TOGETHER = 100

log = structlog.get_logger()


class ActivityLog:
    """One a process that has back ends. Exchanges that are about no order are not kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: Queue[Exchange | None] = Queue(WAITING_MOST)
        self._lost = 0
        self._thread = Thread(target=self._run, name="activity", daemon=True)

    def start(self) -> None:
        """Begin to keep."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what is waiting, then no more."""
        self._queue.put(None)
        self._thread.join()

    def record(self, exchange: Exchange) -> None:
        """Take an exchange; never waits."""
        if exchange.order_id:
            try:
                self._queue.put_nowait(exchange)
            except Full:
                self._lost += 1

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._queue.get()]
            try:
                while len(batch) < TOGETHER:
                    batch.append(self._queue.get_nowait())
            except Empty:
                pass
            going = None not in batch
            self._keep([one for one in batch if one is not None])

    def _keep(self, batch: list[Exchange]) -> None:
        def work(connection: Connection) -> None:
            for one in batch:
                activities.insert(connection, Activity(**asdict(one)))

        try:
            if batch:
                self._store.commit_now(work)
        except Exception as error:  # the database may come back; the order does not depend on this
            self._lost += len(batch)
            log.warning("activity_lost", error=described(error), lost=self._lost)
