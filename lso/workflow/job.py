"""Runs jobs: claims them by lease, renews the lease, hands each to the handler of its kind, and answers for failures.

A handler commits its own effects and, in the same transaction, lets go of the job: `finished` or `again` below. What it
returns is when the job is due next, if at all. It may be killed at any moment and must be safe to run again.

What fails is tried again with backoff and jitter, scheduled in the database; what failed too often is buried, to be
seen and revived; or, where an order would wait for it without end, given up by its handler, or kept up (`Enduring`).
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread
from typing import Protocol, runtime_checkable

import structlog
from sqlalchemy import Connection

from lso.errors import BridgeError, Unavailable, UpstreamError
from lso.settings import Settings
from lso.store import job as jobs
from lso.store.engine import Store
from lso.store.job import Job
from lso.workflow.patience import commit_patiently
from lso.workflow.wake import Relay

Handler = Callable[[Job], float | None]
HAND_ON_SECONDS = 1.0
PAUSE_MOST = 0.05

log = structlog.get_logger()


@runtime_checkable
class Enduring(Protocol):
    """A handler whose jobs are not buried because a back end stays away: an order is held up for them."""

    def __call__(self, job: Job) -> float | None:
        """As every handler."""
        ...

    def give_up(self, job: Job) -> bool:
        """Called when a back end has stayed away for all attempts: bring what waits for it to an end without it, where
        nothing is settled yet. False: it must hear of this, however long that takes."""
        ...


class StillAway(Exception):
    """A back end must hear of this and stays away: it is tried again without end."""


class Overtaken(Exception):
    """What the job is about was changed by somebody else meanwhile: look again at once."""


class NoLongerOurs(Exception):
    """The lease has ended and somebody else has the job: leave everything to them."""


def finished(connection: Connection, job: Job, *, now: float) -> None:
    """Part of a handler's last transaction: the job is done."""
    if not jobs.finish(connection, job, now=now):
        raise NoLongerOurs


def again(connection: Connection, job: Job, *, due_at: float, grace: float) -> None:
    """Part of a handler's last transaction: the job got on and is to be run again then."""
    if not jobs.reschedule(connection, job, due_at=due_at, attempts=0, grace=grace):
        raise NoLongerOurs


def kept(connection: Connection, job: Job, *, until: float) -> None:
    """Part of a handler's transaction before the last: the job is still ours."""
    if not jobs.renew(connection, job, until=until):
        raise NoLongerOurs


class Runner:
    """Runs jobs in the threads that call it.

    owner: a name for this process, never used again by another.
    pause: says how long to rest after a job, in multiples of the processor time it took: leaves room for the request
        path when both share a process.
    """

    def __init__(self, store: Store, relay: Relay, handlers: Mapping[str, Handler], settings: Settings, *,
                 owner: str, pause: Callable[[], float] = float) -> None:
        self._store = store
        self._relay = relay
        self._handlers = handlers
        self._settings = settings
        self._owner = owner
        self._pause = pause
        self._held: dict[tuple[str, int], Job] = {}
        self._lock = Lock()
        self._stopping = Event()
        self._renewer = Thread(target=self._renew, name="lease-renewal", daemon=True)

    def start(self) -> None:
        """Begin to renew leases."""
        self._renewer.start()

    def stop(self) -> None:
        """Take no more jobs; those under way are finished by their threads."""
        self._stopping.set()
        self._renewer.join()

    def run(self, ids: Sequence[str]) -> None:
        """Claim those of the jobs that are due and free, and run them."""
        if self._stopping.is_set():
            return
        lease, now = self._settings.lease_seconds, time.time()
        claimed = self._store.commit_now(
            lambda connection: jobs.claim(connection, ids, owner=self._owner, lease_seconds=lease, now=now))
        with self._lock:
            self._held.update(((job.id, job.claim), job) for job in claimed)
        try:
            self._run_all(claimed)
        finally:  # whatever became of them: what is held is renewed, and nobody else could have it
            for job in claimed:
                self._release(job)

    def _run_all(self, claimed: Sequence[Job]) -> None:
        begun = time.monotonic()
        for number, job in enumerate(claimed):
            if time.monotonic() - begun > HAND_ON_SECONDS or self._stopping.is_set():
                self._hand_on(claimed[number:])
                return
            spent = time.thread_time()
            self._run_one(job)
            time.sleep(min(PAUSE_MOST, (time.thread_time() - spent) * self._pause()))

    def _run_one(self, job: Job) -> None:
        trace = {"trace_id": job.payload["trace_id"]} if "trace_id" in job.payload else {}
        with structlog.contextvars.bound_contextvars(job=job.id, **trace):
            try:
                due_at = self._step(job)
            except NoLongerOurs:
                log.warning("job_lost")
                due_at = None
            except Overtaken:
                due_at = self._try_again(job, delay=random.uniform(0.01, 0.1), attempts=job.attempts - 1)  # noqa: S311
            except Unavailable as error:  # our own database: says nothing about the job
                log.warning("job_interrupted", error=error.reason)
                due_at = self._try_again(job, delay=random.uniform(0.01, 0.5), attempts=job.attempts - 1)  # noqa: S311
            except StillAway as error:
                due_at = self._kept_up(job, error.__cause__ or error)
            except Exception as error:
                due_at = self._failed(job, error)
            finally:
                self._release(job)
        if due_at is not None:
            self._relay.wake_at(job.id, due_at)

    def _step(self, job: Job) -> float | None:
        """What the handler does, or what it does when a back end has stayed away for too long."""
        handler = self._handlers[job.kind]
        try:
            return handler(job)
        except UpstreamError as error:
            if job.attempts < self._settings.attempts_most or not isinstance(handler, Enduring):
                raise
            if not handler.give_up(job):
                raise StillAway from error
            log.warning("job_given_up", error=described(error), attempts=job.attempts)
            return None

    def _failed(self, job: Job, error: BaseException) -> float | None:
        if job.attempts < self._settings.attempts_most:
            return self._kept_up(job, error)
        words = described(error)
        log.error("job_buried", error=words, attempts=job.attempts)
        self._tell(lambda connection: jobs.bury(connection, job, error=words))
        return None

    def _kept_up(self, job: Job, error: BaseException) -> float:
        words = described(error)
        log.warning("job_failed", error=words, attempts=job.attempts)
        return self._try_again(job, error=words, attempts=job.attempts,
                               delay=retry_delay(self._settings, job.attempts))

    def _try_again(self, job: Job, *, delay: float, attempts: int, error: str | None = None) -> float:
        due_at = time.time() + delay
        self._tell(lambda connection: jobs.reschedule(
            connection, job, due_at=due_at, attempts=attempts, error=error, grace=self._settings.sweep_seconds))
        return due_at

    def _hand_on(self, rest: Sequence[Job]) -> None:
        """Somebody else may be free: those behind a slow one need not wait for it."""
        now = time.time()

        def let_go(connection: Connection) -> None:
            for job in rest:
                jobs.reschedule(connection, job, due_at=now, attempts=job.attempts - 1)

        self._tell(let_go)
        self._relay.wake_again([job.id for job in rest])

    def _tell(self, work: Callable[[Connection], object]) -> None:
        """Let go of jobs: at once when the database is back, rather than when their leases end."""
        commit_patiently(self._store, work, seconds=self._settings.lease_seconds, stopping=self._stopping.is_set)

    def _release(self, job: Job) -> None:
        with self._lock:
            self._held.pop((job.id, job.claim), None)

    def _renew(self) -> None:
        """The renewal thread."""
        lease = self._settings.lease_seconds
        while not self._stopping.wait(lease / 3):
            with self._lock:
                held = list(self._held.values())
            if not held:
                continue
            try:
                self._store.commit_now(lambda connection: _renew_all(connection, held, time.time() + lease))  # noqa: B023
            except Exception as error:  # the database may come back before the leases end
                log.warning("leases_not_renewed", error=type(error).__name__)


def retry_delay(settings: Settings, attempts: int) -> float:
    """How long to wait after so many attempts: doubling, up to a bound, and never for two at the same time."""
    longest = min(settings.backoff_most_seconds, settings.backoff_seconds * 2.0 ** (min(attempts, 60) - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing


def described(error: BaseException) -> str:
    """An error for the log and the dead letter. Texts of errors not ours may quote documents and stay out."""
    if isinstance(error, UpstreamError) and error.their_words:
        return f"{error.reason} ({error.their_words})"[:500]
    if isinstance(error, BridgeError):
        return error.reason
    places = [f"{frame.filename.rpartition('/lso/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(
        error.__traceback__)[-1:]]
    return " at ".join((type(error).__name__, *places))


def _renew_all(connection: Connection, held: Sequence[Job], until: float) -> None:
    for job in held:
        jobs.renew(connection, job, until=until)
