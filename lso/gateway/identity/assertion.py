"""`private_key_jwt` (RFC 7523, demanded by MEF W128.1): a client proves itself with a JWT signed by its own key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
LONGEST_SECONDS = 600
LEEWAY_SECONDS = 60


class BadAssertion(Exception):
    """An assertion that does not prove the client; the text is safe to show."""


def subject(assertion: str) -> str:
    """The client an assertion claims to be: its key has to be found before anything in it can be believed."""
    try:
        claims = orjson.loads(extract_compact(assertion.encode()).payload)
        return str(claims["sub"])
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadAssertion("The assertion is not a JWT of a client.") from error


def prove(assertion: str, jwks: Mapping[str, Any], audiences: tuple[str, ...], now: float) -> tuple[str, float]:
    """Checks signature, audience and times; gives the assertion's id and until when it is taken, to refuse a replay."""
    try:
        claims = jwt.decode(assertion, KeySet.import_key_set(dict(jwks)), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        expires, name = float(claims["exp"]) + LEEWAY_SECONDS, str(claims["jti"])
        begins = max(float(claims.get("iat", now)), float(claims.get("nbf", now))) - LEEWAY_SECONDS
        issuer, who, aimed = claims["iss"], claims["sub"], claims["aud"]
        aims = {aimed} if isinstance(aimed, str) else set(aimed)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadAssertion("The assertion is not signed with a known key or lacks a claim.") from error
    if issuer != who or aims.isdisjoint(audiences):
        raise BadAssertion("The assertion is not addressed to this token endpoint.")
    if not now < expires < now + LONGEST_SECONDS + LEEWAY_SECONDS or begins > now:
        raise BadAssertion("The assertion is expired or lives too long.")
    return name, expires
