"""Access tokens: short-lived signed JWTs (RFC 9068 in spirit), verified once and remembered until they expire.

A token names the client, its tenant and one audience. What the client may do is looked up in the directory on every
request, so a revoked client or a changed profile takes effect at once, not when the token runs out.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from lso.canonical.tenant import Audience, Caller
from lso.errors import Unauthenticated
from lso.gateway.identity.key import KeyRing
from lso.service.directory import Client, Directory

REMEMBERED = 10_000
FACADE = "native:facade"  # no client of a tenant can have this id
DELEGATED_SECONDS = 120
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="lso-bridge"'}
INVALID = {"WWW-Authenticate": 'Bearer realm="lso-bridge", error="invalid_token"'}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a verified token says. tenant: in whose name, where the client acts for somebody else (RFC 8693, `act`);
    then also which buyer's, and the id that what is ordered gets."""

    client: str
    audience: str
    scopes: frozenset[str]
    expires_at: float
    tenant: str | None = None
    buyer_id: str | None = None
    order_id: str | None = None


def granted(client: Client, asked: frozenset[str], named: Callable[[Audience], frozenset[str]]) -> frozenset[str]:
    """The scopes a client gets: all of its own when it names none (or `default`), else those it asked for and has.

    named: all scopes that there are for an audience; who has `*` has these.
    """
    wanted = asked - {"default"}
    if not wanted:
        return client.scopes
    return wanted & (named(client.audience) if "*" in client.scopes else client.scopes)


class Issuer:
    """Makes tokens."""

    def __init__(self, ring: KeyRing, issuer: str, seconds: int, clock: Callable[[], float] = time.time) -> None:
        self.ring, self.issuer, self.seconds, self.clock = ring, issuer, seconds, clock

    def issue(self, client: Client, scopes: frozenset[str]) -> str:
        """A signed token for a client; scopes are blank-separated in `scope` (RFC 6749 section 3.3)."""
        return self._signed({"sub": client.id, "client_id": client.id, "aud": client.audience,
                             "scope": " ".join(sorted(scopes))}, self.seconds)

    def delegate(self, tenant: str, scope: str, buyer_id: str | None, order_id: str) -> str:
        """A token with which the facade does one thing in the name of a tenant: the tenant is the subject, the facade
        acts (RFC 8693 section 4.1). Nobody is ever given one."""
        bound = {"order_id": order_id} | ({"buyer_id": buyer_id} if buyer_id is not None else {})
        return self._signed({"sub": tenant, "act": {"sub": FACADE}, "client_id": FACADE, "aud": "sil", "scope": scope,
                             **bound}, DELEGATED_SECONDS)

    def _signed(self, said: Mapping[str, Any], seconds: int) -> str:
        now = int(self.clock())
        claims = {"iss": self.issuer, "iat": now, "exp": now + seconds, "jti": secrets.token_urlsafe(12), **said}
        key = self.ring.signing("token")
        return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, claims, key)


class Authenticator:
    """Turns an Authorization header into a Caller; raises Unauthenticated."""

    def __init__(self, directory: Directory, ring: KeyRing, issuer: str,
                 clock: Callable[[], float] = time.time) -> None:
        self.directory, self.ring, self.issuer, self.clock = directory, ring, issuer, clock
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._callers: dict[str, tuple[object, Caller]] = {}

    def __call__(self, headers: Mapping[str, str]) -> Caller:
        """The caller behind a bearer token."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed.", code="missingCredentials", headers=CHALLENGE)
        grant = self._grants.get(token) or self._verified(token)
        if grant.expires_at <= self.clock():
            self._forget(token)
            raise Unauthenticated("The token has expired.", code="invalidCredentials", headers=INVALID)
        snapshot = self.directory.snapshot
        known = self._callers.get(token)
        if known is not None and known[0] is snapshot:
            return known[1]
        caller = self._caller(grant)
        self._callers[token] = (snapshot, caller)
        return caller

    def _caller(self, grant: Grant) -> Caller:
        if grant.tenant is not None:
            return self._delegated(grant, grant.tenant)
        client = self.directory.client(grant.client)
        profile = self.directory.profile(client.tenant) if client is not None else None
        if client is None or profile is None or client.audience != grant.audience:
            raise Unauthenticated("The client is not known any more.", code="invalidCredentials", headers=INVALID)
        scopes = grant.scopes if "*" in client.scopes else grant.scopes & client.scopes
        return Caller(client=client.id, tenant=client.tenant, audience=client.audience, scopes=scopes,
                      buyer_ids=client.buyer_ids or profile.buyer_ids, seller_ids=profile.seller_ids, profile=profile)

    def _delegated(self, grant: Grant, tenant: str) -> Caller:
        """The facade, acting for a tenant that is still there."""
        profile = self.directory.profile(tenant)
        if profile is None or grant.audience != "sil":
            raise Unauthenticated("The tenant is not known any more.", code="invalidCredentials", headers=INVALID)
        buyer_ids = (grant.buyer_id,) if grant.buyer_id is not None else profile.buyer_ids
        return Caller(client=grant.client, tenant=tenant, audience="sil", scopes=grant.scopes, buyer_ids=buyer_ids,
                      seller_ids=profile.seller_ids, profile=profile, order_id=grant.order_id)

    def _verified(self, token: str) -> Grant:
        try:
            claims = self._claims(token)
            grant = Grant(claims["client_id"], claims["aud"], frozenset(claims["scope"].split()), float(claims["exp"]),
                          claims["sub"] if "act" in claims else None, claims.get("buyer_id"), claims.get("order_id"))
            genuine = claims["iss"] == self.issuer
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unauthenticated("The token is not valid.", code="invalidCredentials", headers=INVALID) from error
        if not genuine:
            raise Unauthenticated("The token is not valid.", code="invalidCredentials", headers=INVALID)
        self._grants[token] = grant
        if len(self._grants) > REMEMBERED:
            self._forget(next(iter(self._grants)))
        return grant

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self.ring.proving("token"), algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            # Another process may have signed with a key that is newer than what we have read.
            if not self.ring.refresh():
                raise
            return jwt.decode(token, self.ring.proving("token"), algorithms=["ES256"]).claims

    def _forget(self, token: str) -> None:
        self._grants.pop(token, None)
        self._callers.pop(token, None)
