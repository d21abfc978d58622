"""An event as its subscriber is to read it: in the words of their edition, about the order as it was then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from lso.dialects import event as events
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.service.agreement import aliases
from lso.service.event import as_of
from lso.store import order as orders
from lso.store import tenant as tenants
from lso.store.outbox import Delivery

Document = dict[str, Any]
SHOWING = frozenset({"tmf"})  # dialects whose events carry the resource itself


def notice(connection: Connection, book: Book, delivery: Delivery, *, base_url: str) -> events.Notice | None:
    """What to send; None when the edition has no word for the event, or must not know of the order."""
    edition = book.edition(delivery.subscription.edition)
    stored = orders.fetch(connection, delivery.tenant, delivery.event.resource_id)
    if stored is None or not _known(edition, stored.document):
        return None
    shown = None
    if edition.dialect in SHOWING:
        profile = tenants.newest_profile(connection, delivery.tenant)
        shown = face.show(
            book, edition, as_of(stored.document, delivery.event.document["at"]), stored.complements, base_url=base_url,
            extended=profile is not None and profile.tmf_extended,
            native=face.native(book, edition, stored.mapping))
    return events.write(book, edition, delivery.event.document, shown,
                        href=face.href(book, edition, stored.id, base_url))


def _known(edition: Edition, document: Document) -> bool:
    """Whether the dialect knows the products of an order, however their URNs are spelled."""
    if edition.products is None:
        return True
    named = ((item.get("product") or {}).get("schema") for item in document.get("items") or ())
    return all(aliases().get(urn, urn) in edition.products for urn in named if urn)
