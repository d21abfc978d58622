"""The innermost layer: calls the function behind an operation, with the promise to the sender of an idempotency key."""

from __future__ import annotations

from typing import Any

from starlette.types import Receive, Scope, Send

from lso.errors import NotOffered
from lso.gateway.framework import AbstractOperation, AsyncApi, AsyncASGIApp, Resolver
from lso.gateway.idempotency import Promises, key_of
from lso.gateway.mount import Mount
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.specification import PROMISED


async def not_offered(_request: Request) -> Answer:
    """Stands in for the operations that a document has and this service does not."""
    raise NotOffered("This operation is not offered.")


class OfferResolver(Resolver):  # type: ignore[misc]
    """Finds functions in a table by operationId, not by importing dotted names out of a document."""

    def __init__(self, offers: dict[str, Offer]) -> None:
        super().__init__()
        self.offers = offers

    def resolve_function_from_operation_id(self, operation_id: str) -> Any:
        """The function behind an operation."""
        offer = self.offers.get(operation_id)
        return offer.serve if offer is not None else not_offered


class LeanOperation:
    """One operation, with nothing decorated or inspected per request."""

    def __init__(self, operation: AbstractOperation, promises: Promises | None) -> None:
        self.serve = operation.function
        self.promises = promises if operation.method.lower() in PROMISED and operation.security else None

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        """Leave the answer in the request; the entrance sends it."""
        request: Request = scope["lso.request"]
        if self.promises is not None and (key := key_of(request, scope["headers"])) is not None:
            request.answer = await self.promises.keep(key, request, self.serve)
            return
        request.answer = await self.serve(request)


class LeanApi(AsyncApi):  # type: ignore[misc]
    """The operations of one document."""

    def __init__(self, *args: Any, mount: Mount, promises: Promises | None, **kwargs: Any) -> None:
        self.mount = mount
        self.promises = promises
        super().__init__(*args, **kwargs)

    def make_operation(self, operation: AbstractOperation) -> LeanOperation:
        """Once per operation, at start-up."""
        return LeanOperation(operation, self.promises)


class LeanASGIApp(AsyncASGIApp):  # type: ignore[misc]
    """Connexion's application, with lean operations."""

    api_cls = LeanApi
