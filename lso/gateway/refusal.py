"""Turns an error into an answer in the words of whoever asked, wherever the error came up."""

from __future__ import annotations

from collections.abc import Sequence

from lso.dialects.dialect import Dialect
from lso.dialects.native import PROBLEM_TYPE
from lso.errors import BridgeError, OurError
from lso.gateway.mount import Mount
from lso.gateway.request import Answer, Request
from lso.gateway.trace import log


class Refusals:
    """Knows the dialect of every address; an address outside all of them is answered as a plain problem."""

    def __init__(self, mounts: Sequence[Mount], otherwise: Dialect) -> None:
        self.dialects = {mount.edition.edition: mount.dialect for mount in mounts}
        self.prefixes = sorted(
            ((mount.prefix, mount.dialect) for mount in mounts if mount.prefix), key=lambda pair: -len(pair[0])
        )
        self.otherwise = otherwise

    def answer(self, error: Exception, request: Request) -> Answer:
        """The answer to an error; one that is none of ours is logged and shown as an internal error."""
        if not isinstance(error, BridgeError):
            log.error("failed", operation=request.operation_id, exc_info=error)
            error = OurError("The service failed; the trace id helps to find out why.")
        elif error.status >= 500 and error.status != 501:
            log.error("failed", operation=request.operation_id, reason=error.reason, exc_info=error)
        rendered = self.dialect(request).render(error, request.declared)
        body = rendered.body
        if rendered.headers.get("Content-Type") == PROBLEM_TYPE:
            body = {**body, "traceId": request.trace_id}
        return Answer(rendered.status, body, rendered.headers)

    def dialect(self, request: Request) -> Dialect:
        """Whose words to use."""
        if request.mounted is not None:
            return self.dialects[request.mounted.edition]
        for prefix, dialect in self.prefixes:
            if request.address == prefix or request.address.startswith(prefix + "/"):
                return dialect
        return self.otherwise
