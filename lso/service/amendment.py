"""Amending what has been placed: written out in the caller's words, patched there, validated there, read back whole.

Two patches that meet: one is kept, the other is refused, since each may carry whole lists that its caller put together
without knowing of the other. A patch that meets the work on the order (a new state, a date) is applied once more, to
the order as it is by then: neither concerns the other, and no caller could help meeting it.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects import amendment, face
from lso.dialects.amendment import Changed, Patch, Validate, Written
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid
from lso.lifecycle.amendment import Free, amend
from lso.lifecycle.machine import IllegalTransition
from lso.lifecycle.order import instant
from lso.lifecycle.ports.process import Clock, Waker
from lso.service.agreement import Agreements
from lso.settings import settings
from lso.store import outbox
from lso.store.engine import Store
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource

Document = dict[str, Any]
TRIES = 5


Row = TypeVar("Row", StoredOrder, StoredResource)


@dataclass(frozen=True, slots=True)
class Amended(Generic[Row]):
    """What was changed, after the change, and how its caller sees it."""

    stored: Row
    shown: Document


class Amending(ABC, Generic[Row]):
    """Changes to what has been placed; whose it is, is said elsewhere. resource: its kind, None for orders."""

    resource: str | None = None

    def __init__(self, store: Store, book: Book, waker: Waker, clock: Clock, agreements: Agreements) -> None:
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._agreements = agreements

    async def amend(self, caller: Caller, edition: Edition, stored: Row, patch: Patch,
                    validate: Validate) -> Amended[Row]:
        """What is stored with the patch applied, kept, or as it was where the patch changes nothing.

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
                now = await self._store.query(lambda connection: self._again(connection, first))
                if now is None or self._untouched(now, edition) != self._untouched(first, edition):
                    raise
                stored = now
        raise Conflict("It is changing all the time.")

    def _amended(self, caller: Caller, edition: Edition, stored: Row, patch: Patch, validate: Validate) -> Amended[Row]:
        if self._ended(stored.document):
            raise Conflict("It has come to its end.")
        written = self._written(caller, edition, stored)
        changed = amendment.change(written, patch, validate)
        now = self._clock()
        try:
            decided = self._decided(stored.document, changed, instant(now))
        except IllegalTransition as illegal:
            word = face.state_word(self._book, edition, illegal.state, resource=self.resource)
            raise Conflict(illegal.said(word or illegal.state)) from illegal
        amended = amend(*decided, free=self._free(edition), author=caller.client, at=instant(now))
        if amended.findings:
            raise Conflict("Some of that cannot be changed any more.",
                           findings=tuple(changed.locate(finding) for finding in amended.findings))
        document = self._completed(caller, edition, stored, amended.document)
        if wrong := self._wrong(caller, edition, stored, document):
            raise Invalid("It would break the rules.", findings=tuple(changed.locate(one) for one in wrong))
        complements = {name: kept for name, kept in stored.complements.items() if name != written.own}
        if changed.complement:
            complements[written.own] = changed.complement
        after = dataclasses.replace(stored, document=document, complements=complements)
        shown = self._written(caller, edition, after)
        return Amended(stored if amendment.unchanged(written, shown) else after, shown.shown)

    def _written(self, caller: Caller, edition: Edition, stored: Row) -> Written:
        native = face.native(self._book, edition, stored.mapping, resource=self.resource)
        return amendment.write(self._book, edition, stored.document, stored.complements, resource=self.resource,
                               base_url=settings().public_url, extended=caller.profile.tmf_extended, native=native)

    def _untouched(self, stored: Row, edition: Edition) -> Any:
        """What patches change of it, and the work on it does not."""
        free = self._free(edition)
        items = [{name: item.get(name) for name in free.item} for item in stored.document.get("items", ())]
        return {name: stored.document.get(name) for name in free.order}, items, stored.complements

    async def _keep(self, before: Row, after: Row) -> Row:
        """One unit of work: what was changed and the event that tells of it."""
        told = self._told(before, after)

        def work(connection: Connection) -> Row:
            kept = self._replaced(connection, after, before.version)
            for event in told:
                outbox.add(connection, event)
            return kept

        kept = await self._store.commit(work)
        self._waker.wake_deliveries()
        return kept

    @abstractmethod
    def _ended(self, document: Document) -> bool:
        """Whether nothing may be changed any more."""

    @abstractmethod
    def _free(self, edition: Edition) -> Free:
        """What callers of an edition may change."""

    @abstractmethod
    def _completed(self, caller: Caller, edition: Edition, stored: Row, document: Document) -> Document:
        """With what the caller's dialect cannot know of."""

    @abstractmethod
    def _wrong(self, caller: Caller, edition: Edition, stored: Row, document: Document) -> list[Finding]:
        """What is wrong now and was not before: the rules of placing hold on."""

    @abstractmethod
    def _again(self, connection: Connection, stored: Row) -> Row | None:
        """The same as it is by now."""

    @abstractmethod
    def _replaced(self, connection: Connection, after: Row, version: int) -> Row:
        """Kept."""

    def _decided(self, document: Document, changed: Changed, _at: str) -> tuple[Document, Document, Document]:
        """What a patch asks to be decided, decided; what there is then, and between which two it is to be changed."""
        return document, changed.before, changed.after

    @abstractmethod
    def _told(self, before: Row, after: Row) -> tuple[outbox.Event, ...]:
        """The events that tell of the change."""
