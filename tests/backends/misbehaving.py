"""An HTTP server that answers as it is told, on a real socket: raw bytes, late, in part, or not at all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 429: "Too Many Requests",
           500: "Internal Server Error", 503: "Service Unavailable"}


@dataclass
class Answer:
    """after_seconds: how late it comes. cut: close the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0.0
    cut: int | None = None
    hang_up: bool = False


@dataclass
class Seen:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Misbehaving:
    """answers: given in turn; then `always`, which may look at the request."""

    def __init__(self, *answers: Answer, always: Callable[[Seen], Answer] | None = None) -> None:
        self.answers = list(answers)
        self.always = always
        self.seen: list[Seen] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Misbehaving:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            first = stream.readline().decode().split()
            if len(first) < 2:
                return
            headers = {}
            while line := stream.readline().strip():
                name, _, value = line.decode().partition(":")
                headers[name.lower()] = value.strip()
            seen = Seen(first[0], first[1], headers, stream.read(int(headers.get("content-length", 0))))
            self.seen.append(seen)
            answer = self.answers.pop(0) if self.answers else self.always(seen) if self.always else Answer(500)
            time.sleep(answer.after_seconds)
            if answer.hang_up:
                return
            said = {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}
            head = f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Odd')}\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in said.items())
            try:
                connection.sendall(head.encode() + b"\r\n" + answer.body[:answer.cut])
            except OSError:
                return
