"""TM Forum v4 beside its documents: error bodies, attribute filters, `fields`, counts, ids that it requires.

Violations are a 400 with `@type: ValidationError` and an extra member `violation`: TM Forum knows no 422 (tmf.md 3.5).
"""

from __future__ import annotations

from typing import Any

from lso.canonical.criteria import Condition
from lso.dialects.attribute_filter import Test, parse
from lso.dialects.dialect import Asked, Dialect, QueryValues, Rendered, common_headers, short
from lso.dialects.item_error import noted
from lso.dialects.paging import page
from lso.dialects.patch import ANY
from lso.dialects.resource import Filter, Resource
from lso.errors import BridgeError, Finding, Invalid, NotUnderstood, UpstreamError
from lso.lens import Document
from lso.settings import settings

MEDIA_TYPE = "application/json;charset=utf-8"
ALWAYS = ("id", "href")
NO_FIELDS = "none"
UNOFFERED = frozenset({"sort"})             # taken for the name of an attribute, it would find nothing


def render(error: BridgeError, _declared: frozenset[int]) -> Rendered:
    """The answer to an error; all statuses share one body, declared or not."""
    headers = common_headers(error, MEDIA_TYPE)
    status = 500 if isinstance(error, UpstreamError) else 400 if isinstance(error, Invalid) else error.status
    body: Document = {"code": error.code, "reason": short(error.reason, "Refused"), "status": str(status)}
    if isinstance(error, Invalid) or error.findings:
        findings = error.findings or (Finding("", error.code, error.reason),)
        body["@type"] = "ValidationError"
        body["violation"] = [{"code": finding.code, "reason": short(finding.reason, finding.code),
                              "propertyPath": finding.pointer} for finding in findings]
    return Rendered(status, headers, body)


def criteria(resource: Resource, query: QueryValues, declared: frozenset[str]) -> Asked:
    """What the store can compare becomes conditions, all else a predicate over documents as the caller sees them."""
    conditions: list[Condition] = []
    clauses: list[tuple[Test, ...]] = []
    for name, values in query.items():
        if name in declared:
            continue
        if name in UNOFFERED:
            raise NotUnderstood(f"{name} is not offered: lists are in the order of arrival", code="invalidQuery")
        alternatives = tuple(test for value in values for test in parse(name, value))
        found = _condition(alternatives, resource)
        if found is not None:
            conditions.append(found)
        else:
            clauses.append(alternatives)

    def matches(document: Document) -> bool:
        return all(any(test.holds(document) for test in clause) for clause in clauses)

    return Asked(tuple(conditions), page(query, settings().tmf_page_most), matches if clauses else None,
                 fields(query))


def _condition(alternatives: tuple[Test, ...], resource: Resource) -> Condition | None:
    """One canonical comparison for alternatives of one attribute, or None when only the document can tell."""
    first = alternatives[0]
    filtered: Filter | None = resource.filters.get(first.attribute)
    if filtered is None or any((one.path, one.operator) != (first.path, first.operator) for one in alternatives):
        return None
    values = [value for one in alternatives for value in one.values]
    if first.operator == "eq":
        return filtered.condition(values, "eq")
    if first.operator == "regex" or filtered.folded or len(values) != 1:
        return None
    return filtered.condition(values, first.operator)


def fields(query: QueryValues) -> tuple[str, ...] | None:
    """The members asked for by `fields=a,b.c`; None for all, empty for `none`."""
    named = [name.strip() for value in query.get("fields", ()) for name in value.split(",") if name.strip()]
    if named == [NO_FIELDS]:
        return ()
    return tuple(named) or None


def page_headers(total: int, _exact: bool, count: int, _throttled: bool) -> dict[str, str]:
    """How many match, and how many are here."""
    return {"X-Total-Count": str(total), "X-Result-Count": str(count)}


def select(document: Document, fields: tuple[str, ...] | None, listed: bool) -> Document:
    """The members asked for; id and href always in a list, and where nothing was asked for (tmf.md 3.4)."""
    if fields is None:
        return document
    tree: Document = {}
    for name in (*fields, *(ALWAYS if listed or not fields else ())):
        node = tree
        for segment in name.split("."):
            node = node.setdefault(segment, {})
    return _pick(document, tree)


def _pick(node: Document, tree: Document) -> Document:
    picked: Document = {}
    for name, below in tree.items():
        if name not in node:
            continue
        value = node[name]
        if not below or type(value) not in (dict, list):
            picked[name] = value
        elif type(value) is list:
            picked[name] = [_pick(one, below) if type(one) is dict else one for one in value]
        else:
            picked[name] = _pick(value, below)
    return picked


def prepare(document: Document, _native: bool) -> Document:
    """The ids that TM Forum requires; orders born in TM Forum need them too, since the service adds contacts. What MEF
    says in errors of items stands in a note."""
    return identified(noted(document))


def identified(document: Document) -> Document:
    """With the ids that TM Forum requires and MEF does not have: of contacts (their role) and agreements (their name).

    They are names within one order, not entries of a registry, and the same each time the order is shown.
    """
    prepared = dict(document)
    if type(document.get("contacts")) is list:
        prepared["contacts"] = [_party(one) for one in document["contacts"]]
    if type(document.get("items")) is list:
        prepared["items"] = [_agreed(item) for item in document["items"]]
    return prepared


def _party(contact: Any) -> Any:
    if type(contact) is not dict or "party_id" in contact or type(contact.get("role")) is not str:
        return contact
    return {**contact, "party_id": contact["role"]}


def _agreed(item: Any) -> Any:
    if type(item) is not dict:
        return item
    agreed = dict(item)
    if type(item.get("agreement")) is str and "agreement_id" not in item:
        agreed["agreement_id"] = item["agreement"]
    if type(item.get("contacts")) is list:
        agreed["contacts"] = [_party(one) for one in item["contacts"]]
    return agreed


TMF = Dialect("tmf", MEDIA_TYPE, render, criteria, page_headers, select, prepare, ANY, identified)
