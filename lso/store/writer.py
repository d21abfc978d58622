"""The writer: one thread that commits in groups, so that one flush to disk serves all who came meanwhile.

Works run in the order they came. If anything in a group fails, all of it is rolled back and each work runs again alone:
an error reaches the one who caused it and nobody else.
"""

from __future__ import annotations

import random
import threading
import time
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine, event

from lso.errors import Unavailable
from lso.store import connect
from lso.store.statement import flush, forget
from lso.store.task import Task, settle

GROUP_MOST = 64
ATTEMPTS_MOST = 8
# How long the writer waits for a database that has just gone; after that it asks now and then and refuses meanwhile.
PATIENCE_SECONDS, ASK_AGAIN_SECONDS = 1.0, 0.1
Group = list[Task[Any]]


class Writer:
    """Takes tasks from any thread; settles each when what it did is safe on disk, or has failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tasks: SimpleQueue[Task[Any] | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._stopping = False
        self._away_since: float | None = None
        self._ask_at = 0.0
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def own(self) -> bool:
        """Whether this is the writer's own thread."""
        return threading.current_thread() is self._thread

    def put(self, task: Task[Any]) -> None:
        """The next work."""
        self._tasks.put(task)

    def stop(self) -> None:
        """Finish what was put, nothing after it."""
        if not self._stopping:
            self._stopping = True
            self._tasks.put(None)
        self._thread.join()

    def _write(self) -> None:
        """The thread."""
        last = False
        while not last and (task := self._tasks.get()) is not None:
            group = [task]
            try:
                while len(group) < GROUP_MOST and not last:
                    more = self._tasks.get_nowait()
                    if more is None:
                        last = True
                    else:
                        group.append(more)
            except Empty:
                pass
            self._run(group)
            settle(group)
        if self._connection is not None:
            self._connection.close()

    def _run(self, group: Group) -> None:
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

    def _run_alone(self, task: Task[Any]) -> None:
        for attempt in range(1, ATTEMPTS_MOST + 1):
            if not self._reached():
                task.error = connect.away()
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
                    task.error = connect.away() if lost else error
                    return
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads contenders, guards nothing

    def _transact(self, group: Group) -> None:
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
                if self._stopping or time.monotonic() - self._away_since > PATIENCE_SECONDS:
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
        return connect.away()
