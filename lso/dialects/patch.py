"""Patches of documents: JSON merge patch (RFC 7386), the same as MEF means it, and JSON Patch (RFC 6902).

A patch is never translated. It is applied to a document in the words of whoever sends it, and gives another; the
document that it is applied to stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from jsonpatch import InvalidJsonPatch, JsonPatch, JsonPatchException
from jsonpointer import JsonPointerException

from lso.errors import Conflict, Finding, Invalid, NotUnderstood, TooLarge
from lso.lens import Document

Apply = Callable[[Document, Any], Document]
Patches = Mapping[str, Apply]
"""By media type: what applies such a patch. The body is a JSON value of any kind."""

JSON, MERGE_PATCH, JSON_PATCH = "application/json", "application/merge-patch+json", "application/json-patch+json"
OPERATIONS = frozenset({"add", "remove", "replace", "move", "copy", "test"})
OPERATIONS_MOST, SIZE_MOST, DEPTH_MOST = 1_000, 2_000_000, 64
GROWING = frozenset({"copy", "add", "replace", "move"})

# ProductOrder_Update and MEFProductOrderItem_Update (MEF 123 R52, R53): one of them must be in a patch.
ITEMS = "productOrderItem"
ORDER_MEMBERS = frozenset({"externalId", "projectId", "note", "relatedContactInformation"})
ITEM_MEMBERS = frozenset({"endCustomerName", "relatedBuyerPON", "note", "relatedContactInformation"})


def merge(document: Document, patch: Any) -> Document:
    """RFC 7386: members are replaced, null removes one, lists are replaced whole."""
    if type(patch) is not dict:
        raise NotUnderstood("A merge patch is a JSON object.")
    merged = dict(document)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif type(value) is dict:
            held = merged.get(name)
            merged[name] = merge(held if type(held) is dict else {}, value)
        else:
            merged[name] = value
    return merged


def merge_by_id(document: Document, patch: Any) -> Document:
    """A merge patch of a MEF order: its items are found by id, and those that it does not name stay as they are.

    MEF 123 R53 asks for a change in every item named; its own example names untouched ones by id alone, so they may be.
    """
    if type(patch) is not dict:
        raise NotUnderstood("A merge patch is a JSON object.")
    if not _changes(patch):
        raise Invalid("The patch has nothing that may be changed (MEF 123 R52).",
                      findings=(Finding("", "missingProperty", "a member that may be changed is needed"),))
    merged = merge(document, {name: value for name, value in patch.items() if name != ITEMS})
    if ITEMS in patch:
        merged[ITEMS] = _items(document.get(ITEMS) or [], patch[ITEMS])
    return merged


def _changes(patch: Document) -> bool:
    items = patch.get(ITEMS)
    return not ORDER_MEMBERS.isdisjoint(patch) or (type(items) is list and any(
        type(item) is dict and not ITEM_MEMBERS.isdisjoint(item) for item in items))


def _items(held: list[Document], patches: Any) -> list[Document]:
    if type(patches) is not list:
        raise Invalid("Items cannot be removed.", findings=(Finding(f"/{ITEMS}", "invalidFormat", "a list is needed"),))
    by_id = {item["id"]: position for position, item in enumerate(held)}
    merged, seen, wrong = list(held), set[str](), list[Finding]()
    for index, patch in enumerate(patches):
        at, name = f"/{ITEMS}/{index}", patch.get("id") if type(patch) is dict else None
        if type(name) is not str:
            wrong.append(Finding(f"{at}/id", "missingProperty", "an item is selected by its id (MEF 123 R54)"))
        elif name not in by_id:
            wrong.append(Finding(f"{at}/id", "referenceNotFound", "the order has no such item"))
        elif name in seen:
            wrong.append(Finding(f"{at}/id", "invalidValue", "the item is named twice"))
        else:
            seen.add(name)
            merged[by_id[name]] = merge(held[by_id[name]], patch)
    if wrong:
        raise Invalid("The patch names items wrongly.", findings=tuple(wrong))
    return merged


def operate(document: Document, operations: Any) -> Document:
    """RFC 6902: all operations, or none. What the document does not allow, a failed test among it, is a conflict."""
    if type(operations) is not list or not all(type(one) is dict for one in operations):
        raise NotUnderstood("A JSON patch is a list of operations.")
    if len(operations) > OPERATIONS_MOST:
        raise TooLarge(f"A JSON patch may have {OPERATIONS_MOST} operations.")
    value: Any = document
    for index, operation in enumerate(operations):
        if type(name := operation.get("op")) is not str or name not in OPERATIONS:
            raise _malformed(index)
        try:
            value = JsonPatch([operation]).apply(value)
        except (InvalidJsonPatch, JsonPointerException, TypeError, AttributeError):
            raise _malformed(index) from None
        except JsonPatchException:
            raise Conflict("The patch does not fit what is there now.", findings=(
                Finding(_path(operation), "otherIssue", f"operation {index} cannot be applied"),)) from None
        if name in GROWING:
            _measure(value)
    if type(value) is not dict:
        raise NotUnderstood("The patch would leave no document.")
    return value


def _malformed(index: int) -> NotUnderstood:
    return NotUnderstood(f"Operation {index} of the patch is not one of RFC 6902.")


def _path(operation: Document) -> str:
    path = operation.get("path")
    return path if type(path) is str and (path == "" or path.startswith("/")) else ""


def _measure(value: Any) -> None:
    """A few copies of copies would fill the memory, and a few moves the stack."""
    if _depth(value) > DEPTH_MOST or _size(value) > SIZE_MOST:
        raise TooLarge("The patch would make the document too large.")


def _size(value: Any) -> int:
    try:
        return len(orjson.dumps(value))
    except TypeError:  # integers beyond 64 bits, lone surrogates
        return len(json.dumps(value))


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= DEPTH_MOST:
        level = [inner for outer in level if type(outer) in (dict, list)
                 for inner in (outer.values() if type(outer) is dict else outer)]
        depth += 1
    return depth


BY_ID: Patches = {JSON: merge_by_id, MERGE_PATCH: merge_by_id}
ANY: Patches = {JSON: merge, MERGE_PATCH: merge, JSON_PATCH: operate}
