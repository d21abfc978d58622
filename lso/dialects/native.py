"""The native and platform APIs beside their documents: problem bodies (RFC 9457), plain paging."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus

from lso.dialects.dialect import Asked, Dialect, QueryValues, Rendered, common_headers
from lso.dialects.paging import page
from lso.dialects.resource import Resource
from lso.errors import BridgeError, Finding, Invalid, UpstreamError
from lso.lens import Document
from lso.settings import data_folder, read_yaml, settings

MEDIA_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
LISTED = frozenset({"missingProperty", "invalidValue", "invalidFormat", "referenceNotFound", "unexpectedProperty",
                    "tooManyRecords", "otherIssue"})


def render(error: BridgeError, declared: frozenset[int]) -> Rendered:
    """A problem, with every violation. A 422 that the operation does not declare becomes a 400."""
    status = 500 if isinstance(error, UpstreamError) else error.status
    if isinstance(error, Invalid) and 422 not in declared:
        status = 400
    body: Document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
                      "detail": error.reason}
    if isinstance(error, Invalid) or error.findings:
        findings = error.findings or (Finding("", error.code, error.reason),)
        body["errors"] = [{"pointer": finding.pointer, "code": finding.code if finding.code in LISTED else "otherIssue",
                           "detail": finding.reason} for finding in findings]
    return Rendered(status, common_headers(error, PROBLEM_TYPE), body)


def criteria(_resource: Resource, query: QueryValues, _declared: frozenset[str]) -> Asked:
    """The page; there are no filters yet."""
    return Asked((), page(query, settings().page_most))


def page_headers(total: int, exact: bool, count: int, _throttled: bool) -> dict[str, str]:
    """How many match, where that is known, and how many are here."""
    return {"X-Result-Count": str(count)} | ({"X-Total-Count": str(total)} if exact else {})


def select(document: Document, fields: tuple[str, ...] | None, _listed: bool) -> Document:
    """The members named, or all."""
    return document if fields is None else {name: document[name] for name in fields if name in document}


def prepare(document: Document, _native: bool) -> Document:
    """Nothing is required that a canonical document may lack."""
    return document


@lru_cache(maxsize=1)
def _statuses() -> Mapping[str, str]:
    table = read_yaml(data_folder("mappings") / "words" / "product_status.yaml")
    ours, native = (table["columns"].index(name) for name in ("ours", "native"))
    return {row[ours]: row[native] for row in table["rows"]}


def connection_status(product_status: str) -> str:
    """How the status of a product is told of a connection."""
    return _statuses()[product_status]


NATIVE = Dialect("native", MEDIA_TYPE, render, criteria, page_headers, select, prepare)
