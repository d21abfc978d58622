"""The connection itself: HTTP/1.1 as uvicorn and httptools read it, with a limit to what comes before a body.

What is not HTTP never becomes a request: no layer behind sees it and no dialect is known for it. So it is refused
here, as a plain problem (RFC 9457). A body has its own limit, in `body.py`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lso.dialects.native import PROBLEM_TYPE
from lso.gateway import trace
from lso.gateway.one_piece import OnePiece
from lso.gateway.parser import dump

HEAD_BYTES = 65_536
"""Request line and headers together. What arrives with the first piece may be more, and is counted when complete."""


class HeadTooLarge(Exception):
    """Raised inside the parser, which gives up at once."""


class Wire(HttpToolsProtocol):
    """One connection."""

    _in_head = False
    _waited = 0
    _too_large = False

    def connection_made(self, transport: Any) -> None:
        """A caller."""
        super().connection_made(OnePiece(transport))  # type: ignore[arg-type]  # all that is asked of a transport

    def on_response_complete(self) -> None:
        """An answer is complete; one to HEAD has no body that its head could leave with."""
        self.transport.complete()  # type: ignore[attr-defined]
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        """What has arrived; a head that goes on and on is not waited for."""
        waiting = self._in_head
        super().data_received(data)
        if waiting and self._in_head and not self.transport.is_closing():
            self._waited += len(data)
            if self._waited > HEAD_BYTES:
                self._too_large = True
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_head, self._waited = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is complete."""
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._too_large = True
            raise HeadTooLarge
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """The refusal of what cannot be read, in our words; the connection ends with it."""
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if self._too_large else HTTPStatus.BAD_REQUEST
        detail = "The request line and headers are too large." if self._too_large else "This is not valid HTTP."
        trace_id = trace.trace_id({})
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = dump({**problem, "traceId": trace_id})
        trace.log.info("not understood", status=status.value, trace_id=trace_id)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nx-trace-id: {trace_id}\r\n"
            f"content-type: {PROBLEM_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
