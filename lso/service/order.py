"""Product orders: placed, looked up, listed, amended and removed, by anybody who may call, in whichever edition."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection
from structlog.contextvars import get_contextvars

from lso.canonical.criteria import Criteria
from lso.canonical.order import Order
from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.amendment import Patch, Validate
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding, Invalid, NotFound
from lso.lifecycle.acknowledgement import Acknowledged, acknowledge
from lso.lifecycle.enrichment import Source, enrich
from lso.lifecycle.following import bound
from lso.lifecycle.named import Named, names
from lso.lifecycle.order import instant
from lso.lifecycle.ports.process import Clock, Waker
from lso.lifecycle.rules import catalogue
from lso.service import draft as drafts
from lso.service import following, removal
from lso.service.agreement import Agreements, invalid
from lso.service.amendment import Amended
from lso.service.draft import Draft
from lso.service.event import event_of
from lso.service.judgement import Judge, judged, judged_so_far, nobody
from lso.service.keeping import Keep
from lso.service.listing import Listed, Shelf
from lso.service.order_amendment import Amendments
from lso.service.scope import scope_of
from lso.service.visibility import buyers, knows, only, schemas_of, sees, speaks_for
from lso.settings import settings
from lso.store import idempotency, job, outbox
from lso.store import order as orders
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from lso.store.identifier import new_id
from lso.store.order import StoredOrder
from lso.store.product import StoredProduct
from lso.store.resource import StoredResource

Document = dict[str, Any]
Quotes = Mapping[str, StoredResource]
Remember = Callable[[StoredOrder, Document], Remembered | None]

JOB = "order"


class Orders:
    """The service.

    judge: what product schemas have to say against configurations, for dialects whose door cannot know.
    """

    def __init__(self, store: Store, book: Book, waker: Waker, clock: Clock, *, judge: Judge = nobody) -> None:
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._judge = judge
        self._agreements = Agreements()
        self._shelf = Shelf(store, book, _select, orders.indexed_only)
        self._amendments = Amendments(store, book, waker, clock, self._agreements)

    async def place(self, caller: Caller, edition: Edition, document: Document, findings: tuple[Finding, ...],
                    remember: Remember) -> Keep:
        """Accept an order, or raise Invalid with all that is wrong with it; what is returned keeps it.

        findings: what the door has found against the schema, in the caller's document. remember: called with the order
        and how it is shown before it is kept; what it returns is kept with it.
        """
        draft, existing, quotes = await self._drafted(caller, edition, document, findings)
        agreement, now = self._agreements.of(caller.profile), self._clock()
        accepted = acknowledge(draft.document, id=caller.order_id or new_id(), at=instant(now),
                               contacts=agreement.contacts)
        stored = self._stored(caller, draft, accepted.document, existing, now.timestamp())
        shown = face.show(self._book, edition, stored.document, stored.complements, native=True,
                          extended=caller.profile.tmf_extended, base_url=settings().public_url)
        acceptance = following.acceptance(draft, quotes, self._clock)
        return partial(self._keep, self._work(acceptance, stored, accepted, remember(stored, shown)))

    async def check(self, caller: Caller, edition: Edition, document: Document) -> None:
        """Raise Invalid with all that is wrong with an order that has the shape of its schema; place nothing."""
        await self._drafted(caller, edition, document, ())

    async def _drafted(self, caller: Caller, edition: Edition, document: Document,
                       findings: tuple[Finding, ...]) -> tuple[Draft, Mapping[str, StoredProduct], Quotes]:
        """An order with which nothing is wrong, completed; the products that it names, the quotes that it follows."""
        draft = drafts.read(self._book, edition, document, extended=caller.profile.tmf_extended)
        agreement = self._agreements.of(caller.profile)
        named = names(draft.document)
        existing, places = await self._named(caller, edition, named)
        known = agreement.known_to(edition, existing, places)
        followed = await following.followed(self._store, caller, edition, named, self._clock)
        if quotes := followed.quotes:
            known = dataclasses.replace(known, quotes=known.quotes | set(quotes))
        if not catalogue().completes(edition.dialect):
            _refuse(drafts.examine(draft, known, findings, followed.against))
            return draft, existing, quotes
        source = Source(caller.client, self._clock(), agreement.defaults, known, catalogue().products)
        strict = caller.profile.strict
        _refuse(drafts.examine(draft, known, findings, followed.against,
                               lambda: judged_so_far(draft.document, source, self._judge, strict=strict)))
        quoted = bound(draft.document, named.quotes, {id: one.document for id, one in quotes.items()})
        completed = dataclasses.replace(draft, document=enrich(quoted, source))
        _refuse([drafts.locate(completed, one) for one in judged(completed.document, self._judge, strict=strict)])
        _check_model(completed)
        return completed, existing, quotes

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> StoredOrder:
        """An order of the caller's tenant; NotFound for any other, for one of a buyer that the caller does not speak
        for, and where the dialect does not know its products."""
        stored = await self._store.query(lambda connection: orders.fetch(connection, caller.tenant, id), alone=True)
        if stored is None or not sees(caller, stored.buyer_id) or not knows(edition, stored.schemas):
            raise NotFound("There is no such order.")
        return stored

    async def list(self, caller: Caller, edition: Edition, criteria: Criteria) -> Listed[StoredOrder]:
        """The orders that the caller could retrieve and that fit, in the order in which they came."""
        return await self._shelf.list(caller, edition, criteria)

    async def amend(self, caller: Caller, edition: Edition, id: str, patch: Patch,
                    validate: Validate) -> Amended[StoredOrder]:
        """The order with a patch applied to what the caller sees of it, and kept: all of the patch, or none.

        patch: a document to the patched one. validate: what the schema of the edition has to say against an order.
        """
        stored = await self.retrieve(caller, edition, id)
        return await self._amendments.amend(caller, edition, stored, patch, validate)

    async def remove(self, caller: Caller, edition: Edition, id: str) -> None:
        """Keep an order no longer; Conflict before it has come to its end."""
        await removal.remove(self._store, await self.retrieve(caller, edition, id), self._clock())
        self._waker.wake_deliveries()

    async def _named(self, caller: Caller, edition: Edition,
                     named: Named) -> tuple[Mapping[str, StoredProduct], Mapping[str, str]]:
        """What the order names and is there for the caller: products, and places beside those that were agreed."""
        agreed = self._agreements.of(caller.profile).known.places
        places = [id for id in named.places if id not in agreed]
        if not (named.products or places):
            return {}, {}
        scope = await self._store.query(lambda c: scope_of(c, caller, edition, None, named.products, places))
        return scope.products, scope.places

    def _stored(self, caller: Caller, draft: Draft, document: Document, existing: Mapping[str, StoredProduct],
                at: float) -> StoredOrder:
        mapping = self._book.base_name(draft.mapping)
        return StoredOrder(
            tenant=caller.tenant, id=document["id"], version=1, edition=draft.edition.edition, mapping=mapping,
            profile_version=caller.profile.version, buyer_id=speaks_for(caller),
            seller_id=only(caller.seller_ids), client=caller.client, document=document,
            complements={mapping: draft.complement} if draft.complement else {}, created_at=at,
            schemas=schemas_of(document, existing),
        )

    def _work(self, acceptance: following.Acceptance, stored: StoredOrder, accepted: Acknowledged,
              remembered: Remembered | None) -> Callable[[Connection], str]:
        """One unit of work: the order, its events, the job that goes on with it, the answer to whoever asks again; and
        the acceptance of the quotes that it follows. It holds no document but what these need."""
        insert, told = orders.insertion(stored), [event_of(stored, change) for change in accepted.changes]
        tenant, id, at = stored.tenant, stored.id, stored.created_at
        trace_id = get_contextvars().get("trace_id")
        payload = {"trace_id": trace_id} if trace_id else {}

        def work(connection: Connection) -> str:
            acceptance(connection)
            insert(connection)
            for event in told:
                outbox.add(connection, event)
            if remembered is not None:
                idempotency.remember(connection, remembered, now=at)
            return job.add(connection, tenant, JOB, id, due_at=at, payload=payload)

        return work

    async def _keep(self, work: Callable[[Connection], str]) -> None:
        self._waker.wake((await self._store.commit(work),))


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        wrong = f"{len(findings)} things are" if len(findings) > 1 else "One thing is"
        raise Invalid(f"{wrong} wrong with the order.", findings=tuple(findings))


def _check_model(draft: Draft) -> None:
    """What the model cannot hold and neither schema nor rules have found is refused here.

    Only where a dialect leaves so much open that its orders are completed: what the schemas of the others allow and
    their tables can read fits the model (a law, tests/laws/test_model.py).
    """
    try:
        Order.model_validate(draft.document)
    except ValidationError as wrong:
        _refuse([drafts.locate(draft, finding) for finding in invalid(wrong)])
        raise


def _select(connection: Connection, caller: Caller, edition: Edition, criteria: Criteria,
            count_most: int) -> orders.Found:
    return orders.select(connection, caller.tenant, criteria, visible=partial(knows, edition), buyers=buyers(caller),
                         count_most=count_most)
