"""Events in the words of a subscriber: which listener, with what body; and what a subscription asks for.

MEF events carry ids, TM Forum's carry the resource. A dialect that has no word for an event never hears of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lso.canonical.event import resource_of
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.lens import Document

ALIASES = {  # MEF 123 table 6 has the first, its listener document the second
    "productOrderItemExpectedCompletionDateSetEvent": "productOrderItemExpectedCompletionDateSet",
}
FIELD_PATHS = {"item_state": "productOrderItem.state", "item_expected_completion": "expectedCompletionDate",
               "item_milestone": "productOrderItem.milestone",
               "qualification_item_state": "serviceQualificationItem.state", "quote_item_state": "quoteItem.state"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What to send: `path` goes after the registered callback."""

    event_type: str
    path: str
    body: Document


def mapping_name(book: Book, edition: Edition, resource: str) -> str:
    """The mapping of an edition's events about a resource; one may do for all resources."""
    own = f"{edition.dialect}.{resource}_event"
    return own if book.base_name(own) in book.mappings else f"{edition.dialect}.{edition.resource}_event"


def write(book: Book, edition: Edition, event: Document, shown: Document | None = None, *,
          href: str | None = None) -> Notice | None:
    """The notice of a canonical event, or None when the edition has no listener for it.

    shown: the resource that the event is about as this edition shows it; TM Forum puts it inside.
    href: link to the resource in this edition.
    """
    if edition.notification is None:
        return None
    resource = resource_of(event["kind"])
    if edition.mapping_of(resource) is None:
        return None
    mapping = book.mapping(mapping_name(book, edition, resource))
    body = mapping.write({**event, "href": href} if href else event).document
    event_type = body.get("eventType")
    if event_type is None:
        return None
    if edition.dialect == "tmf":
        if shown is not None:
            body["event"] = {book.resource(edition, resource).path: shown}
        if event["kind"] in FIELD_PATHS:
            body["fieldPath"] = FIELD_PATHS[event["kind"]]
        listener = event_type[0].lower() + event_type[1:]
    else:
        listener = event_type
    return Notice(event_type, f"{edition.notification.base_path}/listener/{listener}", body)


def wanted(book: Book, edition: Edition, query: str | None) -> frozenset[str]:
    """The canonical kinds of events that a subscription asks for; all that the edition has words for, without a query.

    Understands `eventType=a,b`, `eventType=a&eventType=b` and blanks around the sign (MEF 123 R101, TMF630). Raises
    NotUnderstood for an event the edition does not have and for any other attribute: ignored, it would deliver
    too much.
    """
    meant = _kinds(book, edition)
    if query is None or not query.strip():
        return frozenset(kind for kinds in meant.values() for kind in kinds)
    kinds: set[str] = set()
    for condition in re.split(r"[&;]", query.strip().lstrip("?")):
        name, equals, values = condition.partition("=")
        if name.strip() != "eventType" or not equals:
            raise NotUnderstood(f"events are chosen by eventType, not by {name.strip()[:40]!r}")
        for value in values.split(","):
            event_type = value.strip().strip('"')
            found = meant.get(ALIASES.get(event_type, event_type).casefold())
            if found is None:
                raise NotUnderstood(f"{event_type[:80]!r} is no event of this API")
            kinds |= found
    return frozenset(kinds)


def _kinds(book: Book, edition: Edition) -> dict[str, frozenset[str]]:
    """Canonical kinds by the edition's word, in one case: `productOrderCreateEvent` is a listener's name for it."""
    table = book.mapping(mapping_name(book, edition, edition.resource)).table
    words = next(table.words[row.how["words"]] for row in table.sets["main"] if row.ours == (("kind",),))
    theirs, ours = words.columns.index(table.sides[0]), words.columns.index("ours")
    meant: dict[str, frozenset[str]] = {}
    for row in words.rows:
        if row[theirs] is not None:
            word = row[theirs].casefold()
            meant[word] = meant.get(word, frozenset()) | {row[ours]}
    return meant
