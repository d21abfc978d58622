"""Amending an order: written out in the caller's words, patched there, validated there, read back whole.

Two patches that meet: one is kept, the other is refused, since each may carry whole lists that its caller put together
without knowing of the other. A patch that meets the work on the order (a new state, a date) is applied once more, to
the order as it is by then: neither concerns the other, and no caller could help meeting it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from lso.canonical.order import Order
from lso.canonical.tenant import Caller
from lso.dialects import amendment, face
from lso.dialects.amendment import Changed, Patch, Validate, Written
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Conflict, Invalid
from lso.lifecycle.amendment import amend, amendable, ended
from lso.lifecycle.enrichment import Source, enrich
from lso.lifecycle.order import Change, instant
from lso.lifecycle.ports import Clock, Waker
from lso.lifecycle.rules import catalogue
from lso.service.agreement import Agreements, invalid
from lso.service.event import event_of
from lso.settings import settings
from lso.store import order as orders
from lso.store import outbox
from lso.store.engine import Store
from lso.store.order import StoredOrder

Document = dict[str, Any]
TRIES = 5


@dataclass(frozen=True, slots=True)
class Amended:
    """The order after the change, and how its caller sees it."""

    stored: StoredOrder
    shown: Document


class Amendments:
    """Changes to placed orders; `Orders` says whose."""

    def __init__(self, store: Store, book: Book, waker: Waker, clock: Clock, agreements: Agreements) -> None:
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._agreements = agreements

    async def amend(self, caller: Caller, edition: Edition, stored: StoredOrder, patch: Patch,
                    validate: Validate) -> Amended:
        """The order with the patch applied, kept, or as it was where the patch changes nothing.

        Raises Invalid for what may never be, Conflict for what may not be any more or has been overtaken.
        """
        first = stored
        for _ in range(TRIES):
            after = self._amended(caller, edition, stored, patch, validate)
            if after.stored is stored:
                return after
            try:
                return dataclasses.replace(after, stored=await self._keep(stored, after.stored))
            except Conflict:
                now = await self._store.query(lambda connection: orders.fetch(connection, first.tenant, first.id))
                if now is None or _free(now, edition) != _free(first, edition):
                    raise
                stored = now
        raise Conflict("The order is changing all the time.")

    def _amended(self, caller: Caller, edition: Edition, stored: StoredOrder, patch: Patch,
                 validate: Validate) -> Amended:
        if ended(stored.document):
            raise Conflict("The order has come to its end.")
        written = self._written(caller, edition, stored)
        changed = amendment.change(written, patch, validate)
        now = self._clock()
        amended = amend(stored.document, changed.before, changed.after, dialect=edition.dialect, author=caller.client,
                        at=instant(now))
        if amended.findings:
            raise Conflict("Some of that cannot be changed any more.",
                           findings=tuple(changed.locate(finding) for finding in amended.findings))
        document = self._completed(caller, edition, stored, amended.document)
        self._check(caller, edition, stored, document, changed)
        complements = {name: kept for name, kept in stored.complements.items() if name != written.own}
        if changed.complement:
            complements[written.own] = changed.complement
        after = dataclasses.replace(stored, document=document, complements=complements)
        shown = self._written(caller, edition, after)
        return Amended(stored if amendment.unchanged(written, shown) else after, shown.shown)

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

    def _check(self, caller: Caller, edition: Edition, stored: StoredOrder, document: Document,
               changed: Changed) -> None:
        """The rules of placing hold on: what is wrong now and was not before is refused."""
        known = self._agreements.of(caller.profile).known
        rules = catalogue()
        before = set(rules.examine(stored.document, edition.dialect, known))
        wrong = [one for one in rules.examine(document, edition.dialect, known) if one not in before]
        try:
            Order.model_validate(document)
        except ValidationError as error:
            wrong += invalid(error)
        if wrong:
            raise Invalid("The order would break the rules.", findings=tuple(changed.locate(one) for one in wrong))

    def _written(self, caller: Caller, edition: Edition, stored: StoredOrder) -> Written:
        return amendment.write(self._book, edition, stored.document, stored.complements,
                               base_url=settings().public_url, extended=caller.profile.tmf_extended,
                               native=face.native(self._book, edition, stored.mapping))

    async def _keep(self, before: StoredOrder, after: StoredOrder) -> StoredOrder:
        """One unit of work: the order and the event that tells of it."""
        told = event_of(after, Change("order_changed", None, after.document["state"], instant(self._clock())))

        def work(connection: Connection) -> StoredOrder:
            kept = orders.replace(connection, after, before.version)
            outbox.add(connection, told)
            return kept

        kept = await self._store.commit(work)
        self._waker.wake_deliveries()
        return kept


def _with_contacts(document: Document, full: Document, before: Document) -> Document:
    if document.get("contacts") == before.get("contacts") or "contacts" not in full:
        return document
    return {**document, "contacts": full["contacts"]}


def _free(stored: StoredOrder, edition: Edition) -> Any:
    """What patches change of an order, and the work on it does not."""
    free = amendable().free[edition.dialect]
    items = [{name: item.get(name) for name in free.item} for item in stored.document.get("items", ())]
    return {name: stored.document.get(name) for name in free.order}, items, stored.complements
