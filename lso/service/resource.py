"""What has an address of its own beside the order: placed, looked up and listed, one service a kind.

A request about an order is only written down here, with its job; what becomes of it is decided by the job.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection
from structlog.contextvars import get_contextvars

from lso.canonical.criteria import Criteria
from lso.canonical.resource import MODELS
from lso.canonical.task import occupied
from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid, NotFound
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports import Clock, Waker
from lso.service import draft as drafts
from lso.service.agreement import Agreements, invalid
from lso.service.draft import Draft
from lso.service.event import resource_event
from lso.service.listing import Listed, Shelf, show
from lso.service.visibility import buyers, knows, sees
from lso.store import idempotency, job, outbox
from lso.store import order as orders
from lso.store import resource as resources
from lso.store import resource_listing as listing
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from lso.store.identifier import new_id
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource

Document = dict[str, Any]
Remember = Callable[[StoredResource, Document], Remembered | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A request that has been accepted, and how its caller sees it."""

    stored: StoredResource
    shown: Document


class Resources:
    """The service of one kind."""

    def __init__(self, kind: str, store: Store, book: Book, waker: Waker, clock: Clock) -> None:
        self.kind = kind
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._agreements = Agreements()
        self._shelf = Shelf(store, book, self._select, listing.indexed_only, kind)

    async def place(self, caller: Caller, edition: Edition, document: Document, findings: tuple[Finding, ...],
                    remember: Remember) -> Placed:
        """Accept a request about an order. Raises Invalid with all that is wrong with it, Conflict when the order
        cannot bear it now.

        findings, remember: as `Orders.place` has them.
        """
        draft = drafts.read(self._book, edition, document, extended=caller.profile.tmf_extended, resource=self.kind)
        order = await self._order(caller, edition, draft.document.get("order_id"))
        rules = placing(self.kind)
        missed = (*rules.examine(draft.document, edition.dialect),
                  *rules.refer(draft.document, order.document if order else None))
        wrong = drafts.gather(draft, draft.findings, findings, missed)
        if wrong or order is None:
            raise Invalid("The request cannot be accepted.", findings=wrong)
        agreement, now = self._agreements.of(caller.profile), self._clock()
        completed = rules.complete(draft.document, edition.dialect, agreement.defaults)
        accepted = rules.acknowledge(completed, id=new_id(), at=instant(now), contacts=agreement.contacts)
        self._check_model(draft, accepted)
        stored = self._stored(caller, draft, order, accepted, now.timestamp())
        shown = show(self._book, caller, edition, stored, resource=self.kind)
        await self._keep(draft, stored, remember(stored, shown), instant(now))
        return Placed(stored, shown)

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> StoredResource:
        """A resource of the caller's tenant; NotFound for any other, for one of a buyer that the caller does not speak
        for, and where the dialect does not know the products that it is about."""
        stored = await self._store.query(lambda connection: resources.fetch(connection, caller.tenant, self.kind, id))
        if stored is None or not sees(caller, stored.buyer_id) or not knows(edition, stored.schemas):
            raise NotFound("There is no such resource.")
        return stored

    async def list(self, caller: Caller, edition: Edition, criteria: Criteria) -> Listed[StoredResource]:
        """Those that the caller could retrieve and that fit, in the order in which they came."""
        return await self._shelf.list(caller, edition, criteria)

    def _select(self, connection: Connection, caller: Caller, edition: Edition, criteria: Criteria,
                count_most: int) -> listing.Found:
        return listing.select(connection, caller.tenant, self.kind, criteria, visible=partial(knows, edition),
                              buyers=buyers(caller), count_most=count_most)

    async def _order(self, caller: Caller, edition: Edition, id: object) -> StoredOrder | None:
        """The order of that id, if the caller could retrieve it."""
        if type(id) is not str:
            return None
        found = await self._store.query(lambda connection: orders.fetch(connection, caller.tenant, id))
        return found if found and sees(caller, found.buyer_id) and knows(edition, found.schemas) else None

    def _check_model(self, draft: Draft, accepted: Document) -> None:
        try:
            MODELS[self.kind].model_validate(accepted)
        except ValidationError as wrong:
            found = tuple(drafts.locate(draft, finding) for finding in invalid(wrong))
            raise Invalid("The request cannot be read.", findings=found) from wrong

    def _stored(self, caller: Caller, draft: Draft, order: StoredOrder, document: Document,
                at: float) -> StoredResource:
        mapping = self._book.base_name(draft.mapping)
        return StoredResource(
            tenant=caller.tenant, kind=self.kind, id=document["id"], version=1, edition=draft.edition.edition,
            mapping=mapping, profile_version=caller.profile.version, order_id=order.id, buyer_id=order.buyer_id,
            seller_id=order.seller_id, client=caller.client, document=document,
            complements={mapping: draft.complement} if draft.complement else {}, created_at=at, schemas=order.schemas,
        )

    async def _keep(self, draft: Draft, stored: StoredResource, remembered: Remembered | None, at: str) -> None:
        """One unit of work: the request, its event, the job that goes on with it, the answer to whoever asks again.

        Whether the order can bear the request is asked in the same breath.
        """
        rules = placing(self.kind)

        def work(connection: Connection) -> str:
            order = orders.fetch(connection, stored.tenant, stored.order_id or "")
            open_ones = [one for one in resources.of_order(connection, stored.tenant, stored.order_id or "")
                         if occupied(one.kind, one.document.get("state"))]
            barred = rules.refer(stored.document, None) if order is None else rules.bar(
                stored.document, order.document, busy=bool(open_ones))
            if barred:
                raise Conflict(barred[0].reason, findings=tuple(drafts.locate(draft, one) for one in barred))
            resources.insert(connection, stored)
            if rules.rules.created is not None:
                outbox.add(connection, resource_event(stored, rules.rules.created, at=at,
                                                      state=stored.document.get("state")))
            if remembered is not None:
                idempotency.remember(connection, remembered, now=stored.created_at)
            return job.add(connection, stored.tenant, self.kind, stored.id, due_at=stored.created_at,
                           payload=traced())

        self._waker.wake((await self._store.commit(work),))
        if rules.rules.created is not None:
            self._waker.wake_deliveries()


def traced() -> Document:
    """What a job takes along, so that its log can be found from the request that asked for it."""
    trace_id = get_contextvars().get("trace_id")
    return {"trace_id": trace_id} if trace_id else {}
