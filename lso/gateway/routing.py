"""Finds the operation of a request: Connexion's routes, asked through an index of exact paths.

Also says what is not there: 404, 405 with `Allow`, and the answer to OPTIONS. A trailing slash makes no difference,
HEAD is GET without its body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from lso.errors import MethodNotAllowed, NotFound
from lso.gateway.chain import tied
from lso.gateway.framework import RoutingAPI, RoutingMiddleware, RoutingOperation
from lso.gateway.mount import Mount
from lso.gateway.request import Answer, Request

PLAIN_TAIL = re.compile(r"(?P<head>[^{}]*)/\{(?P<name>[^{}:]+)\}")


@dataclass(slots=True)
class Target:
    """An operation. run: what a request for it comes to, once there has been one."""

    mount: Mount
    base_path: str
    operation_id: str
    declared: frozenset[int]
    run: ASGIApp | None = None


Methods = dict[str, Target]


class CollectingAPI(RoutingAPI):  # type: ignore[misc]
    """Connexion's reading of a document's paths, kept as a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.found: list[tuple[str, str, str]] = []
        super().__init__(*args, **kwargs)

    def _add_operation_internal(
        self, method: str, path: str, operation: RoutingOperation, name: str | None = None
    ) -> None:
        self.found.append((method.upper(), path, operation.operation_id))


class IndexedRouting(RoutingMiddleware):  # type: ignore[misc]
    """Routes by exact path, then by `…/{id}`, then by pattern.

    aside: what else this application shows at fixed paths, such as its documents
    """

    def __init__(self, app: ASGIApp, aside: Mapping[str, Callable[[], Answer]] | None = None) -> None:
        self.app = app
        self.aside = aside or {}
        self.exact: dict[str, Methods] = {}
        self.tails: dict[str, tuple[str, Methods]] = {}
        self.patterns: list[tuple[re.Pattern[str], Methods]] = []
        self.mounts: list[Mount] = []

    def add_api(
        self,
        specification: Any,
        base_path: str | None = None,
        arguments: dict[str, Any] | None = None,
        *,
        mount: Mount,
        **kwargs: Any,
    ) -> None:
        """Index the operations of one document."""
        api = CollectingAPI(specification, base_path=base_path, arguments=arguments, next_app=self.app, **kwargs)
        declared = {operation.name: operation.declared for operation in mount.specification.operations()}
        for method, path, operation_id in api.found:
            target = Target(mount, api.base_path, operation_id, declared[operation_id])
            self._methods(f"{api.base_path}{path}")[method] = target
        self.mounts.append(mount)

    def _methods(self, path: str) -> Methods:
        """The methods of a path, new ones for a new path."""
        if "{" not in path:
            return self.exact.setdefault(path, {})
        plain = PLAIN_TAIL.fullmatch(path)
        if plain:
            return self.tails.setdefault(plain["head"], (plain["name"], {}))[1]
        pattern = compile_path(path)[0]
        for known, methods in self.patterns:
            if known == pattern:
                return methods
        self.patterns.append((pattern, {}))
        return self.patterns[-1][1]

    def find(self, path: str) -> tuple[Methods, dict[str, str]] | None:
        """What may be done at a path, and the values in it."""
        methods = self.exact.get(path)
        if methods is not None:
            return methods, {}
        if path.endswith("/") and not path.endswith("//") and len(path) > 1:
            return self.find(path[:-1])
        head, _, tail = path.rpartition("/")
        found = self.tails.get(head)
        if found is not None and tail:
            return found[1], {found[0]: tail}
        for pattern, methods in self.patterns:
            matched = pattern.fullmatch(path)
            if matched:
                return methods, matched.groupdict()
        return None

    def _aside(self, request: Request) -> Answer:
        """What is shown at an address that no document has."""
        page = self.aside.get(request.address)
        if page is None:
            raise NotFound("There is nothing at this address.")
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed("This address does not have that method.", headers={"Allow": "GET, HEAD"})
        return page()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request: Request = scope["lso.request"]
        found = self.find(scope["path"])
        if found is None:
            request.answer = self._aside(request)
            return
        methods, request.path = found
        target = methods.get(request.method) or (methods.get("GET") if request.method == "HEAD" else None)
        if target is None:
            request.mounted = next(iter(methods.values())).mount.edition
            request.answer = _instead(request.method, methods)
            return
        request.mounted = target.mount.edition
        request.operation_id = target.operation_id
        request.declared = target.declared
        if target.run is None:
            target.run = tied(self.app, target.base_path, target.operation_id)
        await target.run(scope, receive, send)


def _instead(method: str, methods: Methods) -> Answer:
    """The answer to OPTIONS; any other method that the path does not have is refused."""
    allowed = set(methods) | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    allow = {"Allow": ", ".join(sorted(allowed))}
    if method == "OPTIONS":
        return Answer(204, headers=allow)
    raise MethodNotAllowed("This address does not have that method.", headers=allow)
