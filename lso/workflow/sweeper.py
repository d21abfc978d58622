"""Finds what nobody was told about: jobs and deliveries that are due and forgotten, and rows nobody needs any more.

Sweeping twice at the same time is harmless, only wasteful: claims decide who works. So a process that sweeps for itself
just does it, and beat, which may run more than once, takes a named lease.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

import structlog
from sqlalchemy import Connection

from lso.settings import Settings
from lso.store import activity, dead_letter, idempotency, lease
from lso.store import job as jobs
from lso.store.engine import Store
from lso.workflow.job import described
from lso.workflow.wake import UNREAD_FULL, UNREAD_MOST, Relay

LEASE = "sweep"
JOBS_MOST = 500
TELL_SECONDS_MOST = 5.0
# While workers have enough to read, only what has been due for so long counts as forgotten.
BUSY_SECONDS = 60.0
PURGE_EVERY_SECONDS = 60.0
KEEP_SECONDS = 30 * 86_400.0
KEEP_JOBS_SECONDS = 86_400.0

log = structlog.get_logger()


class Sweeper:
    """deliveries: called each time, to look for deliveries that are due."""

    def __init__(self, store: Store, relay: Relay, settings: Settings, *, owner: str,
                 deliveries: Callable[[], None]) -> None:
        self._store = store
        self._relay = relay
        self._settings = settings
        self._owner = owner
        self._deliveries = deliveries
        self._purged_at = 0.0
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Sweep now, and every so often."""
        self._thread.start()

    def stop(self) -> None:
        """Sweep no more."""
        self._stopping.set()
        self._thread.join()

    def sweep(self) -> int:
        """Tell workers of what is forgotten; says how many jobs that were."""
        now = time.time()
        unread = self._unread()
        busy, full = unread > UNREAD_MOST, unread > UNREAD_FULL
        since = now - (BUSY_SECONDS if busy else 0.0)
        found = [] if full else self._store.query_now(lambda connection: jobs.forgotten(connection, since, JOBS_MOST))
        if found:
            # Told once is enough for a while: a queue that is long need not be longer.
            until = now + (BUSY_SECONDS if busy else min(
                TELL_SECONDS_MOST, max(self._settings.lease_seconds, 2 * self._settings.sweep_seconds)))
            self._store.commit_now(lambda connection: jobs.tell(connection, found, until=until))
            self._relay.wake_again(found)
        self._deliveries()
        if now - self._purged_at > PURGE_EVERY_SECONDS:
            self._purged_at = now
            self._store.commit_now(lambda connection: _purge(connection, now))
        return len(found)

    def sweep_alone(self) -> int:
        """Sweep unless another process does."""
        seconds, now = 3 * self._settings.sweep_seconds, time.time()
        if not self._store.commit_now(
                lambda connection: lease.take(connection, LEASE, owner=self._owner, seconds=seconds, now=now)):
            return 0
        return self.sweep()

    def _unread(self) -> int:
        """How much workers have to read: what waits its turn is not forgotten, and telling again helps nobody."""
        try:
            return self._relay.unread()
        except Exception as error:  # the broker is away: nobody can be told either
            log.debug("queue_not_seen", error=type(error).__name__)
            return 0

    def _run(self) -> None:
        going = True
        while going:
            try:
                self.sweep()
            except Exception as error:  # the database may come back
                log.warning("not_swept", error=described(error))
            going = not self._stopping.wait(self._settings.sweep_seconds)


def _purge(connection: Connection, now: float) -> None:
    jobs.purge(connection, before=now - KEEP_JOBS_SECONDS)
    dead_letter.purge(connection, before=now - KEEP_SECONDS)
    idempotency.purge(connection, before=now)
    activity.purge(connection, before=now - KEEP_SECONDS)
