"""The store: one writer that commits in groups, and readers that never wait for it.

A *work* is a function of a connection. It runs in a transaction together with others, and may run more than once, so
it must do nothing but use its connection. It neither begins nor commits.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, select

from lso.errors import OurError
from lso.store import connect
from lso.store.intake import Intake
from lso.store.migrate import migrate
from lso.store.reader import Reader
from lso.store.task import Task
from lso.store.writer import Writer

T = TypeVar("T")
READER_THREADS = 4


def open_store(url: str) -> Store:
    """The store at a URL, brought to the present schema first."""
    return Store(url)


class Store:
    """Where state lives. Safe to use from an event loop and from any thread."""

    def __init__(self, url: str) -> None:
        self._engine = connect.connect_engine(url)
        self._reader = Reader(self._engine)
        with self._reader.connect() as connection:
            connect.use_write_ahead_log(connection)
            migrate(connection)
        self._local = self._engine.dialect.name == "sqlite"
        self._threads = concurrent.futures.ThreadPoolExecutor(READER_THREADS, thread_name_prefix="store-reader")
        self._writer = Writer(self._engine)
        self._intake = Intake(self._writer.put)

    def commit(self, work: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Run a work in a transaction; awaiting gives its result once that is safe on disk."""
        task = Task(work, asyncio.get_running_loop())
        self._intake.take(task)
        future: asyncio.Future[T] = task.future
        return future

    def commit_now(self, work: Callable[[Connection], T]) -> T:
        """The same for a thread; blocks."""
        if self._writer.own:
            raise OurError("A work must not commit.")
        task = Task(work, None)
        self._intake.take(task)
        result: T = task.future.result()
        return result

    async def query(self, read: Callable[[Connection], T], *, aside: bool = False, alone: bool = False) -> T:
        """Run a read without holding up the event loop; `aside` says it is long, even for a local file, `alone` that it
        is one statement."""
        if self._local and not aside:
            return self.query_now(read, alone=alone)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.query_now, read)

    def query_now(self, read: Callable[[Connection], T], *, alone: bool = False) -> T:
        """Run a read in this thread, likewise. Raises Unavailable when the database is away."""
        return self._reader.query(read, alone=alone)

    @property
    def local(self) -> bool:
        """Whether it is a file, so that a read need not leave the event loop."""
        return self._local

    def check(self) -> None:
        """Raise unless the database answers."""
        self.query_now(lambda connection: connection.execute(select(1)).scalar_one())

    def close(self) -> None:
        """Finish what was asked for, then let go of everything. Whoever comes later is refused."""
        self._intake.close()
        self._writer.stop()
        self._threads.shutdown()
        self._reader.close()
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
