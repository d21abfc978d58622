"""One exchange with an API in JSON: with a token, a new one where it is not taken, and an object as answer."""

from __future__ import annotations

import json
from typing import Any

from lso.backends.rest.token import Tokens
from lso.backends.verdict import verdict
from lso.backends.wire import Message, Reply, Wire
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest

Document = dict[str, Any]


class Asking:
    """url: of the API; paths follow it."""

    def __init__(self, wire: Wire, url: str, tokens: Tokens) -> None:
        self._wire = wire
        self._url = url.rstrip("/")
        self._tokens = tokens

    @property
    def name(self) -> str:
        """Of the back end."""
        return self._wire.name

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def send(self, method: str, path: str, body: Document | None = None, *, about: ServiceRequest | None = None,
             more: dict[str, str] | None = None) -> Reply:
        """What is answered. A 401 has done nothing, so it is tried once more with a new token. Raises UpstreamError."""
        raw = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if raw else {}
        headers = {"Accept": "application/json", **kind, **(more or {})}
        for _ in range(2):
            message = Message(method, self._url + path, raw, headers | self._tokens.headers(), about)
            reply = self._wire.send(message)
            if reply.status != 401:
                break
            self._tokens.forget()
        return reply

    def object(self, reply: Reply) -> Document:
        """The object that an answer is. Raises UpstreamError for any other answer."""
        if verdict(reply.status) != "success":
            raise self.odd(reply)
        try:
            found = json.loads(reply.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UpstreamError(f"{self.name} gave an answer that cannot be read.", their_words=reply.words)
        return found

    def odd(self, reply: Reply) -> UpstreamError:
        """For an answer that should not have come."""
        return UpstreamError(f"{self.name} answered {reply.status}.", their_words=reply.words)
