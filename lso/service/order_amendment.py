"""Amending an order: its rules, what is completed of it, and the event that tells of it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from lso.canonical.order import Order
from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.lifecycle.amendment import Free, amendable, ended
from lso.lifecycle.enrichment import Source, enrich
from lso.lifecycle.order import Change, instant
from lso.lifecycle.rules import catalogue
from lso.service.agreement import invalid
from lso.service.amendment import Amending
from lso.service.event import event_of
from lso.store import order as orders
from lso.store import outbox
from lso.store.order import StoredOrder

Document = dict[str, Any]


class Amendments(Amending[StoredOrder]):
    """Changes to placed orders; `Orders` says whose."""

    def _ended(self, document: Document) -> bool:
        return ended(document)

    def _free(self, edition: Edition) -> Free:
        return amendable().free[edition.dialect]

    def _completed(self, caller: Caller, edition: Edition, stored: StoredOrder, document: Document) -> Document:
        """With the contacts that MEF requires, where the caller's dialect cannot know of them."""
        if not catalogue().completes(edition.dialect):
            return document
        agreement = self._agreements.of(caller.profile)
        source = Source(caller.client, self._clock(), agreement.defaults, agreement.known, catalogue().products)
        full = enrich(document, source)
        return _with_contacts(document, full, stored.document) | {
            "items": [_with_contacts(*three) for three in zip(document["items"], full["items"],
                                                              stored.document["items"], strict=True)]}

    def _wrong(self, caller: Caller, edition: Edition, stored: StoredOrder, document: Document) -> list[Finding]:
        known = self._agreements.of(caller.profile).known
        rules = catalogue()
        before = set(rules.examine(stored.document, edition.dialect, known))
        wrong = [one for one in rules.examine(document, edition.dialect, known) if one not in before]
        try:
            Order.model_validate(document)
        except ValidationError as error:
            wrong += invalid(error)
        return wrong

    def _again(self, connection: Connection, stored: StoredOrder) -> StoredOrder | None:
        return orders.fetch(connection, stored.tenant, stored.id)

    def _replaced(self, connection: Connection, after: StoredOrder, version: int) -> StoredOrder:
        return orders.replace(connection, after, version)

    def _told(self, before: StoredOrder, after: StoredOrder) -> tuple[outbox.Event, ...]:
        return (event_of(after, Change("order_changed", None, after.document["state"], instant(self._clock()))),)


def _with_contacts(document: Document, full: Document, before: Document) -> Document:
    if document.get("contacts") == before.get("contacts") or "contacts" not in full:
        return document
    return {**document, "contacts": full["contacts"]}
