"""Reads: on connections of their own, so that they never wait for the writer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from lso.errors import Unavailable
from lso.store import connect

T = TypeVar("T")


class Reader:
    """Runs reads in whatever thread asks; keeps connections for the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._local = engine.dialect.name == "sqlite"
        self._idle: deque[Connection] = deque()
        self._closed = False

    def query(self, read: Callable[[Connection], T], *, alone: bool = False) -> T:
        """The result of a read; alone: of one statement, which sees one state of the file by itself. Raises Unavailable
        when the database is away."""
        while True:
            try:
                connection, fresh = self._idle.pop(), False
            except IndexError:
                connection, fresh = self.connect(), True
            try:
                if not alone:
                    connect.begin_read(connection)
                result = read(connection)
                if self._local and not alone:
                    connect.commit(connection)
            except BaseException as error:
                if self._give_up(connection) or not isinstance(error, Exception):
                    raise
                if fresh:
                    raise connect.away() from error
                continue  # lost while it was idle: others may be good
            self._give_back(connection)
            return result

    def close(self) -> None:
        """Let go of all connections; whoever comes later is refused."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def connect(self) -> Connection:
        """A connection of the caller's own. Raises Unavailable."""
        if self._closed:
            raise Unavailable("The service is stopping.", retry_after=1.0)
        try:
            return self._engine.connect()
        except OperationalError as error:
            raise connect.away() from error

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
