"""What has an address of its own beside the order: placed, looked up and listed, one service a kind.

Some are about an order (a cancellation), others stand for themselves and have items as an order has (a qualification).
A request is written down here, with its job; what becomes of it is decided by the job, where it is not decided at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection
from structlog.contextvars import get_contextvars

from lso.canonical.criteria import Criteria
from lso.canonical.resource import MODELS
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid, NotFound
from lso.lifecycle.enrichment import Source
from lso.lifecycle.named import Named, names
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.process import Clock, Waker
from lso.lifecycle.rules import catalogue
from lso.service import draft as drafts
from lso.service.agreement import Agreements, invalid
from lso.service.draft import Draft
from lso.service.event import resource_event
from lso.service.judgement import Judge, judged, judged_so_far, nobody
from lso.service.keeping import Keep
from lso.service.listing import Listed, Shelf, show
from lso.service.scope import Scope, scope_of
from lso.service.visibility import buyers, knows, only, schemas_of, sees, speaks_for
from lso.store import idempotency, job, outbox
from lso.store import order as orders
from lso.store import resource as resources
from lso.store import resource_listing as listing
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from lso.store.identifier import new_id
from lso.store.resource import StoredResource

Document = dict[str, Any]
Remember = Callable[[StoredResource, Document], Remembered | None]


class Resources:
    """The service of one kind.

    judge: what product schemas have to say against configurations, for dialects whose door cannot know.
    """

    def __init__(self, kind: str, store: Store, book: Book, waker: Waker, clock: Clock, *,
                 judge: Judge = nobody) -> None:
        self.kind = kind
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._judge = judge
        self._agreements = Agreements()
        self._shelf = Shelf(store, book, self._select, listing.indexed_only, kind)

    async def place(self, caller: Caller, edition: Edition, document: Document, findings: tuple[Finding, ...],
                    remember: Remember) -> Keep:
        """Accept a request; what is returned keeps it. Raises Invalid with all that is wrong with it; and Conflict,
        when it is kept, if the order that it is about cannot bear it now.

        findings, remember: as `Orders.place` has them.
        """
        draft = drafts.read(self._book, edition, document, extended=caller.profile.tmf_extended, resource=self.kind)
        named = names(draft.document)
        scope = await self._scope(caller, edition, draft, named)
        more = await self._objections(caller, edition, named)
        completed = self._completed(caller, draft, scope, findings, more)
        agreement, now = self._agreements.of(caller.profile), self._clock()
        at = instant(now)
        accepted = placing(self.kind).acknowledge(completed, id=new_id(), at=at, contacts=agreement.contacts)
        if catalogue().completes(edition.dialect):
            self._check_model(draft, accepted)
        stored = self._stored(caller, draft, scope, accepted, now.timestamp())
        stored = await self._opened(caller, draft, stored)
        shown = show(self._book, caller, edition, stored, resource=self.kind)
        due_at = self._due(stored)
        work = self._work(draft, stored, remember(stored, shown), at, due_at)
        return partial(self._keep, work, at_once=due_at <= stored.created_at)

    async def _objections(self, _caller: Caller, _edition: Edition, _named: Named) -> tuple[Finding, ...]:
        """What stands against a request beside its rules; canonical."""
        return ()

    def _completed(self, caller: Caller, draft: Draft, scope: Scope, findings: tuple[Finding, ...],
                   more: tuple[Finding, ...]) -> Document:
        """A request with nothing wrong, and with all that its dialect left open."""
        rules, dialect = placing(self.kind), draft.edition.dialect
        agreement, strict = self._agreements.of(caller.profile), caller.profile.strict
        known = agreement.known_to(draft.edition, scope.products, scope.places)
        missed = (*rules.examine(draft.document, dialect, known),
                  *rules.refer(draft.document, scope.order.document if scope.order else None), *more)
        if not catalogue().completes(dialect):
            _refuse(drafts.gather(draft, draft.findings, findings, missed))
            return rules.meant(draft.document, dialect)
        source = Source(caller.client, self._clock(), agreement.defaults, known, catalogue().products)
        _refuse(drafts.gather(draft, draft.findings, findings, missed, lambda: judged_so_far(
            draft.document, source, self._judge, strict=strict)))
        completed = rules.complete(draft.document, dialect, source)
        _refuse([drafts.locate(draft, one) for one in judged(completed, self._judge, strict=strict)])
        return completed

    async def _opened(self, caller: Caller, draft: Draft, stored: StoredResource) -> StoredResource:
        """What is kept of a new request: where it can be decided at once, decided."""
        return stored

    def _due(self, stored: StoredResource) -> float:
        """When something has to be done about a new request."""
        return stored.created_at

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> StoredResource:
        """A resource of the caller's tenant; NotFound for any other, for one of a buyer that the caller does not speak
        for, and where the dialect does not know the products that it is about."""
        stored = await self._store.query(
            lambda connection: resources.fetch(connection, caller.tenant, self.kind, id), alone=True)
        if stored is None or not sees(caller, stored.buyer_id) or not knows(edition, stored.schemas):
            raise NotFound("There is no such resource.")
        return stored

    async def list(self, caller: Caller, edition: Edition, criteria: Criteria) -> Listed[StoredResource]:
        """Those that the caller could retrieve and that fit, in the order in which they came."""
        return await self._shelf.list(caller, edition, criteria)

    async def _scope(self, caller: Caller, edition: Edition, draft: Draft, named: Named) -> Scope:
        order_id, agreed = draft.document.get("order_id"), self._agreements.of(caller.profile).known.places
        places = [id for id in named.places if id not in agreed]
        if order_id is None and not named.products and not places:
            return Scope(None, {}, {})
        return await self._store.query(
            lambda connection: scope_of(connection, caller, edition, order_id, named.products, places))

    def _select(self, connection: Connection, caller: Caller, edition: Edition, criteria: Criteria,
                count_most: int) -> listing.Found:
        return listing.select(connection, caller.tenant, self.kind, criteria, visible=partial(knows, edition),
                              buyers=buyers(caller), count_most=count_most)

    def _check_model(self, draft: Draft, accepted: Document) -> None:
        """What the model cannot hold and neither schema nor rules have found is refused here.

        Only where a dialect leaves so much open that its requests are completed, as with orders.
        """
        try:
            MODELS[self.kind].model_validate(accepted)
        except ValidationError as wrong:
            found = tuple(drafts.locate(draft, finding) for finding in invalid(wrong))
            raise Invalid("The request cannot be read.", findings=found) from wrong

    def _stored(self, caller: Caller, draft: Draft, scope: Scope, document: Document, at: float) -> StoredResource:
        mapping, order = self._book.base_name(draft.mapping), scope.order
        return StoredResource(
            tenant=caller.tenant, kind=self.kind, id=document["id"], version=1, edition=draft.edition.edition,
            mapping=mapping, profile_version=caller.profile.version, order_id=order.id if order else None,
            buyer_id=order.buyer_id if order else speaks_for(caller),
            seller_id=order.seller_id if order else only(caller.seller_ids), client=caller.client, document=document,
            complements={mapping: draft.complement} if draft.complement else {}, created_at=at,
            schemas=order.schemas if order else schemas_of(document, scope.products),
        )

    def _work(self, draft: Draft, stored: StoredResource, remembered: Remembered | None, at: str,
              due_at: float) -> Callable[[Connection], str | None]:
        """One unit of work: the request, its event, the job that goes on with it, the answer to whoever asks again.

        Whether an order can bear the request is asked in the same breath. It holds no document but what these need.
        """
        rules, insert = placing(self.kind), resources.insertion(stored)
        bear = partial(self._bear, draft=draft, stored=stored) if rules.about_orders else None
        told = None if rules.rules.created is None else resource_event(
            stored, rules.rules.created, at=at, state=stored.document.get("state"))
        over, tenant, id, created_at = rules.ended(stored.document), stored.tenant, stored.id, stored.created_at
        payload = {} if over else traced()

        def work(connection: Connection) -> str | None:
            if bear is not None:
                bear(connection)
            insert(connection)
            if told is not None:
                outbox.add(connection, told)
            if remembered is not None:
                idempotency.remember(connection, remembered, now=created_at)
            return None if over else job.add(connection, tenant, self.kind, id, due_at=due_at, payload=payload)

        return work

    async def _keep(self, work: Callable[[Connection], str | None], *, at_once: bool) -> None:
        if (asked := await self._store.commit(work)) is not None and at_once:
            self._waker.wake((asked,))
        if placing(self.kind).rules.created is not None:
            self._waker.wake_deliveries()

    def _bear(self, connection: Connection, draft: Draft, stored: StoredResource) -> None:
        """Raises Conflict when the order cannot bear the request."""
        rules, order_id = placing(self.kind), stored.order_id or ""
        order = orders.fetch(connection, stored.tenant, order_id)
        open_ones = [one for one in resources.of_order(connection, stored.tenant, order_id)
                     if resources.occupies(one)]
        barred = rules.refer(stored.document, None) if order is None else rules.bar(
            stored.document, order.document, busy=bool(open_ones))
        if barred:
            raise Conflict(barred[0].reason, findings=tuple(drafts.locate(draft, one) for one in barred))


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Invalid("The request cannot be accepted.", findings=tuple(findings))


def traced() -> Document:
    """What a job takes along, so that its log can be found from the request that asked for it."""
    trace_id = get_contextvars().get("trace_id")
    return {"trace_id": trace_id} if trace_id else {}
