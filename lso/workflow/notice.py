"""An event as its subscriber is to read it: in the words of their edition, about the order as it was then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from lso.dialects import event as events
from lso.dialects import face
from lso.dialects.book import Book
from lso.service.event import as_of
from lso.service.removal import LAST, last_seen
from lso.service.visibility import knows
from lso.store import order as orders
from lso.store import tenant as tenants
from lso.store.outbox import Delivery

Document = dict[str, Any]
SHOWING = frozenset({"tmf"})  # dialects whose events carry the resource itself


def notice(connection: Connection, book: Book, delivery: Delivery, *, base_url: str) -> events.Notice | None:
    """What to send; None when the edition has no word for the event, or must not know of the order."""
    edition = book.edition(delivery.subscription.edition)
    stored = orders.fetch(connection, delivery.tenant, delivery.event.resource_id) or last_seen(
        connection, delivery.tenant, delivery.event.resource_id)
    if stored is None or not knows(edition, stored.schemas) or not _concerned(connection, delivery):
        return None
    shown = None
    if edition.dialect in SHOWING:
        profile = tenants.newest_profile(connection, delivery.tenant)
        shown = face.show(
            book, edition, as_of(stored.document, delivery.event.document["at"]), stored.complements, base_url=base_url,
            extended=profile is not None and profile.tmf_extended,
            native=face.native(book, edition, stored.mapping))
    said = {name: value for name, value in delivery.event.document.items() if name != LAST}
    return events.write(book, edition, said, shown,
                        href=face.href(book, edition, stored.id, base_url))


def _concerned(connection: Connection, delivery: Delivery) -> bool:
    """Whether a subscriber that named no buyer speaks for that of the event."""
    buyer_id, subscription = delivery.event.buyer_id, delivery.subscription
    if buyer_id is None or subscription.buyer_id is not None:
        return True
    client = tenants.fetch_client(connection, delivery.tenant, subscription.client)
    return client is None or not client.buyer_ids or buyer_id in client.buyer_ids
