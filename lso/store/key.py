"""Signing keys: for access tokens and for events. The platform's own belong to the tenant PLATFORM."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import read, write
from lso.store.schema import keys
from lso.store.statement import Row, Statement
from lso.store.tenant import bump

PLATFORM = ""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """purpose: what it signs, "token" or "event". A retired key signs no more, but is still published."""

    tenant: str
    id: str
    purpose: str
    private_jwk: dict[str, Any]
    created_at: float
    retired_at: float | None = None


_FIELDS = tuple(field.name for field in dataclasses.fields(SigningKey))
_ALL = tuple(keys.c[name] for name in _FIELDS)
_OWN = (keys.c.tenant == bindparam("owner"),)
_NEWEST_FIRST = (keys.c.created_at.desc(), keys.c.id)

_INSERT = Statement(sa.insert(keys).values({name: bindparam(name) for name in _FIELDS}))
_ALL_OF = Statement(sa.select(*_ALL).where(*_OWN).order_by(*_NEWEST_FIRST))
_ACTIVE = Statement(
    sa.select(*_ALL).where(*_OWN, keys.c.purpose == bindparam("wanted"), keys.c.retired_at.is_(None))
    .order_by(*_NEWEST_FIRST).limit(1)
)
_RETIRE = Statement(
    sa.update(keys).where(*_OWN, keys.c.id == bindparam("key"), keys.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"))
)
_REMOVE = Statement(sa.delete(keys).where(*_OWN, keys.c.id == bindparam("key")))


def insert(connection: Connection, key: SigningKey) -> None:
    """Keep a new key."""
    row = {name: getattr(key, name) for name in _FIELDS} | {"private_jwk": write(key.private_jwk)}
    _INSERT.change(connection, row)
    bump(connection)


def active(connection: Connection, purpose: str, *, tenant: str = PLATFORM) -> SigningKey | None:
    """The key to sign with."""
    row = _ACTIVE.row(connection, {"owner": tenant, "wanted": purpose})
    return None if row is None else _key(row)


def all_of(connection: Connection, *, tenant: str = PLATFORM) -> list[SigningKey]:
    """All keys, retired ones too: signatures made with them are still about."""
    return [_key(row) for row in _ALL_OF.rows(connection, {"owner": tenant})]


def retire(connection: Connection, id: str, *, tenant: str = PLATFORM, now: float) -> bool:
    """Sign no more with a key."""
    return _changed(connection, _RETIRE.change(connection, {"owner": tenant, "key": id, "at": now}))


def remove(connection: Connection, id: str, *, tenant: str = PLATFORM) -> bool:
    """Forget a key."""
    return _changed(connection, _REMOVE.change(connection, {"owner": tenant, "key": id}))


def _changed(connection: Connection, rows: int) -> bool:
    if rows:
        bump(connection)
    return rows == 1


def _key(row: Row) -> SigningKey:
    return SigningKey(*[*row[:3], read(row[3]), *row[4:]])
