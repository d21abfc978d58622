"""HTTP to one back end, with everything that every exchange needs: time limits, a bound on the answer, a limit on how
many run at once, a circuit breaker, counters and a record of both legs.

It knows nothing of what is said. Whatever kept an exchange from being answered is an UpstreamError; what an answer
means is for the caller. Nothing is ever sent twice here: whoever wants to ask again looks first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

import requests
import structlog
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from requests.adapters import HTTPAdapter
from structlog.contextvars import get_contextvars

from lso.backends.exchange import Exchange, Outcome, Record, unrecorded
from lso.backends.metrics import EXCHANGES, PAUSED, SECONDS
from lso.backends.redaction import redacted
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest

CHUNK = 16_384
WORDS_MOST = 255

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """timeout_seconds: for the whole answer; connect_seconds: to be heard at all.

    failures_most: failures in a row after which the back end is left alone for pause_seconds.
    """

    connect_seconds: float = 3.0
    timeout_seconds: float = 10.0
    concurrency: int = 8
    failures_most: int = 5
    pause_seconds: float = 10.0
    answer_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def words(self) -> str:
        """The beginning of the body, fit to be shown to an operator."""
        return redacted(self.body, most=WORDS_MOST)[:WORDS_MOST]


@dataclass(frozen=True, slots=True)
class Message:
    """What to send. about: the request it belongs to. secret: the body is not for the record."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    about: ServiceRequest | None = None
    secret: bool = False


class Wire:
    """healthy: whether a reply shows that the back end is in working order; for the circuit breaker."""

    def __init__(self, name: str, limits: Limits, *, record: Record = unrecorded,
                 healthy: Callable[[Reply], bool] = lambda reply: reply.status < 500) -> None:
        self.name = name
        self._limits = limits
        self._record = record
        self._healthy = healthy
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=limits.concurrency))
        self._places = BoundedSemaphore(limits.concurrency)
        self._breaker = SyncCircuitBreakerFactory(limits.failures_most, limits.pause_seconds).get_breaker(name)
        self._breaking = Lock()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(self, message: Message) -> Reply:
        """One exchange. Raises UpstreamError when there is no whole answer."""
        begun, at, reply = time.monotonic(), time.time(), None
        outcome: Outcome = "answered"
        try:
            with self._place():
                self._admit()
                begun, at = time.monotonic(), time.time()
                try:
                    reply = self._exchange(message, begun)
                finally:
                    self._learn(reply)
            return reply
        except _Failed as failed:
            outcome = failed.outcome
            raise UpstreamError(f"{self.name} {failed.reason}", their_words=failed.detail,
                                timed_out=failed.outcome == "timed out") from failed
        finally:
            self._note(message, reply, outcome, at, time.monotonic() - begun)

    @contextmanager
    def _place(self):  # type: ignore[no-untyped-def]
        if not self._places.acquire(timeout=self._limits.timeout_seconds):
            raise _Failed("busy", "is busy with other requests of ours")
        try:
            yield
        finally:
            self._places.release()

    def _admit(self) -> None:
        try:
            with self._breaking:
                self._breaker.__enter__()
        except OpenedState:
            raise _Failed("paused", "failed repeatedly and is left alone for a while") from None

    def _learn(self, reply: Reply | None) -> None:
        failure = None if reply is not None and self._healthy(reply) else _Failed("broken off", "")
        with self._breaking:
            self._breaker.__exit__(None if failure is None else type(failure), failure, None)
            PAUSED.labels(self.name).set(self._breaker.context.state == "opened")

    def _exchange(self, message: Message, begun: float) -> Reply:
        headers = dict(message.headers)
        if trace_id := get_contextvars().get("trace_id"):
            headers.setdefault("X-Request-ID", str(trace_id))
        timeout = (self._limits.connect_seconds, self._limits.timeout_seconds)
        try:
            with self._session.request(message.method, message.url, data=message.body, headers=headers,
                                       timeout=timeout, allow_redirects=False, stream=True) as answer:
                body = self._read(answer, begun)
                return Reply(answer.status_code, answer.headers, body)
        except requests.Timeout as error:
            reached = not isinstance(error, requests.ConnectTimeout)
            raise _Failed("timed out" if reached else "unreachable", "did not answer in time") from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise _Failed("broken off", "broke its answer off") from error
        except requests.RequestException as error:
            raise _Failed("unreachable", "cannot be reached", type(error).__name__) from error

    def _read(self, answer: requests.Response, begun: float) -> bytes:
        gathered = bytearray()
        for chunk in answer.iter_content(CHUNK):
            gathered += chunk
            if len(gathered) > self._limits.answer_bytes:
                raise _Failed("too large", "answered at too great a length")
            if time.monotonic() - begun > self._limits.timeout_seconds:
                raise _Failed("timed out", "did not finish its answer in time")
        return bytes(gathered)

    def _note(self, message: Message, reply: Reply | None, outcome: Outcome, at: float, seconds: float) -> None:
        """A record that cannot be made is no reason to fail."""
        try:
            EXCHANGES.labels(self.name, f"{reply.status // 100}xx" if reply else outcome).inc()
            SECONDS.labels(self.name).observe(seconds)
            about = message.about
            self._record(Exchange(
                backend=self.name, tenant=about.tenant if about else "", order_id=about.order_id if about else "",
                item_id=about.item_id if about else "", at=at, seconds=seconds,
                request_line=f"{message.method} {message.url}"[:1000],
                request=None if message.secret or message.body is None else redacted(message.body),
                status=reply.status if reply else None,
                response=None if message.secret or reply is None else redacted(reply.body), outcome=outcome,
                trace_id=get_contextvars().get("trace_id")))
        except Exception as error:
            log.warning("exchange_not_recorded", backend=self.name, error=type(error).__name__)


class _Failed(Exception):
    """No whole answer."""

    def __init__(self, outcome: Outcome, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
