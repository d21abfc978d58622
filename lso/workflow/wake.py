"""Tells workers that jobs are due: lifecycle.ports.process.Waker, and the only place that publishes messages.

Whoever commits a job calls `wake`, which puts ids into a queue and returns. A thread gathers what comes within a few
milliseconds and sends it in few messages. It also remembers ids whose time comes soon, for as long as this process
lives. Whatever gets lost here, the sweeper finds: so a backlog waits in the database, only its beginning in a queue.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

import structlog
from celery import Celery

from lso.workflow.app import DELIVER, RUN
from lso.workflow.unread import Unread

GATHER_SECONDS = 0.008
MESSAGE_IDS = 16
# With so many messages waiting to be read, nobody is kept waiting by those that come less often.
UNREAD_MOST, CROWDED_SECONDS = 32, 0.5
# With so many, no job is added: a message takes 2 kB of the memory broker, and the sweeper tells of the rest in time.
UNREAD_FULL = 128
WAITING_MOST = 100_000
SOON_SECONDS = 3600.0  # what is due later is left to the sweeper
DELIVERIES = ""  # stands for an id, and is none

log = structlog.get_logger()


class Relay:
    """One a process. Ids and moments go in at any thread; messages come out at one."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._queue: SimpleQueue[tuple[float, Sequence[str]] | None] = SimpleQueue()
        self._waiting: list[tuple[float, str]] = []
        self._rate = (0, 0, 0)
        self._unread = Unread(app)
        self._looked_at, self._length = 0.0, 0
        self._thread = Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is due, forget what is not."""
        self._queue.put(None)
        self._thread.join()
        self._unread.close()

    def wake(self, job_ids: Sequence[str]) -> None:
        """These jobs are ready."""
        self._queue.put((0.0, job_ids))

    def wake_again(self, job_ids: Sequence[str]) -> None:
        """These jobs have been ready for a while: no sign that anybody is in a hurry."""
        self._queue.put((time.time(), job_ids))

    def wake_at(self, job_id: str, moment: float) -> None:
        """This job will be ready then."""
        self._queue.put((moment, (job_id,)))

    def wake_deliveries(self) -> None:
        """There are events to deliver."""
        self._queue.put((0.0, (DELIVERIES,)))

    def unread(self) -> int:
        """How many messages wait for a worker. Raises what the broker's libraries raise."""
        return self._unread.count()

    def _run(self) -> None:
        going = True
        while going:
            going = self._gather()
            if going and self._crowded():
                time.sleep(CROWDED_SECONDS)
            now, due = time.time(), list[str]()
            while self._waiting and self._waiting[0][0] <= now:
                due.append(heapq.heappop(self._waiting)[1])
            if due:
                self._send(due)

    def _crowded(self) -> bool:
        """Whether workers have enough to read: then a few full messages are better than many small ones."""
        now = time.monotonic()
        if now > self._looked_at + CROWDED_SECONDS:
            self._looked_at, self._length = now, 0
            with suppress(Exception):  # the broker is away: sending will tell
                self._length = self.unread()
        return self._length > UNREAD_MOST

    @property
    def per_second(self) -> int:
        """How much was told of at once within about a second: says how busy the request path is. What became due by
        and by does not count, or else a backlog would be worked off at the pace of a rush."""
        second, came, before = self._rate
        age = int(time.time()) - second
        return max(came, before) if age == 0 else came if age == 1 else 0

    def _count(self, now: float, came: int) -> None:
        second, so_far, before = self._rate
        if int(now) == second:
            self._rate = (second, so_far + came, before)
        else:
            self._rate = (int(now), came, so_far if int(now) == second + 1 else 0)

    def _gather(self) -> bool:
        """Wait for something to do, then a little longer for more; false when told to stop."""
        timeout = max(0.0, self._waiting[0][0] - time.time()) if self._waiting else None
        try:
            entry = self._queue.get(timeout=timeout)
        except Empty:
            return True
        if entry is not None and entry[0] <= time.time():
            time.sleep(GATHER_SECONDS)
        going = self._take(entry)
        while going:
            try:
                going = self._take(self._queue.get_nowait())
            except Empty:
                return True
        return False

    def _take(self, entry: tuple[float, Sequence[str]] | None) -> bool:
        if entry is None:
            return False
        if not entry[0]:
            self._count(time.time(), len(entry[1]))
        if len(self._waiting) < WAITING_MOST and entry[0] < time.time() + SOON_SECONDS:
            for job_id in entry[1]:
                heapq.heappush(self._waiting, (entry[0], job_id))
        return True

    def _send(self, ids: Iterable[str]) -> None:
        names = list(dict.fromkeys(ids))
        jobs = [name for name in names if name != DELIVERIES]
        told = jobs if self._length <= UNREAD_FULL else []
        try:
            for start in range(0, len(told), MESSAGE_IDS):
                self._app.send_task(RUN, args=[told[start:start + MESSAGE_IDS]])
            if len(jobs) < len(names):
                self._app.send_task(DELIVER)
        except Exception as error:  # the broker's libraries raise what they like; the sweeper will find the jobs
            log.warning("not_told", jobs=len(jobs), error=type(error).__name__)
