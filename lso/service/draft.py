"""From a caller's order to a canonical draft, and all that is wrong with it, in the caller's terms.

What the door found against the schema, what the mapping could not read and what the rules miss are one list: a caller
mends everything in one go. No store, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.lifecycle.known import Known
from lso.lifecycle.placing import placing
from lso.lifecycle.rules import catalogue

Document = dict[str, Any]
Judge = Callable[[str, Document, bool], Iterable[Finding]]
"""What the product schema of a URN has to say against a configuration, and, to the strict, against members that it does
not know; pointers into the configuration."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order, or what is asked beside one, that is not ours yet: canonical, without what only the seller writes.

    mapping: the name of the one it was read with. theirs: as it was sent. findings: what the mapping said while
    reading, in the caller's terms.
    """

    book: Book
    edition: Edition
    mapping: str
    theirs: Document
    document: Document
    complement: Document
    findings: tuple[Finding, ...]


def read(book: Book, edition: Edition, document: Document, *, extended: bool, resource: str | None = None) -> Draft:
    """A caller's document, read with the mapping of its edition. resource: which of the edition's; None: an order."""
    told = face.read(book, edition, document, extended=extended, resource=resource)
    name = face.mapping_name(edition, extended=extended, resource=resource)
    kept = (placing(resource).strip(told.document, edition.dialect) if resource is not None
            else catalogue().strip(told.document, edition.dialect))
    return Draft(book, edition, name, document, kept, told.complement, told.findings)


def examine(draft: Draft, known: Known, door: tuple[Finding, ...],
            more: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """All that is wrong with the draft of an order; more: what is, beside the rules."""
    told = tuple(finding for finding in draft.findings if not _asks_for_nothing(draft, finding))
    missed = catalogue().examine(draft.document, draft.edition.dialect, known)
    return gather(draft, told, door, (*missed, *more))


def gather(draft: Draft, told: Iterable[Finding], door: Iterable[Finding],
           missed: Iterable[Finding]) -> tuple[Finding, ...]:
    """All that is wrong with a draft: what the door found, what could not be read, and what the rules miss.

    A rule is silent about what the door has found fault with already: what is there and malformed is not missing.
    """
    read = (finding for finding in told if not _names_a_type(finding))
    wrong = {(finding.pointer, finding.code): finding for finding in (*door, *read)}
    faults = {finding.pointer for finding in wrong.values() if finding.code != "unexpectedProperty"}
    for finding in missed:
        located = locate(draft, finding)
        if located.pointer not in faults:
            wrong.setdefault((located.pointer, located.code), located)
    return tuple(wrong.values())


def judge_products(document: Document, judge: Judge, *, strict: bool = False) -> tuple[Finding, ...]:
    """What product schemas have to say against the configurations of items, with canonical pointers."""
    found = []
    for index, item in enumerate(document.get("items", ())):
        product = item.get("product") or {}
        if "schema" in product and "configuration" in product:
            base = f"/items/{index}/product/configuration"
            found += [finding._replace(pointer=base + finding.pointer)
                      for finding in judge(product["schema"], product["configuration"], strict)]
    return tuple(found)


def locate(draft: Draft, finding: Finding) -> Finding:
    """A finding about the canonical draft, as one about the document that was sent."""
    return finding._replace(pointer=_place(draft, finding.pointer))


def _names_a_type(finding: Finding) -> bool:
    """Whether a finding is about the name of a type: a subclass of the caller's own is none of our business (TMF630,
    extension pattern), and where a name matters the schema says so."""
    return finding.pointer.rpartition("/")[2].startswith("@")


def _asks_for_nothing(draft: Draft, finding: Finding) -> bool:
    """Whether a finding is about an item without a product: such an item is rejected later, by its state."""
    if not catalogue().completes(draft.edition.dialect):
        return False
    bare = [index for index, item in enumerate(_objects(draft.document.get("items")))
            if set(item.get("product") or ()) <= {"offering_id"}]
    return any(finding.pointer.startswith(f"{_place(draft, f'/items/{index}')}/") for index in bare)


def _place(draft: Draft, pointer: str) -> str:
    return draft.book.mapping(draft.mapping).locate(pointer, ours=draft.document, theirs=draft.theirs)


def _objects(value: Any) -> list[Document]:
    return [one for one in value if type(one) is dict] if type(value) is list else []
