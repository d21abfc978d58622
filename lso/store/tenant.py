"""Tenants: their profiles, version by version, and their clients.

Every change counts up `config_version` in its own transaction, so that processes which keep all this in memory know
when to read it again. Rows here are read at start and after a change, never while a request waits.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.canonical.tenant import Audience, Profile
from lso.store.document import read, write
from lso.store.schema import clients as client_rows
from lso.store.schema import counters
from lso.store.schema import profiles as profile_rows
from lso.store.statement import Row, Statement
from lso.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Client:
    """A credential of a tenant. After a rotation the previous secret is good until `previous_until`."""

    id: str
    tenant: str
    audience: Audience
    secret_hash: str | None
    jwks: dict[str, Any] | None
    scopes: tuple[str, ...]
    buyer_ids: tuple[str, ...]
    previous_hash: str | None = None
    previous_until: float | None = None
    revoked_at: float | None = None
    created_at: float = 0.0


_FIELDS = tuple(field.name for field in dataclasses.fields(Client))
_CLIENT = tuple(client_rows.c[name] for name in _FIELDS)
_HERE = (client_rows.c.tenant == bindparam("owner"), client_rows.c.id == bindparam("client"))

_first = upsert(counters).values(name="config", value=1)
_BUMP = Statement(_first.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1}))
_VERSION = Statement(sa.select(counters.c.value).where(counters.c.name == "config"))
_INSERT_PROFILE = Statement(
    sa.insert(profile_rows).values({name: bindparam(name) for name in ("tenant", "version", "document", "created_at")})
)
_PROFILE = Statement(sa.select(profile_rows.c.document).where(
    profile_rows.c.tenant == bindparam("owner"), profile_rows.c.version == bindparam("wanted"),
))
_newest = profile_rows.alias("newest")
_NEWEST = sa.select(sa.func.max(_newest.c.version)).where(_newest.c.tenant == profile_rows.c.tenant).scalar_subquery()
_PROFILES = sa.select(profile_rows.c.document).where(profile_rows.c.version == _NEWEST)
_ALL_PROFILES = Statement(_PROFILES.order_by(profile_rows.c.tenant))
_NEWEST_PROFILE = Statement(_PROFILES.where(profile_rows.c.tenant == bindparam("owner")))
_INSERT_CLIENT = Statement(sa.insert(client_rows).values({name: bindparam(name) for name in _FIELDS}))
_FETCH_CLIENT = Statement(sa.select(*_CLIENT).where(*_HERE))
_ALL_CLIENTS = Statement(sa.select(*_CLIENT).order_by(client_rows.c.id))
_ROTATE = Statement(sa.update(client_rows).where(*_HERE, client_rows.c.revoked_at.is_(None)).values(
    previous_hash=client_rows.c.secret_hash, previous_until=bindparam("until"), secret_hash=bindparam("new_hash"),
))
_REVOKE = Statement(
    sa.update(client_rows).where(*_HERE, client_rows.c.revoked_at.is_(None)).values(revoked_at=bindparam("at"))
)


def config_version(connection: Connection) -> int:
    """Counts changes to profiles, clients and keys; 0 before the first."""
    row = _VERSION.row(connection)
    return row[0] if row else 0


def bump(connection: Connection) -> None:
    """Count a change."""
    _BUMP.change(connection)


def apply(connection: Connection, profile: Profile, *, now: float) -> Profile:
    """Keep a profile as the tenant's newest version and return it so; one that says nothing new changes nothing."""
    present = newest_profile(connection, profile.tenant)
    version = present.version if present else 0
    if present and present == profile.model_copy(update={"version": version}):
        return present
    applied = profile.model_copy(update={"version": version + 1})
    _INSERT_PROFILE.change(connection, {
        "tenant": applied.tenant, "version": applied.version, "document": write(applied.model_dump(mode="json")),
        "created_at": now,
    })
    bump(connection)
    return applied


def newest_profile(connection: Connection, tenant: str) -> Profile | None:
    """The profile that new orders begin with."""
    return _profile(_NEWEST_PROFILE.row(connection, {"owner": tenant}))


def profile(connection: Connection, tenant: str, version: int) -> Profile | None:
    """The profile that an order began with."""
    return _profile(_PROFILE.row(connection, {"owner": tenant, "wanted": version}))


def profiles(connection: Connection) -> list[Profile]:
    """The newest profile of every tenant."""
    return [Profile.model_validate(read(row[0])) for row in _ALL_PROFILES.rows(connection)]


def add_client(connection: Connection, client: Client) -> None:
    """Keep a new client; ids are unique among all tenants, since a client is known by nothing else."""
    row = {name: getattr(client, name) for name in _FIELDS}
    row |= {"jwks": None if client.jwks is None else write(client.jwks)}
    row |= {"scopes": write(client.scopes), "buyer_ids": write(client.buyer_ids)}
    _INSERT_CLIENT.change(connection, row)
    bump(connection)


def rotate_client(connection: Connection, tenant: str, id: str, *, secret_hash: str, previous_until: float) -> bool:
    """Give a client a new secret; false when the tenant has no such client."""
    values = {"owner": tenant, "client": id, "new_hash": secret_hash, "until": previous_until}
    return _changed(connection, _ROTATE.change(connection, values))


def revoke_client(connection: Connection, tenant: str, id: str, *, now: float) -> bool:
    """Refuse a client from now on; false when the tenant has no such client."""
    return _changed(connection, _REVOKE.change(connection, {"owner": tenant, "client": id, "at": now}))


def fetch_client(connection: Connection, tenant: str, id: str) -> Client | None:
    """A client of this tenant."""
    row = _FETCH_CLIENT.row(connection, {"owner": tenant, "client": id})
    return None if row is None else _client(row)


def clients(connection: Connection) -> list[Client]:
    """All clients, the revoked ones too."""
    return [_client(row) for row in _ALL_CLIENTS.rows(connection)]


def _changed(connection: Connection, rows: int) -> bool:
    if rows:
        bump(connection)
    return rows == 1


def _profile(row: Row | None) -> Profile | None:
    return None if row is None else Profile.model_validate(read(row[0]))


def _client(row: Row) -> Client:
    values = dict(zip(_FIELDS, row, strict=True))
    values["jwks"] = None if values["jwks"] is None else read(values["jwks"])
    values |= {"scopes": tuple(read(values["scopes"])), "buyer_ids": tuple(read(values["buyer_ids"]))}
    return Client(**values)
