"""How many messages wait for a worker: whoever tells workers of work, and whoever sweeps, goes by that.

The connection to the broker is kept: one for every look would be thrown away twice a second, and such connections go
round in circles that the garbage collector finds late.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import Any

from celery import Celery


class Unread:
    """One a process; safe to use from any thread."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Any = None
        self._channel: Any = None
        self._lock = Lock()

    def count(self) -> int:
        """How many there are now. Raises what the broker's libraries raise; the next look connects anew."""
        with self._lock:
            try:
                return self._look()
            except Exception:
                self._let_go()
                raise

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._let_go()

    def _look(self) -> int:
        if self._channel is None:
            self._connection = self._app.connection_for_write()
            self._channel = self._connection.channel()
        try:
            queue = self._channel.queue_declare(queue=self._app.conf.task_default_queue, passive=True)
        except self._connection.channel_errors:  # nobody has sent anything yet; some brokers close the channel
            self._let_go()
            return 0
        return int(queue.message_count)

    def _let_go(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(Exception):  # it may be broken already
                connection.release()
