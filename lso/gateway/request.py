"""What one request has gathered on its way in, and what goes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lso.canonical.tenant import Caller
from lso.errors import Finding, OurError

if TYPE_CHECKING:
    from lso.dialects.edition import Edition
    from lso.gateway.idempotency import Promise

Document = dict[str, Any]


def _nothing(_document: Document) -> tuple[Finding, ...]:
    return ()


@dataclass(slots=True)
class Request:
    """One request. It fills up from the outside in: route, caller, body, parameters.

    headers: names in lower case
    path: values of the path parameters
    query: values by name, decoded
    declared: statuses that the operation may answer with
    parameters: names of the query parameters that it declares
    body: the parsed document; None where there is none, or where it is not JSON (see raw)
    media_type: which of the accepted ones the body is sent as
    findings: what the schema has to say against the body
    buyer_id, seller_id: in whose name the caller speaks, where the dialect has such names
    validate: what the schema of the answer has to say against a document, where the operation patches
    promise: what has been promised to the sender of an idempotency key
    """

    method: str
    address: str
    headers: Mapping[str, str]
    trace_id: str
    started_at: float
    operation_id: str = ""
    declared: frozenset[int] = frozenset()
    parameters: frozenset[str] = frozenset()
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Any = None
    media_type: str = ""
    raw: bytes = b""
    findings: tuple[Finding, ...] = ()
    buyer_id: str | None = None
    seller_id: str | None = None
    validate: Callable[[Document], tuple[Finding, ...]] = _nothing
    promise: Promise | None = None
    identity: Caller | None = None
    mounted: Edition | None = None
    answer: Answer | None = None

    @property
    def caller(self) -> Caller:
        """Who calls; operations that anybody may call must not ask."""
        if self.identity is None:
            raise OurError("This operation has no caller.")
        return self.identity

    @property
    def speaker(self) -> Caller:
        """Who calls, speaking for the one buyer and seller that this request is about."""
        caller = self.caller
        if len(caller.buyer_ids) > 1 and self.buyer_id is not None:
            caller = replace(caller, buyer_ids=(self.buyer_id,))
        if len(caller.seller_ids) > 1 and self.seller_id is not None:
            caller = replace(caller, seller_ids=(self.seller_id,))
        return caller

    @property
    def edition(self) -> Edition:
        """In which words the caller speaks."""
        if self.mounted is None:
            raise OurError("This request has no edition.")
        return self.mounted


@dataclass(slots=True)
class Answer:
    """Status, body and headers; the body is a JSON value, text as bytes, or None for no content."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """An operation that we serve.

    judges: the function takes the schema's findings into its own verdict, so that all is reported at once; otherwise a
        body with findings never reaches it.
    media: what the body may be sent as, where the document leaves that open: patches. Such a body is no document, so
        it is not held against the schema; what it makes of a document is, by the function.
    filters: query parameters that the function understands beyond those that the document has.
    """

    serve: Callable[[Request], Awaitable[Answer]]
    judges: bool = False
    media: tuple[str, ...] = ()
    filters: frozenset[str] = frozenset()


Offers = Mapping[str, Mapping[str, Offer]]
"""Per edition, by operationId."""
