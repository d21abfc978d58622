"""Errors of items as a reader is to see them: where they are in the reader's own document, or told in a note."""

from __future__ import annotations

from typing import Any

from lso.lens import Document, Mapping

SELLER_ROLES = ("sellerContactInformation", "sellerContact")


def located(mapping: Mapping, document: Document, prepared: Document, shown: Document) -> Document | None:
    """The prepared document with pointers into the shown one instead of canonical ones; None where there are none.

    document: the canonical order that pointers were made for; parts of it may be missing in the prepared one.
    """
    items = _objects(prepared.get("items"))
    if not any("errors" in item and any(map(_ours, _objects(item["errors"]))) for item in items):
        return None
    names = [item.get("id") for item in document["items"]]
    moved = {str(names.index(item.get("id"))): str(index) for index, item in enumerate(prepared["items"])}

    def place(error: Document) -> Document:
        if not _ours(error):
            return error
        _, _, index, *rest = error["pointer"].split("/")
        pointer = "/".join(("", "items", moved.get(index, index), *rest))
        return {**error, "pointer": mapping.locate(pointer, ours=prepared, theirs=shown)}

    placed = [{**item, "errors": [place(error) for error in item["errors"]]} if item.get("errors") else item
              for item in prepared["items"]]
    notes = prepared.get("notes") or ()
    told = {"notes": [{**note, "text": _reasons(placed)} if note.get("id") == _note_id(document) else note
                      for note in notes]} if notes else {}
    return {**prepared, **told, "items": placed}


def noted(document: Document) -> Document:
    """The order with the reasons why items were given up in a note of the seller, for items that cannot say it."""
    given_up = [item for item in _objects(document.get("items")) if _objects(item.get("errors"))]
    if not given_up:
        return document
    moments = [change["at"] for item in given_up for change in _objects(item.get("history")) if "at" in change]
    author = next((contact.get("name") for role in SELLER_ROLES for contact in _objects(document.get("contacts"))
                   if contact.get("role") == role), None)
    note = {"id": _note_id(document), "author": author or "seller", "side": "seller",
            "text": _reasons(given_up), **({"at": max(moments)} if moments else {})}
    return {**document, "notes": [*(document.get("notes") or ()), note]}


def _reasons(items: list[Document]) -> str:
    """Why items were given up. What is wrong with a member names it by its place, once that is the reader's."""
    return " ".join(f"Item {item.get('id')}: {str(error.get('reason')).rstrip('.')}{_at(error)}."
                    for item in items for error in _objects(item.get("errors")))


def _at(error: Document) -> str:
    pointer = error.get("pointer")
    return f", at {pointer}" if pointer and not _ours(error) and error.get("code") != "otherIssue" else ""


def _note_id(document: Document) -> str:
    return f"given-up-{document.get('id')}"


def _ours(error: Document) -> bool:
    """Whether an error has a canonical pointer; an order that somebody else has written may have theirs."""
    return str(error.get("pointer")).startswith("/items/")


def _objects(value: Any) -> list[Document]:
    return [one for one in value if type(one) is dict] if type(value) is list else []
