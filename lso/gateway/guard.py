"""Who may call what: the security that the document declares for an operation, checked with our tokens.

Connexion reads the requirement; its own handlers are not used, since they inspect signatures on every request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from lso.canonical.tenant import Caller
from lso.errors import Forbidden
from lso.gateway.framework import AbstractOperation, SecurityAPI, SecurityMiddleware
from lso.gateway.mount import Mount
from lso.gateway.request import Request

READING = frozenset({"get", "head", "options"})
Authenticate = Callable[[Mapping[str, str]], Caller]


class Guard:
    """Stands in front of one operation."""

    def __init__(
        self, next_app: ASGIApp, operation: AbstractOperation, mount: Mount, authenticate: Authenticate
    ) -> None:
        self.next_app = next_app
        self.public = not operation.security
        self.audience = mount.edition.audience
        self.authenticate = authenticate
        requirements = [scopes for requirement in operation.security or () for scopes in requirement.values()]
        needed = {scope for scopes in requirements for scope in scopes}
        broad = "read" if operation.method.lower() in READING else "write"
        self.sufficient = frozenset({"*", broad, *needed})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or raise Unauthenticated or Forbidden."""
        if not self.public:
            request: Request = scope["lso.request"]
            caller = request.identity = self.authenticate(request.headers)
            if self.audience not in ("any", caller.audience):
                raise Forbidden("The token is meant for another audience.")
            if self.sufficient.isdisjoint(caller.scopes):
                raise Forbidden("The token does not cover this operation.")
        await self.next_app(scope, receive, send)


class GuardAPI(SecurityAPI):  # type: ignore[misc]
    """The guards of one document."""

    def __init__(self, *args: Any, mount: Mount, authenticate: Authenticate, **kwargs: Any) -> None:
        self.mount = mount
        self.authenticate = authenticate
        super().__init__(*args, **kwargs)

    def make_operation(self, operation: AbstractOperation) -> Guard:
        """Once per operation, at start-up."""
        return Guard(self.next_app, operation, self.mount, self.authenticate)


class GuardMiddleware(SecurityMiddleware):  # type: ignore[misc]
    """Authentication and authorisation."""

    api_cls = GuardAPI
