"""The store: one writer thread that commits in groups, and readers that never wait for it.

A *work* is a function of a connection. Works run in the order they came, up to 64 in one transaction, so that one
flush to disk serves all who came meanwhile. If anything in a group fails, all of it is rolled back and each work
runs again alone: an error reaches the one who caused it and nobody else. A work may therefore run more than once
and must do nothing but use its connection. It neither begins nor commits.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from lso.errors import OurError, Unavailable
from lso.store import connect
from lso.store.migrate import migrate
from lso.store.statement import flush, forget

T = TypeVar("T")
GROUP_MOST = 64
ATTEMPTS_MOST = 8
READER_THREADS = 4
# How long the writer waits for a database that has just gone; after that it asks now and then and refuses meanwhile.
PATIENCE_SECONDS, ASK_AGAIN_SECONDS = 1.0, 0.1


class _Task(Generic[T]):
    """A work that waits for the writer; `loop` is where its future lives, None for a thread's."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Connection], T], loop: asyncio.AbstractEventLoop | None) -> None:
        self.work = work
        self.loop = loop
        self.future: Any = concurrent.futures.Future() if loop is None else loop.create_future()
        self.result: T | None = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():  # its caller went away
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def open_store(url: str) -> Store:
    """The store at a URL, brought to the present schema first."""
    return Store(url)


class Store:
    """Where state lives. Safe to use from an event loop and from any thread."""

    def __init__(self, url: str) -> None:
        self._engine = connect.connect_engine(url)
        self._closed = False
        with self._connect() as connection:
            connect.use_write_ahead_log(connection)
            migrate(connection)
        self._local = self._engine.dialect.name == "sqlite"
        self._tasks: SimpleQueue[_Task[Any] | None] = SimpleQueue()
        self._idle: deque[Connection] = deque()
        self._readers = concurrent.futures.ThreadPoolExecutor(READER_THREADS, thread_name_prefix="store-reader")
        self._closing = threading.Lock()
        self._connection: Connection | None = None
        self._away_since: float | None = None
        self._ask_at = 0.0
        self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._writer.start()

    def commit(self, work: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Run a work in a transaction; awaiting gives its result once that is safe on disk."""
        task = _Task(work, asyncio.get_running_loop())
        self._put(task)
        future: asyncio.Future[T] = task.future
        return future

    def commit_now(self, work: Callable[[Connection], T]) -> T:
        """The same for a thread; blocks."""
        if threading.current_thread() is self._writer:
            raise OurError("A work must not commit.")
        task = _Task(work, None)
        self._put(task)
        result: T = task.future.result()
        return result

    async def query(self, read: Callable[[Connection], T], *, aside: bool = False) -> T:
        """Run a read without holding up the event loop; `aside` says it is long, even for a local file."""
        if self._local and not aside:
            return self.query_now(read)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.query_now, read)

    def query_now(self, read: Callable[[Connection], T]) -> T:
        """Run a read in this thread. Raises Unavailable when the database is away."""
        while True:
            try:
                connection, fresh = self._idle.pop(), False
            except IndexError:
                connection, fresh = self._connect(), True
            try:
                connect.begin_read(connection)
                result = read(connection)
                if self._local:
                    connect.commit(connection)
            except BaseException as error:
                if self._give_up(connection) or not isinstance(error, Exception):
                    raise
                if fresh:
                    raise _away() from error
                continue  # lost while it was idle: others may be good
            self._give_back(connection)
            return result

    def check(self) -> None:
        """Raise unless the database answers."""
        self.query_now(lambda connection: connection.execute(select(1)).scalar_one())

    def close(self) -> None:
        """Finish what is queued, then let go of everything. Whoever comes later is refused."""
        with self._closing:
            first, self._closed = not self._closed, True
            if first:
                self._tasks.put(None)
        self._writer.join()
        self._readers.shutdown()
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _connect(self) -> Connection:
        if self._closed:
            raise Unavailable("The service is stopping.", retry_after=1.0)
        try:
            return self._engine.connect()
        except OperationalError as error:
            raise _away() from error

    def _give_back(self, connection: Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)

    def _give_up(self, connection: Connection) -> bool:
        """A read failed: keep its connection only if it is sound; true if it was."""
        try:
            connect.roll_back(connection)
        except Exception:
            connection.invalidate()
        sound = connect.usable(connection)
        if sound:
            self._give_back(connection)
        else:
            connection.close()
        return sound

    def _put(self, task: _Task[Any]) -> None:
        with self._closing:
            if self._closed:
                raise Unavailable("The service is stopping.", retry_after=1.0)
            self._tasks.put(task)

    def _write(self) -> None:
        """The writer thread."""
        stopping = False
        while not stopping:
            first = self._tasks.get()
            if first is None:
                break
            group = [first]
            try:
                while len(group) < GROUP_MOST:
                    task = self._tasks.get_nowait()
                    if task is None:
                        stopping = True
                        break
                    group.append(task)
            except Empty:
                pass
            self._run(group)
            _settle(group)
        if self._connection is not None:
            self._connection.close()

    def _run(self, group: list[_Task[Any]]) -> None:
        if len(group) > 1 and self._reached():
            try:
                self._transact(group)
                return
            except BaseException as error:
                self._undo()
                if isinstance(error, _Unknown):
                    for task in group:
                        task.error = error.refusal()
                    return
        for task in group:
            self._run_alone(task)

    def _run_alone(self, task: _Task[Any]) -> None:
        for attempt in range(1, ATTEMPTS_MOST + 1):
            if not self._reached():
                task.error = _away()
                return
            try:
                self._transact([task])
                return
            except BaseException as error:
                lost = self._undo()
                task.error = error.refusal() if isinstance(error, _Unknown) else error
                again = connect.passing(error) or (lost and not isinstance(error, _Unknown))
                if not again:
                    return
                if attempt == ATTEMPTS_MOST:
                    task.error = _away() if lost else error
                    return
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads contenders, guards nothing

    def _transact(self, group: list[_Task[Any]]) -> None:
        connection = self._writing()
        connect.begin_write(connection)
        for task in group:
            task.result = task.work(connection)
        flush(connection)
        try:
            connect.commit(connection)
        except Exception as error:
            if connect.usable(connection):
                raise
            raise _Unknown from error
        for task in group:
            task.error = None

    def _reached(self) -> bool:
        """Whether there is a connection to write to, or one can be made: so that a queue is refused all at once."""
        while self._connection is None:
            now = time.monotonic()
            if now < self._ask_at:
                return False
            try:
                self._writing()
            except Exception:  # whatever it is, the writer lives on
                self._away_since = self._away_since or now
                if self._closed or time.monotonic() - self._away_since > PATIENCE_SECONDS:
                    self._ask_at = time.monotonic() + ASK_AGAIN_SECONDS
                    return False
                time.sleep(ASK_AGAIN_SECONDS)
        self._away_since = None
        return True

    def _writing(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            # Who runs Core on the connection must see what was put off, too.
            event.listen(self._connection, "before_cursor_execute", lambda connection, *_: flush(connection))
        return self._connection

    def _undo(self) -> bool:
        """Roll back; true if the connection was lost and the next transaction gets a new one."""
        connection = self._connection
        if connection is None:
            return True
        try:
            forget(connection)
            connect.roll_back(connection)
            sound = connect.usable(connection)
        except Exception:
            sound = False
        if not sound:
            self._connection = None
            connection.invalidate()
            connection.close()
        return not sound


class _Unknown(Exception):
    """The connection broke while committing: it may have happened or not, so nothing is run again."""

    def refusal(self) -> Unavailable:
        return _away()


def _away() -> Unavailable:
    return Unavailable("The database cannot be reached.", retry_after=1.0)


def _settle(group: list[_Task[Any]]) -> None:
    """Wake the callers: threads one by one, each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Task[Any]]] = {}
    for task in group:
        if task.loop is None:
            task.settle()
        else:
            by_loop.setdefault(task.loop, []).append(task)
    for loop, tasks in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, tasks)
        except RuntimeError:  # the loop is closed: nobody is left to tell
            continue


def _settle_all(tasks: list[_Task[Any]]) -> None:
    for task in tasks:
        task.settle()
