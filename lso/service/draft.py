"""From a caller's order to a canonical draft, and all that is wrong with it, in the caller's terms.

What the door found against the schema, what the mapping could not read and what the rules miss are one list: a caller
mends everything in one go. No store, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.dialects.pointer import reached, whole
from lso.errors import Finding
from lso.lifecycle.known import Known
from lso.lifecycle.placing import placing
from lso.lifecycle.rules import catalogue

Document = dict[str, Any]
UNWANTED = "unexpectedProperty"
SAID = ("rest", "spelled")
Judged = Callable[[], Iterable[Finding]]
"""What product schemas say against a draft; canonical."""


@dataclass(slots=True)
class Draft:
    """An order, or what is asked beside one, that is not ours yet: canonical, without what only the seller writes.
    Nobody changes one; it is not frozen, for a frozen one takes several times as long to make.

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
    draft = Draft(book, edition, name, document, kept, told.complement, told.findings)
    return _unsaid(draft, resource) if catalogue().completes(edition.dialect) else draft


def examine(draft: Draft, known: Known, door: tuple[Finding, ...], more: tuple[Finding, ...] = (),
            judged: Judged = tuple) -> tuple[Finding, ...]:
    """All that is wrong with the draft of an order; more: what is, beside the rules."""
    told = tuple(finding for finding in draft.findings if not _asks_for_nothing(draft, finding))
    missed = catalogue().examine(draft.document, draft.edition.dialect, known)
    return gather(draft, told, door, (*missed, *more), judged)


def gather(draft: Draft, told: Sequence[Finding], door: Sequence[Finding], missed: Sequence[Finding],
           judged: Judged = tuple) -> tuple[Finding, ...]:
    """All that is wrong with a draft: what the door found, what could not be read, and what the rules miss.

    A rule is silent about what the door has found fault with already: what is there and malformed is not missing; and
    of what is not to be there nothing more is said. judged: what product schemas say, asked where anything is wrong.
    """
    if not (told or door or missed):
        return ()
    wrong = dict.fromkeys(distinct(door, (finding for finding in told if not _names_a_type(finding))))
    said = {(finding.pointer, finding.code) for finding in wrong}
    faults = {pointer for pointer, code in said if code != UNWANTED}
    found = [locate(draft, finding) for finding in missed]
    if wrong or found:
        found += [locate(draft, finding) for finding in judged()]
    unwanted = {finding.pointer for finding in found if finding.code == UNWANTED}
    wrong.update((finding, None) for finding in found
                 if finding.pointer not in faults and (finding.pointer, finding.code) not in said
                 and (finding.code == UNWANTED or not _within(finding.pointer, unwanted)))
    return tuple(wrong)


def distinct(door: Iterable[Finding], read: Iterable[Finding]) -> tuple[Finding, ...]:
    """What the door has found and what could not be read, each once: of one fault both tell in their own words."""
    wrong = dict.fromkeys(door)
    said = {(finding.pointer, finding.code) for finding in wrong}
    return (*wrong, *(finding for finding in dict.fromkeys(read) if (finding.pointer, finding.code) not in said))


def locate(draft: Draft, finding: Finding) -> Finding:
    """A finding about the canonical draft, as one about the document that was sent: where something is missing, at the
    first member that is not there; where something is not to be there, at the whole of it."""
    pointer = _place(draft, finding.pointer)
    if finding.code == UNWANTED:
        pointer = whole(_place(draft, finding.pointer.rpartition("/")[0]), pointer, draft.theirs)
    return finding._replace(pointer=reached(pointer, draft.theirs))


def _unsaid(draft: Draft, resource: str | None) -> Draft:
    """The draft without what was said of members that only the seller writes: it is no mistake, and is not kept."""
    owned = (placing(resource).rules.owned if resource is not None
             else catalogue().owned[catalogue().family_of[draft.edition.dialect]].order)
    names = {pointer[1:] for member in owned if (pointer := _place(draft, f"/{member}")).count("/") == 1}
    if names.isdisjoint(draft.theirs):
        return draft
    complement = {part: {name: value for name, value in held.items() if name not in names}
                  if part in SAID else held for part, held in draft.complement.items()}
    return replace(draft, complement=complement,
                   findings=tuple(one for one in draft.findings if one.pointer[1:] not in names))


def _within(pointer: str, places: Iterable[str]) -> bool:
    """Whether a pointer leads to one of some places, or into it."""
    return any(pointer == place or pointer.startswith(f"{place}/") for place in places)


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
