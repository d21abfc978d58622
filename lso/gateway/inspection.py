"""Is the request what the document says it may be? Media type, size, syntax, parameters, body, in this order.

A body that breaks its schema is refused here with all its violations, unless the operation wants to add its own first.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from lso.errors import Invalid, NotOffered, NotUnderstood
from lso.gateway import body, party
from lso.gateway.framework import AbstractOperation, RequestValidationAPI, RequestValidationMiddleware
from lso.gateway.mount import Mount
from lso.gateway.parameter import Parameters, parse_query
from lso.gateway.parser import Limits, parse
from lso.gateway.request import Request

MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
IS_JSON = "json"


class Inspection:
    """Examines the requests of one operation; everything it needs is compiled at start-up."""

    def __init__(self, next_app: ASGIApp, operation: AbstractOperation, mount: Mount, limits: Limits) -> None:
        self.next_app = next_app
        self.limits = limits
        self.offer = mount.offers.get(operation.operation_id)
        self.accepted = (self.offer.media if self.offer else ()) or _accepted(operation)
        declared = operation.request_body or {}
        self.required = bool(declared.get("required"))
        self.parameters = Parameters(operation.parameters, mount.validators, lenient=mount.lenient,
                                     filters=self.offer.filters if self.offer else frozenset())
        self.names = frozenset(self.parameters.query)
        self.named = "buyerId" in self.parameters.query
        self.validators = {
            kind: mount.validators.body(operation.path, operation.method.lower(), _schema_type(kind))
            for kind in self.accepted
            if self.offer is not None and not self.offer.media
        }
        self.whole = mount.validators.answer(operation.path, operation.method.lower(), 200) \
            if self.offer is not None and self.offer.media else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fill in the request, or raise what is wrong with it."""
        request: Request = scope["lso.request"]
        kind = body.JSON
        if self.accepted:
            kind = body.media_type(request.headers, self.accepted)
            body.refuse_oversize(request.headers, self.limits.size)
            request.raw = await body.read(receive, self.limits.size)
            if IS_JSON in kind:
                self._parse(request, list if kind == JSON_PATCH else dict)
        if scope["query_string"]:
            request.query = parse_query(scope["query_string"])
        if self.offer is None:
            raise NotOffered("This operation is not offered.")
        request.parameters = self.names
        self.parameters.check(request)
        if self.named:
            party.choose(request)
        request.media_type = kind
        if request.body is not None:
            self._validate(request, kind)
        await self.next_app(scope, receive, send)

    def _parse(self, request: Request, shape: type) -> None:
        if not request.raw:
            if self.required:
                raise NotUnderstood("A body is needed.")
            return
        request.body = parse(request.raw, self.limits)
        if not isinstance(request.body, shape):
            raise NotUnderstood(f"The body must be a JSON {'array' if shape is list else 'object'}.")

    def _validate(self, request: Request, kind: str) -> None:
        strict = request.identity is not None and request.identity.profile.strict
        if self.whole is not None:
            request.validate = partial(self.whole.findings, strict=strict)
        validator = self.validators.get(kind)
        if validator is None or self.offer is None:
            return
        request.findings = validator.findings(request.body, strict=strict)
        if request.findings and not self.offer.judges:
            raise Invalid("The body breaks the rules of the document.", findings=request.findings)


def _accepted(operation: AbstractOperation) -> tuple[str, ...]:
    """Media types of the request body; a PATCH in JSON may also call itself a merge patch."""
    kinds = tuple(operation.request_body.get("content", {})) if operation.request_body else ()
    if operation.method.lower() == "patch" and body.JSON in kinds and MERGE_PATCH not in kinds:
        return (*kinds, MERGE_PATCH)
    return kinds


def _schema_type(kind: str) -> str:
    return body.JSON if kind == MERGE_PATCH else kind


class InspectionAPI(RequestValidationAPI):  # type: ignore[misc]
    """The inspections of one document."""

    def __init__(self, *args: Any, mount: Mount, limits: Limits, **kwargs: Any) -> None:
        self.mount = mount
        self.limits = limits
        super().__init__(*args, **kwargs)

    def make_operation(self, operation: AbstractOperation) -> Inspection:
        """Once per operation, at start-up."""
        return Inspection(self.next_app, operation, self.mount, self.limits)


class InspectionMiddleware(RequestValidationMiddleware):  # type: ignore[misc]
    """Request validation."""

    api_cls = InspectionAPI
