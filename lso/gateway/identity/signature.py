"""Signs what we send to callbacks: a detached JWS over the raw body (RFC 7515 appendix F, RFC 7797).

The protected header says which key (`kid`, in our JWKS), who signs (`iss`), which event (`jti`, the same on
retries) and when this attempt was signed (`iat`, seconds). A receiver refuses what is older than five minutes.
MEF W128.1 R42-R48.
"""

from __future__ import annotations

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

HEADER = "x-jws-signature"
WINDOW_SECONDS = 300
_REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)


class BadSignature(Exception):
    """A signature that does not fit the body, the keys or the clock; raised to receivers that use `verify`."""


def sign(body: bytes, *, event_id: str, at: float, key: ECKey, issuer: str) -> dict[str, str]:
    """The headers that prove body (UTF-8), event and time; `at` is seconds since the epoch."""
    header = {"alg": "ES256", "kid": key.kid, "iss": issuer, "iat": int(at), "jti": event_id,
              "b64": False, "crit": ["b64"]}
    # With b64 false a payload without a dot stands in the middle as it is; detached means it does not travel there.
    start, _, rest = jws.serialize_compact(header, body, key, registry=_REGISTRY).partition(".")
    return {HEADER: f"{start}..{rest.rpartition('.')[2]}"}


def verify(signature: str, body: bytes, keys: KeySet, *, at: float) -> str:
    """The event id of a genuine, fresh signature; what a subscriber would do. Raises BadSignature."""
    try:
        proven = jws.deserialize_compact(signature, keys, registry=_REGISTRY, payload=body)
    except (JoseError, ValueError) as error:
        raise BadSignature("the signature does not fit") from error
    header = proven.headers()
    if abs(at - float(header.get("iat", 0))) > WINDOW_SECONDS:
        raise BadSignature("the signature is not fresh")
    return str(header.get("jti", ""))
