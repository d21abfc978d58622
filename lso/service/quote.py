"""Quotes: placed, looked up and listed as all resources are; priced at the door when they have to be there at once;
cancelled, declined, amended and removed by their buyers.

Back ends are asked outside of any transaction and of the event loop, and not for ever: what has no result by then is a
quote that cannot be provided (MEF 80, attribute table of the quote).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.amendment import Patch, Validate
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid, NotFound, UpstreamError
from lso.lifecycle.machine import QUOTE_MACHINE, IllegalTransition
from lso.lifecycle.named import Named
from lso.lifecycle.order import instant
from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.quote import (
    KIND,
    cancel,
    changes,
    decline,
    give_up,
    hopeless,
    impossible,
    lasting,
    offer,
    open_items,
)
from lso.lifecycle.quote_states import BUDGETARY
from lso.lifecycle.rules import catalogue
from lso.service.agreement import quote_terms_of
from lso.service.amendment import Amended
from lso.service.asking import Ask, AtHand, asked, nobody_at_hand
from lso.service.draft import Draft, distinct
from lso.service.event import resource_change
from lso.service.following import followed
from lso.service.quote_amendment import QuoteAmendments
from lso.service.removal import remove_resource
from lso.service.resource import Resources
from lso.store import outbox
from lso.store import resource as resources
from lso.store.instant import seconds
from lso.store.resource import StoredResource

Document = dict[str, Any]
Decide = Callable[[Document, str], Document]
OPERATION = "quote_operation"
TRIES = 5
DECISIONS = {"cancel": cancel, "decline": decline}


class Told(Protocol):
    """What items would cost, by their ids; error: why some could not be asked."""

    @property
    def said(self) -> Mapping[str, Quotation]:
        """Answers."""

    @property
    def error(self) -> UpstreamError | None:
        """What went wrong."""


class Quotes(Resources):
    """The service. price: who knows what things cost."""

    def __init__(self, *parts: Any, price: Ask[Told], at_hand: AtHand = nobody_at_hand, **more: Any) -> None:
        super().__init__(KIND, *parts, **more)
        self._price = price
        self._at_hand = at_hand

    async def operate(self, caller: Caller, edition: Edition, decision: Literal["cancel", "decline"],
                      document: Document, findings: tuple[Finding, ...]) -> StoredResource:
        """Cancel what is under way, decline what could be ordered. Raises Invalid for what is neither, and for what the
        caller does not have (MEF 115 R53, R54)."""
        told = face.read(self._book, edition, document, resource=OPERATION)
        mapping = self._book.mapping(face.mapping_name(edition, resource=OPERATION))
        if wrong := distinct(findings, told.findings):
            raise Invalid("The request cannot be accepted.", findings=wrong)

        def refused(code: str, reason: str) -> Invalid:
            pointer = mapping.locate("/quote_id", ours=told.document, theirs=document)
            return Invalid("The request cannot be accepted.", findings=(Finding(pointer, code, reason),))

        try:
            quote = await self.retrieve(caller, edition, told.document["quote_id"])
        except NotFound:
            raise refused("referenceNotFound", "no quote of that id is known") from None
        reason = told.document.get("reason") or ""
        try:
            return await self.move(quote, lambda before, at: DECISIONS[decision](before, at=at, reason=reason))
        except IllegalTransition as illegal:
            word = face.state_word(self._book, edition, illegal.state, resource=KIND)
            raise refused("invalidValue", illegal.said(word or illegal.state)) from illegal

    async def amend(self, caller: Caller, edition: Edition, id: str, patch: Patch,
                    validate: Validate) -> Amended[StoredResource]:
        """The quote with a patch applied to what the caller sees of it, and kept: all of the patch, or none."""
        stored = await self.retrieve(caller, edition, id)
        amendments = QuoteAmendments(KIND, self._store, self._book, self._waker, self._clock, self._agreements)
        return await amendments.amend(caller, edition, stored, patch, validate)

    async def remove(self, caller: Caller, edition: Edition, id: str) -> None:
        """Keep a quote no longer. Raises Conflict while it can still be ordered by, or is under way."""
        stored = await self.retrieve(caller, edition, id)
        if stored.document["state"] not in QUOTE_MACHINE.ends:
            raise Conflict("The quote has not come to its end: cancel or decline it first.")
        await remove_resource(self._store, stored, "quote_deleted", self._clock())
        self._waker.wake_deliveries()

    async def move(self, quote: StoredResource, decide: Decide) -> StoredResource:
        """A quote after a decision, kept with its events. The decision is made about the quote as it is by then."""
        def work(connection: Connection) -> StoredResource:
            before = resources.fetch(connection, quote.tenant, KIND, quote.id)
            if before is None:
                raise NotFound("There is no such quote.")
            at = instant(self._clock())
            after = before.saying(decide(before.document, at))
            kept = resources.replace(connection, after, before.version)
            for change in changes(before.document, after.document, at=at):
                outbox.add(connection, resource_change(kept, change))
            return kept

        for attempt in range(1, TRIES + 1):
            try:
                kept = await self._store.commit(work)
                break
            except IllegalTransition:
                raise
            except Conflict:
                if attempt == TRIES:
                    raise
        self._waker.wake_deliveries()
        return kept

    async def _objections(self, caller: Caller, edition: Edition, named: Named) -> tuple[Finding, ...]:
        """Qualifications that items follow are there, still good, and about what is asked for (MEF 115 O1)."""
        return (await followed(self._store, caller, edition, named, self._clock)).against

    async def _opened(self, caller: Caller, draft: Draft, stored: StoredResource) -> StoredResource:
        """With its result, where that has to be there at once; else with the moment at which there will be one.

        What can be seen from the request alone was refused by the rules, where these hold for a dialect at the door.
        """
        document, terms = stored.document, quote_terms_of(caller.profile)
        if document.get("requested_level") == BUDGETARY:
            document = document | {"level": BUDGETARY}
        if document.get("instant") is not True:
            expected = instant(self._clock() + timedelta(seconds=terms.expected_seconds))
            return stored.saying(document | {"expected_completion_at": expected})
        if catalogue().completes(draft.edition.dialect) and (wrong := hopeless(document)):
            return stored.saying(impossible(document, wrong, at=instant(self._clock())))
        said = await self._said(caller, stored)
        now = self._clock()
        offered = offer(document, said, at=now, valid=timedelta(seconds=terms.valid_seconds))
        answered = offered if "state" in offered and not open_items(offered) else give_up(document, at=instant(now))
        return stored.saying(answered)

    async def _said(self, caller: Caller, stored: StoredResource) -> Mapping[str, Quotation]:
        try:
            told = await asked(self._price, self._at_hand, stored, caller.profile, stored.document["items"])
        except TimeoutError:
            return {}
        return {id: one for id, one in told.said.items() if not one.draft}

    def _due(self, stored: StoredResource) -> float:
        """One with a result is looked at again when its time is over."""
        return seconds(lasting(stored.document)) or stored.created_at
