"""The token endpoint: client credentials only (RFC 6749 section 4.4), three ways for a client to prove itself.

`client_secret_basic`, `client_secret_post` and `private_key_jwt`. A client uses one of them, not several (section 2.3).
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from lso.canonical.tenant import Audience
from lso.errors import BridgeError
from lso.gateway.identity import assertion as assertions
from lso.gateway.identity import secret as secrets
from lso.gateway.identity.token import Issuer, granted
from lso.service.directory import Client, Directory


class OAuthError(BridgeError):
    """An RFC 6749 section 5.2 error; `code` is its `error` member."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        challenge = {"WWW-Authenticate": 'Basic realm="lso-bridge"'} if status == 401 else {}
        super().__init__(reason, code=code, headers=challenge)
        self.status = status  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Presented:
    """What a client showed to prove itself."""

    client: str
    secret: str | None = None
    assertion: str | None = None


class TokenEndpoint:
    """Answers a form with a token; raises OAuthError."""

    def __init__(self, directory: Directory, issuer: Issuer, audiences: tuple[str, ...],
                 seen: Callable[[str, str, float], bool], named: Callable[[Audience], frozenset[str]],
                 clock: Callable[[], float] = time.time) -> None:
        """`seen(client, name, expires_at)` remembers an assertion's id and says whether it was known already;
        `named(audience)` says which scopes there are."""
        self.directory, self.issuer, self.audiences, self.seen, self.clock = directory, issuer, audiences, seen, clock
        self.named = named

    def __call__(self, body: bytes, authorization: str | None) -> dict[str, Any]:
        """The token response for a form-encoded body (RFC 6749 section 5.1)."""
        form = read_form(body)
        if form.get("grant_type") != "client_credentials":
            code = "unsupported_grant_type" if "grant_type" in form else "invalid_request"
            raise OAuthError(400, code, "grant_type must be client_credentials.")
        client = self._proven(presented(form, authorization))
        asked = frozenset(form.get("scope", "").split())
        scopes = granted(client, asked, self.named)
        if not scopes:
            raise OAuthError(400, "invalid_scope", "None of the scopes is granted to this client.")
        token = self.issuer.issue(client, scopes)
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.issuer.seconds,
                "scope": " ".join(sorted(scopes))}

    def _proven(self, shown: Presented) -> Client:
        client = self.directory.client(shown.client)
        if client is None or not self._genuine(client, shown):
            raise OAuthError(401, "invalid_client", "The client is unknown or did not prove itself.")
        return client

    def _genuine(self, client: Client, shown: Presented) -> bool:
        if shown.assertion is None:
            now = self.clock()
            return any(secrets.matches(shown.secret or "", kept) for kept in client.secret_hashes(now))
        if not client.jwks:
            return False
        try:
            name, expires = assertions.prove(shown.assertion, client.jwks, self.audiences, self.clock())
        except assertions.BadAssertion as error:
            raise OAuthError(401, "invalid_client", str(error)) from error
        return not self.seen(client.id, name, expires)


def read_form(body: bytes) -> dict[str, str]:
    """The form's members; one sent twice is an invalid request (RFC 6749 section 3.2)."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=False, max_num_fields=50)
    except ValueError as error:
        raise OAuthError(400, "invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError(400, "invalid_request", "A form member is sent twice.")
    return form


def presented(form: Mapping[str, str], authorization: str | None) -> Presented:
    """How the client proves itself, whichever of the three ways it chose."""
    ways: list[Presented] = []
    if authorization is not None:
        ways.append(basic(authorization))
    if "client_secret" in form:
        ways.append(Presented(form.get("client_id", ""), secret=form["client_secret"]))
    if "client_assertion" in form:
        if form.get("client_assertion_type") != assertions.TYPE:
            raise OAuthError(400, "invalid_request", "client_assertion_type is not the one of RFC 7523.")
        ways.append(Presented(asserted(form["client_assertion"]), assertion=form["client_assertion"]))
    if len(ways) > 1:
        raise OAuthError(400, "invalid_request", "A client proves itself in one way, not in several.")
    if not ways:
        raise OAuthError(401, "invalid_client", "The client did not prove itself.")
    if form.get("client_id", ways[0].client) != ways[0].client:
        raise OAuthError(400, "invalid_request", "client_id names another client than the one that proved itself.")
    return ways[0]


def asserted(text: str) -> str:
    """The client an assertion speaks for."""
    try:
        return assertions.subject(text)
    except assertions.BadAssertion as error:
        raise OAuthError(401, "invalid_client", str(error)) from error


def basic(authorization: str) -> Presented:
    """HTTP Basic credentials, form-encoded inside as RFC 6749 section 2.3.1 wants."""
    scheme, _, value = authorization.partition(" ")
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise OAuthError(401, "invalid_client", "The Authorization header cannot be read.") from error
    if scheme.lower() != "basic" or not colon:
        raise OAuthError(401, "invalid_client", "The Authorization header is not HTTP Basic.")
    return Presented(unquote_plus(name), secret=unquote_plus(password))
