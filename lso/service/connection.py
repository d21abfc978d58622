"""Connections of the native API: asked for, looked up, changed and ended. Each wish becomes an order of its own, which
a job places with the Strategic Interface Layer, in the name of the tenant; so it is seen, and can be cancelled,
wherever orders are.

A wish, the answer to it and the job that goes on are committed together. What can be known to be wrong is refused
before, down to what the layer below would say.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy.exc import IntegrityError
from structlog.contextvars import get_contextvars

from lso.canonical.connection import Connection, Wish
from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.dialects.spelling import aliases
from lso.errors import Conflict, Finding, Invalid, NotFound
from lso.lifecycle.connection import check_change, check_end, has_ended, is_ending, under_way
from lso.lifecycle.order import instant
from lso.lifecycle.ports.process import Clock, Waker
from lso.lifecycle.template import ITEM
from lso.service import connection_draft as drafts
from lso.service import connection_record as record
from lso.service.connection_draft import Draft
from lso.service.connection_view import ORDERED_IN, View, look, of, show
from lso.service.gazetteer import kinds_of
from lso.service.order import Orders
from lso.service.visibility import buyers, sees
from lso.settings import settings
from lso.store import connection as listing
from lso.store import idempotency, job
from lso.store import resource as resources
from lso.store.connection import KIND, Place
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from lso.store.identifier import made_by, new_id
from lso.store.product import StoredProduct
from lso.store.resource import StoredResource

Document = dict[str, Any]
Remember = Callable[[Document], Remembered | None]
Draw = Callable[[View], Draft | None]
TRIES = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A page; next: where the one behind it begins."""

    shown: tuple[Document, ...]
    next: Place | None


class Connections:
    """The service. `remember` is called with the connection as it is shown before it is kept; what it returns is kept
    with it."""

    def __init__(self, store: Store, book: Book, waker: Waker, clock: Clock, orders: Orders) -> None:
        self._store = store
        self._book = book
        self._waker = waker
        self._clock = clock
        self._orders = orders

    async def create(self, caller: Caller, edition: Edition, said: Document, door: tuple[Finding, ...],
                     remember: Remember) -> Document:
        """A connection, to be provisioned. door: what the schema has to say. Raises Invalid with all that is wrong."""
        order_id, now = new_id(), self._clock()
        id = made_by(caller.tenant, order_id, ITEM)
        named = [name for name in (said.get("locationId"),) if type(name) is str]
        places = await self._store.query(lambda database: kinds_of(database, caller.tenant, named))
        draft = drafts.first(self._book, said, door, caller.profile, places, id=id)
        wish = await self._wish(caller, draft, "add", order_id)
        description = said.get("description")
        connection = Connection(id=id, created_at=instant(now), wishes=(wish,),
                                **({"description": description} if description is not None else {}))
        schemas = (drafts.template_of(caller.profile).schema_urn,)
        stored = record.begun(caller, edition, connection, schemas, now.timestamp())
        shown = show(self._book, View(stored, connection, None, {}), caller.profile)
        await self._keep(stored, None, remember(shown))
        return shown

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> Document:
        """A connection of the caller's tenant, and of a buyer that the caller speaks for. Raises NotFound."""
        return show(self._book, await self._look(caller, edition, id), caller.profile)

    async def list(self, caller: Caller, edition: Edition, place: Place, limit: int) -> Listed:
        """So many connections that the caller could retrieve, the oldest first."""
        known = _schemas(edition)

        def read(database: Database) -> tuple[list[View], Place | None]:
            found = listing.select(database, caller.tenant, place, limit, schemas=known, buyers=buyers(caller))
            views = [of(database, None, row) if isinstance(row, StoredProduct) else of(database, row, None)
                     for row in found.rows]
            return views, found.next

        views, following = await self._store.query(read, aside=True)
        return Listed(tuple(show(self._book, view, caller.profile) for view in views), following)

    async def change(self, caller: Caller, edition: Edition, id: str, said: Document, door: tuple[Finding, ...],
                     remember: Remember) -> Document:
        """The connection, whose bandwidth is to change: at once, or when that was asked for. Raises NotFound, Invalid,
        and Conflict where it cannot change now (`lifecycle.connection`)."""
        def draw(view: View) -> Draft | None:
            now = self._clock()
            wish = under_way(view.connection, view.orders, now=instant(now))
            if wish is not None and drafts.repeated(wish, said):
                return None
            product = view.product.document if view.product is not None else {}
            draft = drafts.change(self._book, said, door, {**product, "id": id}, caller.profile, id=id, now=now)
            if not draft.findings:
                check_change(view.connection, view.orders, view.status, now=instant(now),
                             at=draft.order["requested_start_at"])
            return draft

        return await self._ask(caller, edition, id, "modify", draw, remember)

    async def remove(self, caller: Caller, edition: Edition, id: str, remember: Remember) -> Document:
        """The connection, which is to end, and with it the changes to come. Raises NotFound, and Conflict where it
        cannot end now."""
        def draw(view: View) -> Draft | None:
            check_end(view.connection, view.orders, view.status, now=instant(self._clock()))
            over = (is_ending(view.connection, view.orders)
                    or has_ended(view.connection, view.orders, view.status))
            return None if over else drafts.end({"id": id}, id=id)

        return await self._ask(caller, edition, id, "delete", draw, remember)

    async def _ask(self, caller: Caller, edition: Edition, id: str, action: str, draw: Draw,
                   remember: Remember) -> Document:
        """One more wish, unless it has been told before. Where something came between, it is looked at again."""
        for _ in range(TRIES):
            view = await self._look(caller, edition, id)
            if (draft := draw(view)) is None:
                return show(self._book, view, caller.profile)
            wish = await self._wish(caller, draft, action, new_id())
            stored = record.extended(caller, edition, view, wish, self._clock().timestamp())
            after = dataclasses.replace(view, stored=stored, connection=Connection.model_validate(stored.document))
            shown = show(self._book, after, caller.profile)
            try:
                await self._keep(stored, view.stored, remember(shown))
            except (Conflict, IntegrityError):
                continue
            return shown
        raise Conflict("The connection is changing all the time.")

    async def _look(self, caller: Caller, edition: Edition, id: str) -> View:
        view = await self._store.query(lambda database: look(database, caller.tenant, id))
        if view is None or not sees(caller, view.buyer_id):
            raise NotFound("There is no such connection.")
        if view.product is not None and view.product.schema not in _schemas(edition):
            raise NotFound("There is no such connection.")
        return view

    async def _wish(self, caller: Caller, draft: Draft, action: str, order_id: str) -> Wish:
        """A wish against which nothing stands, here or below."""
        drafts.refuse(draft.findings)
        edition, extended = self._book.edition(ORDERED_IN), caller.profile.tmf_extended
        body = face.show(self._book, edition, draft.order, {}, base_url=settings().public_url, extended=extended)
        try:
            await self._orders.check(caller, edition, body)
        except Invalid as wrong:
            drafts.refuse(drafts.located(self._book, draft, edition, body, wrong.findings, extended=extended))
        now = instant(self._clock())
        return Wish.model_validate({"order_id": order_id, "action": action, "asked_at": now, "said": draft.said,
                                    "effective_at": draft.order.get("requested_start_at"), "body": body})

    async def _keep(self, stored: StoredResource, before: StoredResource | None, remembered: Remembered | None) -> None:
        """One unit of work: the connection, the job that places the order, the answer to whoever asks again."""
        trace_id, now = get_contextvars().get("trace_id"), self._clock().timestamp()
        payload = {"trace_id": trace_id} if trace_id else {}

        def work(database: Database) -> str:
            if before is None:
                resources.insert(database, stored)
            else:
                resources.replace(database, stored, before.version)
            if remembered is not None:
                idempotency.remember(database, remembered, now=now)
            return job.add(database, stored.tenant, KIND, stored.id, due_at=now, payload=payload)

        self._waker.wake((await self._store.commit(work),))


def _schemas(edition: Edition) -> frozenset[str]:
    """Kinds of products that are connections, however they are spelled."""
    known = edition.products or frozenset()
    return known | {spelled for spelled, urn in aliases().items() if urn in known}
