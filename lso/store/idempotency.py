"""Answers to requests that carried an idempotency key, kept for those who ask again.

The answer is kept in the transaction that did the work. Where two processes did the same work at once, one of them
is refused as a whole: it finds the other's answer when it looks again.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.errors import Conflict
from lso.store.document import indexed, read, write
from lso.store.schema import idempotency
from lso.store.statement import Statement
from lso.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer, and what it answered. A key counts in one client and operation; body_hash tells twin from error."""

    tenant: str
    client: str
    operation: str
    key: str
    body_hash: str
    status: int
    headers: dict[str, str]
    body: bytes
    expires_at: float


_KEY = ("tenant", "client", "operation", "key")
_VALUES = ("body_hash", "status", "headers", "body", "expires_at")

_FIND = Statement(
    sa.select(*(idempotency.c[name] for name in _VALUES))
    .where(*(idempotency.c[name] == bindparam(name) for name in _KEY), idempotency.c.expires_at > bindparam("now"))
)
_new = upsert(idempotency).values({name: bindparam(name) for name in _KEY + _VALUES})
_REMEMBER = Statement(
    _new.on_conflict_do_update(
        index_elements=list(_KEY), set_={name: _new.excluded[name] for name in _VALUES},
        where=idempotency.c.expires_at <= bindparam("now"),
    ),
    refusal=lambda: Conflict("The same request has just been answered; ask again."),
)
_PURGE = Statement(sa.delete(idempotency).where(
    idempotency.c.expires_at < bindparam("before"),
    sa.tuple_(*(idempotency.c[name] for name in _KEY)).in_(
        sa.select(*(idempotency.c[name] for name in _KEY))
        .where(idempotency.c.expires_at < bindparam("before")).limit(bindparam("most"))
    ),
))


def find(connection: Connection, tenant: str, client: str, operation: str, key: str, *,
         now: float) -> Remembered | None:
    """The answer given to this key, unless it has expired."""
    asked = {"tenant": tenant, "client": client, "operation": operation, "key": indexed(key), "now": now}
    row = _FIND.row(connection, asked)
    if row is None:
        return None
    body_hash, status, headers, body, expires_at = row
    return Remembered(tenant, client, operation, key, body_hash, status, read(headers), body.encode(), expires_at)


def remember(connection: Connection, answer: Remembered, *, now: float) -> None:
    """Keep an answer; the whole work fails with Conflict when one is there already."""
    _REMEMBER.later(connection, {
        "tenant": answer.tenant, "client": answer.client, "operation": answer.operation, "key": indexed(answer.key),
        "body_hash": answer.body_hash, "status": answer.status, "headers": write(answer.headers),
        "body": answer.body.decode(), "expires_at": answer.expires_at, "now": now,
    })


def purge(connection: Connection, *, before: float, limit: int = 500) -> int:
    """Drop answers that expired before a time; says how many."""
    return _PURGE.change(connection, {"before": before, "most": limit})
