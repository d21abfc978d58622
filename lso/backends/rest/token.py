"""Access tokens by client credentials (RFC 6749 section 4.4), kept until shortly before they end."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote_plus, urlencode

from lso.backends.wire import Message, Wire
from lso.errors import UpstreamError

MARGIN_SECONDS = 10.0
USUAL_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What we show to get a token. The secret is in no representation."""

    token_url: str
    client_id: str
    secret: str
    scope: str = ""

    def __repr__(self) -> str:
        return f"Credentials({self.token_url!r}, {self.client_id!r})"


class Tokens:
    """The token of one back end; fetched by whoever needs it first, while others wait."""

    def __init__(self, wire: Wire, credentials: Credentials | None) -> None:
        self._wire = wire
        self._credentials = credentials
        self._lock = Lock()
        self._token = ""
        self._until = 0.0

    def headers(self) -> dict[str, str]:
        """Who we are, for a request; nothing where there are no credentials."""
        if self._credentials is None:
            return {}
        with self._lock:
            if time.monotonic() >= self._until:
                self._fetch(self._credentials)
            return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The token was not accepted."""
        with self._lock:
            self._until = 0.0

    def _fetch(self, credentials: Credentials) -> None:
        pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.secret)}"
        form = {"grant_type": "client_credentials", **({"scope": credentials.scope} if credentials.scope else {})}
        headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}", "Accept": "application/json",
                   "Content-Type": "application/x-www-form-urlencoded"}
        reply = self._wire.send(Message("POST", credentials.token_url, urlencode(form).encode(), headers, secret=True))
        if reply.status != 200:
            raise UpstreamError(f"{self._wire.name} gives us no token: it answered {reply.status}.")
        try:
            said = json.loads(reply.body)
            self._token, lasts = str(said["access_token"]), float(said.get("expires_in", USUAL_SECONDS))
        except (ValueError, TypeError, KeyError):
            raise UpstreamError(f"{self._wire.name} gives us a token that cannot be read.") from None
        self._until = time.monotonic() + max(0.0, lasts - MARGIN_SECONDS)
