"""Amending what stands beside orders or for itself: what may change is said by the rules of its kind."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from lso.canonical.resource import MODELS
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.lifecycle.amendment import Free
from lso.lifecycle.enrichment import Source
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.process import Clock, Waker
from lso.lifecycle.rules import catalogue
from lso.service.agreement import Agreements, invalid
from lso.service.amendment import Amending
from lso.service.event import resource_event
from lso.store import outbox
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.resource import StoredResource

Document = dict[str, Any]


class ResourceAmendments(Amending[StoredResource]):
    """Changes to resources of one kind."""

    def __init__(self, kind: str, store: Store, book: Book, waker: Waker, clock: Clock, agreements: Agreements) -> None:
        super().__init__(store, book, waker, clock, agreements)
        self.resource = kind
        self._rules = placing(kind)

    def _ended(self, document: Document) -> bool:
        return self._rules.ended(document)

    def _free(self, edition: Edition) -> Free:
        return self._rules.rules.free[edition.dialect]

    def _completed(self, caller: Caller, edition: Edition, stored: StoredResource, document: Document) -> Document:
        """With the contacts that MEF requires, where the caller's dialect cannot know of them."""
        if document.get("contacts") == stored.document.get("contacts"):
            return document
        agreement = self._agreements.of(caller.profile)
        source = Source(caller.client, self._clock(), agreement.defaults, agreement.known, catalogue().products)
        full = self._rules.complete(document, edition.dialect, source)
        return {**document, "contacts": full["contacts"]} if "contacts" in full else document

    def _wrong(self, caller: Caller, edition: Edition, stored: StoredResource, document: Document) -> list[Finding]:
        known = self._agreements.of(caller.profile).known
        before = set(self._rules.examine(stored.document, edition.dialect, known))
        wrong = [one for one in self._rules.examine(document, edition.dialect, known) if one not in before]
        try:
            MODELS[stored.kind].model_validate(document)
        except ValidationError as error:
            wrong += invalid(error)
        return wrong

    def _again(self, connection: Connection, stored: StoredResource) -> StoredResource | None:
        return resources.fetch(connection, stored.tenant, stored.kind, stored.id)

    def _replaced(self, connection: Connection, after: StoredResource, version: int) -> StoredResource:
        return resources.replace(connection, after, version)

    def _told(self, before: StoredResource, after: StoredResource) -> tuple[outbox.Event, ...]:
        return (resource_event(after, f"{after.kind}_changed", at=instant(self._clock()),
                               state=after.document["state"]),)
