"""Head and body of an answer, sent as one piece.

The server writes them one after the other, and each is a system call, a packet, and a caller that wakes up: to a head
of an answer that has not come yet.
"""

from __future__ import annotations

from asyncio import Transport
from typing import Any

_HEAD, _ON_THE_WAY, _END = b"HTTP/1.1 ", b"HTTP/1.1 1", b"\r\n\r\n"


class OnePiece:
    """A transport that keeps the head of an answer until something follows, or until it is told that nothing will."""

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._head = b""

    def write(self, data: bytes) -> None:
        """Send, behind what was kept."""
        if data.endswith(_END) and data.startswith(_HEAD) and not data.startswith(_ON_THE_WAY):
            self.complete()
            self._head = data
        elif self._head:
            data, self._head = self._head + data, b""
            self._transport.write(data)
        else:
            self._transport.write(data)

    def complete(self) -> None:
        """Nothing follows: send what was kept."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Close, when all is sent."""
        self.complete()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
