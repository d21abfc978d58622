"""Clients of a tenant: added, given a new secret, revoked. A secret is shown once, to whoever asked for it."""

from __future__ import annotations

import re
import time
from typing import Any

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lso.canonical.tenant import Audience
from lso.errors import Conflict, NotFound, NotUnderstood
from lso.gateway.identity import secret as secrets
from lso.store import tenant as kept
from lso.store.engine import Store

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
GRACE_SECONDS = 24 * 3600.0


def public_keys(text: bytes) -> dict[str, Any]:
    """A JWKS document of public keys (RFC 7517). Raises NotUnderstood, also where a private or shared one is in it."""
    try:
        document: dict[str, Any] = orjson.loads(text)
        keys = KeySet.import_key_set(document)  # type: ignore[arg-type]
        public = bool(keys.keys) and not any(key.is_private or key.key_type == "oct" for key in keys.keys)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotUnderstood("The keys are not a JWKS document.") from error
    if not public:
        raise NotUnderstood("The keys must be public ones, and at least one.")
    return document


def add(store: Store, tenant: str, client: str, audience: Audience, *, scopes: tuple[str, ...] = ("*",),
        buyer_ids: tuple[str, ...] = (), jwks: dict[str, Any] | None = None) -> str:
    """A new client and its secret. buyer_ids: those that it speaks for, among those of the profile if that names any.

    Raises NotUnderstood for an id that cannot be one, NotFound without such a tenant or such buyers, Conflict when the
    id is taken by anybody."""
    if not ID.fullmatch(client):
        raise NotUnderstood("A client id consists of up to 100 letters, digits, dots, dashes and underscores.")
    secret, now = secrets.mint(), time.time()
    fresh = kept.Client(client, tenant, audience, secrets.digest(secret), jwks, scopes, buyer_ids, created_at=now)

    def work(connection: Any) -> None:
        profile = kept.newest_profile(connection, tenant)
        if profile is None:
            raise NotFound(f"There is no tenant {tenant}.")
        if profile.buyer_ids and (strange := [one for one in buyer_ids if one not in profile.buyer_ids]):
            there = ", ".join(profile.buyer_ids)
            raise NotFound(f"{tenant} has no buyer {', '.join(strange)}; its buyers are {there}.")
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
