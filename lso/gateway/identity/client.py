"""Clients of a tenant: added, given a new secret, revoked. A secret is shown once, to whoever asked for it."""

from __future__ import annotations

import time
from typing import Any

from lso.canonical.tenant import Audience
from lso.errors import Conflict, NotFound
from lso.gateway.identity import secret as secrets
from lso.store import tenant as kept
from lso.store.engine import Store

GRACE_SECONDS = 24 * 3600.0


def add(store: Store, tenant: str, client: str, audience: Audience, *, scopes: tuple[str, ...] = ("*",),
        buyer_ids: tuple[str, ...] = (), jwks: dict[str, Any] | None = None) -> str:
    """A new client and its secret. Raises NotFound without such a tenant, Conflict when the id is taken by anybody."""
    secret, now = secrets.mint(), time.time()
    fresh = kept.Client(client, tenant, audience, secrets.digest(secret), jwks, scopes, buyer_ids, created_at=now)

    def work(connection: Any) -> None:
        if kept.newest_profile(connection, tenant) is None:
            raise NotFound(f"There is no tenant {tenant}.")
        if any(other.id == client for other in kept.clients(connection)):
            raise Conflict(f"The client id {client} is taken.")
        kept.add_client(connection, fresh)

    store.commit_now(work)
    return secret


def rotate(store: Store, tenant: str, client: str, grace_seconds: float = GRACE_SECONDS) -> str:
    """A new secret; the old one stays good for the grace period. Raises NotFound."""
    secret, until = secrets.mint(), time.time() + grace_seconds
    changed = store.commit_now(lambda connection: kept.rotate_client(
        connection, tenant, client, secret_hash=secrets.digest(secret), previous_until=until))
    if not changed:
        raise NotFound(f"{tenant} has no client {client}.")
    return secret


def revoke(store: Store, tenant: str, client: str) -> None:
    """Refuse a client from now on, its tokens included. Raises NotFound."""
    if not store.commit_now(lambda connection: kept.revoke_client(connection, tenant, client, now=time.time())):
        raise NotFound(f"{tenant} has no client {client}.")
