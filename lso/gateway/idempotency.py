"""Keeps the promise behind `Idempotency-Key`: a request sent twice has one effect and one answer.

The key belongs to a client and an operation and is remembered for a day. Where the operation writes, answer and effect
are committed together, so neither survives without the other. Answers that may be better next time (409, 429, 5xx) are
not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from lso.errors import CallerError, Conflict, Finding, Invalid, NotUnderstood
from lso.gateway.parser import dump
from lso.gateway.refusal import Refusals
from lso.gateway.request import Answer, Request
from lso.store import idempotency as kept
from lso.store.engine import Store
from lso.store.idempotency import Remembered

KEY_MOST = 255
HEADERS = ("idempotency-key", "x-idempotency-key")
Serve = Callable[[Request], Awaitable[Answer]]
Scope = tuple[str, str, str, str]


def key_of(request: Request, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The key that a request carries, under either name; raises NotUnderstood for two that differ.

    headers: all of them, as they came; where one comes twice, the request knows only the last.
    """
    if not any(name in request.headers for name in HEADERS):
        return None
    keys = {value for name, value in headers if name.decode("latin-1") in HEADERS}
    if len(keys) > 1:
        raise NotUnderstood("A request has one idempotency key, and these headers give several.", code="invalidQuery")
    return keys.pop().decode("latin-1")


@dataclass(slots=True)
class Promise:
    """What one request is to leave behind. `kept` is set once it has been handed to a transaction."""

    scope: Scope
    digest: str
    expires_at: float
    kept: bool = False

    def record(self, answer: Answer) -> Remembered:
        """The row that answers whoever comes again."""
        self.kept = True
        tenant, client, operation, key = self.scope
        body = answer.body if isinstance(answer.body, bytes) else b"" if answer.body is None else dump(answer.body)
        headers = dict(answer.headers)
        return Remembered(
            tenant, client, operation, key, self.digest, answer.status, headers, body, self.expires_at
        )


class Promises:
    """All promises of this process; between processes, the unique row in the store decides."""

    def __init__(self, store: Store, refusals: Refusals, hours: float) -> None:
        self.store = store
        self.refusals = refusals
        self.life = hours * 3600
        self._locks: dict[Scope, tuple[asyncio.Lock, int]] = {}

    async def keep(self, key: str, request: Request, serve: Serve) -> Answer:
        """The answer to a request with a key: the one kept, or a new one."""
        if not 1 <= len(key) <= KEY_MOST:
            raise NotUnderstood(f"An idempotency key has 1 to {KEY_MOST} characters.", code="invalidQuery")
        caller = request.caller
        scope = (caller.tenant, caller.client, f"{request.edition.edition} {request.operation_id}", key)
        digest = _digest(request)
        async with self._alone(scope):
            found = await self._find(scope)
            if found is None:
                promise = request.promise = Promise(scope, digest, time.time() + self.life)
                try:
                    return await self._serve(request, promise, serve)
                except Conflict:
                    found = await self._find(scope)
                    if found is None:
                        raise
            return _again(found, digest, request)

    async def _serve(self, request: Request, promise: Promise, serve: Serve) -> Answer:
        try:
            answer = await serve(request)
        except CallerError as error:
            answer = self.refusals.answer(error, request)
        if not promise.kept and answer.status < 500:
            row, now = promise.record(answer), time.time()
            await self.store.commit(lambda connection: kept.remember(connection, row, now=now))
        return answer

    async def _find(self, scope: Scope) -> Remembered | None:
        now = time.time()

        def read(connection: Connection) -> Remembered | None:
            return kept.find(connection, *scope, now=now)

        return await self.store.query(read)

    @asynccontextmanager
    async def _alone(self, scope: Scope) -> AsyncIterator[None]:
        """One at a time per key; a twin waits here."""
        lock, waiting = self._locks.get(scope, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[scope] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._locks[scope]
            if waiting == 1:
                del self._locks[scope]
            else:
                self._locks[scope] = (lock, waiting - 1)


def _digest(request: Request) -> str:
    """What makes two requests of one operation the same: what they are about, in whose name, and the body."""
    about = dump([sorted(request.path.items()), sorted(request.query.items())])
    return hashlib.sha256(about + b"\n" + request.raw).hexdigest()


def _again(found: Remembered, digest: str, request: Request) -> Answer:
    """The kept answer, for whoever sends the same again; another body under the same key is refused."""
    if found.body_hash != digest:
        reason = "This idempotency key was used for another request."
        if 422 in request.declared:
            raise Invalid(reason, findings=(Finding("", "invalidValue", reason),))
        raise Conflict(reason)
    return Answer(found.status, found.body or None, {**found.headers, "Idempotency-Replayed": "true"})
