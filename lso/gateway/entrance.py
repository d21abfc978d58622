"""The outermost layer: opens a request, lets the inner layers work, and sends exactly one answer, whatever happened.

Here every answer gets its trace id, and every request its log line and its metrics.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from lso.gateway import trace
from lso.gateway.metrics import Metrics
from lso.gateway.parser import dump
from lso.gateway.refusal import Refusals
from lso.gateway.request import Answer, Request


class Entrance:
    """Wraps the Connexion middlewares. `refusals` is set once all editions are known."""

    def __init__(self, app: ASGIApp, refusals: Refusals, metrics: Metrics) -> None:
        self.app = app
        self.refusals = refusals
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        identifier = trace.trace_id(headers)
        request = Request(scope["method"], scope["path"], headers, identifier, time.perf_counter())
        trace.enter(identifier)
        scope["lso.request"] = request
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            request.answer = self.refusals.answer(error, request)
        if request.answer is not None:
            await self._send(request, request.answer, send)

    async def _send(self, request: Request, answer: Answer, send: Send) -> None:
        body = answer.body
        if body is not None and not isinstance(body, bytes):
            body = dump(body)
        head = [(b"x-trace-id", request.trace_id.encode())]
        interaction = trace.interaction(request.headers)
        if interaction is not None:
            head.append((b"x-fapi-interaction-id", interaction.encode()))
        if body is not None:
            head.append((b"content-length", b"%d" % len(body)))
            if not _has_content_type(answer.headers):
                head.append((b"content-type", self.refusals.dialect(request).media_type.encode()))
        for name, value in answer.headers.items():
            head.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        await send({"type": "http.response.start", "status": answer.status, "headers": head})
        await send({"type": "http.response.body", "body": b"" if body is None or request.method == "HEAD" else body})
        self._remember(request, answer.status)

    def _remember(self, request: Request, status: int) -> None:
        seconds = time.perf_counter() - request.started_at
        edition = request.mounted.edition if request.mounted is not None else ""
        self.metrics.count(edition, request.operation_id, status, seconds)
        caller = request.identity
        trace.log.info(
            "answered",
            edition=edition,
            operation=request.operation_id,
            status=status,
            ms=round(seconds * 1000, 2),
            client=caller.client if caller is not None else None,
            tenant=caller.tenant if caller is not None else None,
        )


def _has_content_type(headers: Mapping[str, str]) -> bool:
    return "Content-Type" in headers or "content-type" in headers
