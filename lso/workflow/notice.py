"""An event as its subscriber is to read it: in the words of their edition, about the resource as it was then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from lso.canonical.event import resource_of
from lso.dialects import event as events
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.service.event import as_of
from lso.service.removal import BESIDE, LAST, last_beside, last_resource, last_seen
from lso.service.visibility import knows
from lso.store import order as orders
from lso.store import resource as resources
from lso.store import tenant as tenants
from lso.store.delivery import Delivery
from lso.store.event import Event
from lso.store.resource import StoredResource

Document = dict[str, Any]
SHOWING = frozenset({"tmf"})  # dialects whose events carry the resource itself


def notice(connection: Connection, book: Book, delivery: Delivery, *, base_url: str) -> events.Notice | None:
    """What to send; None when the edition has no word for the event, or must not know of what it is about."""
    edition, event = book.edition(delivery.subscription.edition), delivery.event
    kind = resource_of(event.document["kind"])
    if not book.knows(edition, kind):
        return None
    stored = _subject(connection, event, kind)
    if stored is None or not knows(edition, stored.schemas) or not _concerned(connection, delivery):
        return None
    if kind != "order" and event.kind == f"{kind}_state" and _alike(book, edition, kind, event.document):
        return None
    shown = None
    if edition.dialect in SHOWING:
        profile = tenants.newest_profile(connection, delivery.tenant)
        then = as_of(stored.document, event.document)
        shown = face.show(book, edition, then, stored.complements, base_url=base_url,
                          extended=profile is not None and profile.tmf_extended, resource=kind,
                          native=face.native(book, edition, stored.mapping, resource=kind))
    said = {name: value for name, value in event.document.items() if name not in (LAST, BESIDE)}
    return events.write(book, edition, said, shown, href=face.href(book, edition, stored.id, base_url, resource=kind))


def _subject(connection: Connection, event: Event, kind: str) -> orders.StoredOrder | StoredResource | None:
    """What an event is about, though it may have been removed since."""
    tenant, id = event.tenant, event.resource_id
    if kind == "order":
        return orders.fetch(connection, tenant, id) or last_seen(connection, tenant, id)
    order_id = event.document.get("order_id")
    return resources.fetch(connection, tenant, kind, id) or (
        last_beside(connection, tenant, order_id, kind, id) if order_id is not None
        else last_resource(connection, tenant, id))


def _alike(book: Book, edition: Edition, kind: str, said: Document) -> bool:
    """Whether the edition has one word for both states: then nothing happened that its subscriber could see."""
    states = [said[name] for name in ("previous_state", "state") if name in said]
    words = [face.state_word(book, edition, state, resource=kind) for state in states]
    return len(words) > 1 and words[0] == words[1]


def _concerned(connection: Connection, delivery: Delivery) -> bool:
    """Whether a subscriber that named no buyer speaks for that of the event."""
    buyer_id, subscription = delivery.event.buyer_id, delivery.subscription
    if buyer_id is None or subscription.buyer_id is not None:
        return True
    client = tenants.fetch_client(connection, delivery.tenant, subscription.client)
    return client is None or not client.buyer_ids or buyer_id in client.buyer_ids
