"""The token endpoint beside its document: error bodies of RFC 6749 section 5.2. It has no lists and no documents."""

from __future__ import annotations

from dataclasses import replace

from lso.dialects.dialect import Rendered, common_headers
from lso.dialects.native import NATIVE
from lso.errors import BridgeError

MEDIA_TYPE = "application/json;charset=utf-8"
CODES = frozenset({"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
                   "unsupported_grant_type", "invalid_scope", "temporarily_unavailable", "server_error"})
BY_STATUS = {401: "invalid_client", 403: "unauthorized_client", 429: "temporarily_unavailable",
             503: "temporarily_unavailable"}


def render(error: BridgeError, _declared: frozenset[int]) -> Rendered:
    """`error` and `error_description`; never cached. Other statuses than 400 and 401 keep their meaning in HTTP."""
    status = 400 if error.status == 422 else error.status
    code = error.code if error.code in CODES else BY_STATUS.get(
        status, "invalid_request" if status < 500 else "server_error")
    headers = common_headers(error, MEDIA_TYPE) | {"Cache-Control": "no-store", "Pragma": "no-cache"}
    if status == 401:
        headers["WWW-Authenticate"] = error.headers.get("WWW-Authenticate", "Basic")
    described = "".join(char for char in error.reason if 0x20 <= ord(char) < 0x7F and char not in '"\\')
    return Rendered(status, headers, {"error": code, "error_description": described})


OAUTH = replace(NATIVE, name="oauth", media_type=MEDIA_TYPE, render=render)
