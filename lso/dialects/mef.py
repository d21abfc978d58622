"""Sonata and Cantata beside their documents: error bodies, filters, paging, and what must be complete to be shown.

An error body is one object (`Error400` …), the code from the list its status declares; a 422 is a list of violations.
Statuses that MEF does not declare (405, 409 on POST, 413, 415, 429, 503) carry a body shaped like `Error` with the code
of the error itself (MEF LSO API documents, section on responses).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from lso.canonical.criteria import Condition
from lso.dialects.dialect import Asked, Dialect, QueryValues, Rendered, common_headers, short
from lso.dialects.paging import page
from lso.dialects.patch import BY_ID
from lso.dialects.prune import Part, load_required, prune
from lso.dialects.resource import Resource
from lso.errors import BridgeError, Conflict, Finding, Invalid, NotUnderstood, UpstreamError
from lso.lens import Document
from lso.settings import data_folder, settings

MEDIA_TYPE = "application/json;charset=utf-8"
NOT_FILTERS = frozenset({"offset", "limit", "buyerId", "sellerId"})
CODES: dict[int, tuple[str, ...]] = {                # the first one stands for codes the status does not list
    400: ("invalidBody", "missingQueryParameter", "missingQueryValue", "invalidQuery"),
    401: ("missingCredentials", "invalidCredentials"),
    403: ("accessDenied", "forbiddenRequester", "tooManyUsers"),
    404: ("notFound",),
    408: ("timeOut",),
    409: ("conflict",),
    422: ("otherIssue", "missingProperty", "invalidValue", "invalidFormat", "referenceNotFound", "unexpectedProperty",
          "tooManyRecords"),
    500: ("internalError",),
    501: ("notImplemented",),
}


def render(error: BridgeError, declared: frozenset[int]) -> Rendered:
    """The answer to an error. A 422 that the operation does not declare becomes a 400 `invalidBody`; a conflict with a
    place in the body becomes a 422 where that is what the operation declares."""
    headers = common_headers(error, MEDIA_TYPE)
    status = 500 if isinstance(error, UpstreamError) else error.status
    misplaced = isinstance(error, Conflict) and error.findings and 409 not in declared and 422 in declared
    if isinstance(error, Invalid) or misplaced:
        findings = error.findings or (Finding("", error.code, error.reason),)
        if 422 in declared:
            return Rendered(422, headers, [_violation(finding) for finding in findings])
        where = "; ".join(f"{finding.pointer or '/'}: {finding.reason}" for finding in findings)
        return Rendered(400, headers, {"code": "invalidBody", "reason": short(error.reason, "Invalid body"),
                                       "message": where})
    body = {"code": _code(status, error.code), "reason": short(error.reason, "Refused")}
    if error.findings:
        body["message"] = "; ".join(f"{finding.pointer or '/'}: {finding.reason}" for finding in error.findings)
    return Rendered(status, headers, body)


def _violation(finding: Finding) -> dict[str, str]:
    return {"code": _code(422, finding.code), "reason": short(finding.reason, finding.code),
            "propertyPath": finding.pointer}


def _code(status: int, code: str) -> str:
    listed = CODES.get(status)
    return code if listed is None or code in listed else listed[0]


def criteria(resource: Resource, query: QueryValues, declared: frozenset[str]) -> Asked:
    """Filters and page. A parameter that neither the operation declares nor the resource knows is refused: a filter
    misspelt and ignored would show everything."""
    conditions: list[Condition] = []
    for name, values in query.items():
        if name not in declared and name not in resource.filters:
            raise NotUnderstood(f"{name[:60]} is not a parameter of this operation", code="invalidQuery")
        if len(values) != 1:
            raise NotUnderstood(f"{name} is given more than once", code="invalidQuery")
        if not values[0].strip():
            raise NotUnderstood(f"{name} has no value", code="missingQueryValue")
        filtered = resource.filters.get(name)
        if filtered is not None:
            conditions.append(filtered.condition([values[0].strip()], filtered.operator))  # type: ignore[arg-type]
        elif name not in NOT_FILTERS:
            raise NotUnderstood(f"{name} is not a filter of this list", code="invalidQuery")
    return Asked(tuple(conditions), page(query, settings().page_most))


def page_headers(total: int, exact: bool, count: int, throttled: bool) -> dict[str, str]:
    """MEF 123 R107: when there is more, the total is told or the page is marked as cut."""
    headers = {"X-Result-Count": str(count), "X-Pagination-Throttled": "true" if throttled or not exact else "false"}
    if exact:
        headers["X-Total-Count"] = str(total)
    return headers


def select(document: Document, fields: tuple[str, ...] | None, _listed: bool) -> Document:
    """The members named; MEF lists show a fixed few."""
    return document if fields is None else {name: document[name] for name in fields if name in document}


def prepare(document: Document, native: bool, *, required: Part) -> Document:
    """Leaves out what MEF could not express: parts that lack what it requires, and items that change nothing."""
    if native:
        return document
    items = document.get("items")
    if isinstance(items, list) and any(type(item) is dict and item.get("action") == "no_change" for item in items):
        document = {**document, "items": [item for item in items
                                          if type(item) is not dict or item.get("action") != "no_change"]}
    return prune(document, required)


def dialect(name: str, folder: Path | None = None) -> Dialect:
    """Sonata or Cantata."""
    required = load_required((folder or data_folder("mappings")) / "sonata" / "common.required.yaml")
    return Dialect(name, MEDIA_TYPE, render, criteria, page_headers, select, partial(prepare, required=required),
                   BY_ID)
