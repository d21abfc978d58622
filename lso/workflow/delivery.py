"""Delivers events: each to its subscriber, in the subscriber's dialect, in order within its stream, until it arrives.

A thread claims what is due and a few others call. A subscriber that does not answer is called again with backoff, and
after too many attempts the event is a dead letter, which holds its stream until an operator replays or skips it. Who is
called when is decided in `line.py`; what waits for a line is set aside for a moment, all of a subscriber's at once.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread

import structlog
from sqlalchemy import Connection

from lso.dialects.book import Book
from lso.errors import Unavailable
from lso.service.address import Policy
from lso.settings import Settings
from lso.store import dead_letter, outbox
from lso.store.backlog import set_aside
from lso.store.delivery import Delivery
from lso.store.document import write
from lso.store.engine import Store
from lso.workflow.callback import post
from lso.workflow.job import described, retry_delay
from lso.workflow.line import QUICK, SLOW, Call, Lines
from lso.workflow.notice import notice
from lso.workflow.patience import commit_patiently

Sign = Callable[[bytes, str, float], Mapping[str, str]]
PUT_OFF_SECONDS = 1.0
GATHER_SECONDS = 0.005

log = structlog.get_logger()


class Deliverer:
    """One a process.

    owner: a name for this process, never used again by another.
    sign: (body, event id, seconds since the epoch) -> headers that prove all three; made anew for every attempt.
    """

    def __init__(self, store: Store, book: Book, settings: Settings, *, owner: str, sign: Sign) -> None:
        self._store = store
        self._book = book
        self._settings = settings
        self._owner = owner
        self._sign = sign
        self._policy = Policy.of(settings)
        self._callers = ThreadPoolExecutor(QUICK + SLOW, thread_name_prefix="callback")
        self._lines = Lines()
        self._moments: list[float] = []
        self._lock = Lock()
        self._nudged = Event()
        self._stopping = False
        self._thread = Thread(target=self._run, name="deliveries", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Claim no more, and wait for the calls under way."""
        self._stopping = True
        self._nudged.set()
        self._thread.join()
        self._callers.shutdown()

    def nudge(self) -> None:
        """There may be something to deliver."""
        self._nudged.set()

    def _run(self) -> None:
        """The thread that claims."""
        while not self._stopping:
            self._nudged.wait(self._patience())
            time.sleep(GATHER_SECONDS)
            self._nudged.clear()
            try:
                self._claim()
            except Exception as error:  # the database may come back; the sweeper nudges again
                log.warning("deliveries_not_claimed", error=described(error))

    def _patience(self) -> float | None:
        """How long until a failed delivery is due again, or a call under way leaves its line."""
        with self._lock:
            now = time.time()
            while self._moments and self._moments[0] <= now:
                heapq.heappop(self._moments)
                self._nudged.set()
            waits = [self._moments[0] - now] if self._moments else []
        if not self._lines.free() and (seconds := self._lines.waiting_seconds()) is not None:
            waits.append(seconds)
        return min(waits, default=None)

    def _claim(self) -> None:
        free = self._lines.free()
        if self._stopping or free <= 0:
            return
        # Longer than any call lasts: a delivery is never called twice at the same time.
        lease = self._settings.lease_seconds + self._settings.callback_timeout_seconds
        claimed = self._store.commit_now(lambda connection: outbox.claim(
            connection, free, owner=self._owner, lease_seconds=lease, now=time.time()))
        wait = []
        for delivery in claimed:
            if (call := self._lines.take(delivery.subscription.id)) is None:
                wait.append(delivery)
            else:
                self._callers.submit(self._deliver, delivery, call)
        if wait:
            self._put_off(wait)

    def _put_off(self, deliveries: Sequence[Delivery]) -> None:
        due_at = time.time() + PUT_OFF_SECONDS

        def work(connection: Connection) -> None:
            for delivery in deliveries:
                outbox.put_off(connection, delivery, due_at=due_at)
            for tenant, id in {(delivery.tenant, delivery.subscription.id) for delivery in deliveries}:
                set_aside(connection, tenant, id, now=time.time(), until=due_at)

        self._store.commit_now(work)
        with self._lock:
            heapq.heappush(self._moments, due_at)
        self._nudged.set()

    def _deliver(self, delivery: Delivery, call: Call) -> None:
        try:
            with structlog.contextvars.bound_contextvars(event=delivery.event.id, delivery=delivery.number):
                # Kept as soon as the database is back: whoever was called already need not be called again.
                commit_patiently(self._store, self._outcome(delivery, call), seconds=self._settings.lease_seconds,
                                 stopping=lambda: self._stopping)
        except Exception as error:  # it stays leased, and is called again when the lease ends
            log.warning("delivery_not_settled", error=described(error))
        finally:
            self._lines.give_back(call)
            self._nudged.set()

    def _outcome(self, delivery: Delivery, call: Call) -> Callable[[Connection], object]:
        """Call the subscriber; answers what to keep of it."""
        try:
            called = self._call(delivery)
        except Unavailable:  # our own database: nobody was called
            return lambda connection: outbox.put_off(connection, delivery, due_at=time.time())
        except Exception as error:
            self._lines.over(call, failed=True)
            return self._failed(delivery, described(error))
        self._lines.over(call)
        now = time.time()
        if called:
            return lambda connection: outbox.delivered(connection, delivery, now=now)
        return lambda connection: dead_letter.skip(connection, delivery.tenant, delivery.number, now=now)

    def _call(self, delivery: Delivery) -> bool:
        """False when there is nothing to say in the subscriber's dialect."""
        told = self._store.query_now(lambda connection: notice(
            connection, self._book, delivery, base_url=self._settings.public_url))
        if told is None:
            return False
        body = write(told.body).strip().encode()
        headers = {"Content-Type": "application/json;charset=utf-8", "User-Agent": "lso-bridge",
                   **self._sign(body, delivery.event.id, time.time())}
        post(delivery.subscription.callback.rstrip("/") + told.path, body, headers, policy=self._policy,
             timeout_seconds=self._settings.callback_timeout_seconds)
        return True

    def _failed(self, delivery: Delivery, words: str) -> Callable[[Connection], object]:
        if delivery.attempts >= self._settings.attempts_most:
            log.error("event_buried", error=words, attempts=delivery.attempts)
            return lambda connection: outbox.bury(connection, delivery, error=words)
        log.warning("event_not_delivered", error=words, attempts=delivery.attempts)
        due_at = time.time() + retry_delay(self._settings, delivery.attempts)
        with self._lock:
            heapq.heappush(self._moments, due_at)
        return lambda connection: outbox.failed(connection, delivery, due_at=due_at, error=words)
