"""A subscriber: a real HTTP server that keeps what it is sent and can be told to misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One event as it arrived."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    at: float = field(default_factory=time.time)

    @property
    def body(self) -> dict[str, Any]:
        """The parsed body."""
        body: dict[str, Any] = json.loads(self.raw)
        return body


class Listener:
    """Listens until closed. `heard` is what arrived and was answered with success.

    status: what it answers. unwell: asked before each answer; when it says so, the answer is 500.
    """

    def __init__(self, status: int = 204, *, unwell: Callable[[], bool] = bool) -> None:
        self.status = status
        self.heard: list[Heard] = []
        self.refused: list[Heard] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                raw = self.rfile.read(length)
                if len(raw) < length:  # whoever sent it was killed in the middle: nothing has arrived
                    self.close_connection = True
                    return
                arrived = Heard(self.path, dict(self.headers), raw)
                status = 500 if unwell() else listener.status
                (listener.heard if status < 300 else listener.refused).append(arrived)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing to standard error."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def of(self, subject: str) -> list[Heard]:
        """What was heard about an id, wherever in the body it stands."""
        return [heard for heard in self.heard if subject in heard.raw.decode()]

    def told(self, id: str, item: str) -> list[tuple[str, str | None]]:
        """Type and item of every event about a resource; item: the member that names that."""
        return [(one.body["eventType"], one.body["event"].get(item)) for one in self.heard
                if one.body["event"]["id"] == id]

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
