"""The face of a resource in one edition: a canonical document written in its words, with what its callers once said put
back, and links that lead to this edition and those beside it.

`resource` names another resource of the edition's document than the one it is named after: `cancellation`, `charge`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from lso.dialects import item_error
from lso.dialects.book import EXTENDED, Book, mapping_name
from lso.dialects.edition import Edition
from lso.dialects.link import linked
from lso.lens import Document, Translation

__all__ = ["href", "mapping_name", "native", "read", "show", "state_word", "summarise"]

EXTENSION_SCHEMA = "{}/specs/tmf/Mef{}.schema.json"
DAY = len("2026-01-31")
LENIENT = "surrogatepass"
PLAIN = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
"""Nothing in it has to be quoted in an address (RFC 3986 section 2.3)."""


def read(book: Book, edition: Edition, document: Document, *, extended: bool = False,
         put_back: Document | None = None, resource: str | None = None) -> Translation:
    """A caller's document as a canonical one, with the complement to keep and the findings in the caller's terms."""
    return book.mapping(mapping_name(edition, extended=extended, resource=resource)).read(document, put_back)


def show(book: Book, edition: Edition, document: Document, complements: Mapping[str, Document], *, base_url: str,
         extended: bool = False, native: bool = False, resource: str | None = None) -> Document:
    """A canonical document in an edition's words.

    complements: kept ones by mapping; only this edition's own is put back.
    native: the document was born in this dialect, so that it needs less completing to be valid in it.
    """
    face = book.face(edition, resource, extended=extended)
    mapping, complement = face.mapping, complements.get(face.own)
    prepared = face.prepare(document, native)
    shown = mapping.write(prepared, complement).document
    if (located := item_error.located(mapping, document, prepared, shown)) is not None:
        shown = mapping.write(located, complement).document
    shown = linked(shown, face.links, lambda leads_to, id: href(book, edition, id, base_url, resource=leads_to))
    if type(document.get("id")) is str:
        shown["href"] = _at(base_url, face.path, document["id"])
    if face.name.endswith(EXTENDED):
        path = book.resource(edition, resource).path
        shown.setdefault("@schemaLocation", EXTENSION_SCHEMA.format(base_url.rstrip("/"), path[0].upper() + path[1:]))
    return shown


def state_word(book: Book, edition: Edition, state: str, *, resource: str | None = None) -> str | None:
    """What an edition calls a state; None where it has no word for it."""
    word = book.mapping(mapping_name(edition, resource=resource)).write({"state": state}).document.get("state")
    return word if type(word) is str else None


def native(book: Book, edition: Edition, mapping: str, *, resource: str | None = None) -> bool:
    """Whether what came by a mapping was born in the dialect of an edition."""
    own = edition.mapping_of(resource)
    return own is not None and book.base_name(own) == mapping.removesuffix(EXTENDED)


def summarise(book: Book, edition: Edition, shown: Document, *, resource: str | None = None) -> Document:
    """What a list shows of a document; TM Forum shows all of it."""
    described = book.resource(edition, resource)
    if described.listed is None:
        return shown
    return {name: shown[name][:DAY] if name in described.days else shown[name]
            for name in described.listed if name in shown}


def href(book: Book, edition: Edition, resource_id: str, base_url: str, *, resource: str | None = None) -> str:
    """The address of a resource in an edition, or in one beside it."""
    return _at(base_url, book.path(edition, resource), resource_id)


def _at(base_url: str, path: str, id: str) -> str:
    name = id if PLAIN(id) else quote(id, safe="", errors=LENIENT)
    return f"{base_url.rstrip('/')}{path}/{name}"
