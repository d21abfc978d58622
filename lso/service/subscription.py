"""Subscriptions to events: registered, looked up, ended. A subscriber hears in the words of the edition it used."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects import event
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import NotFound
from lso.lifecycle.ports.process import Clock
from lso.service.address import Policy, check
from lso.service.visibility import sees, speaks_for
from lso.settings import settings
from lso.store import subscription as subscriptions
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.subscription import Subscription


class Subscriptions:
    """The service."""

    def __init__(self, store: Store, book: Book, clock: Clock) -> None:
        self._store = store
        self._book = book
        self._clock = clock

    async def register(self, caller: Caller, edition: Edition, *, callback: str, query: str = "") -> Subscription:
        """A subscription to what happens from now on. Raises NotUnderstood for a callback or query that cannot be."""
        kinds = event.wanted(self._book, edition, query)
        await asyncio.to_thread(check, callback, Policy.of(settings()))
        buyer_id = None if sees(caller, None) else speaks_for(caller)
        kept = Subscription(caller.tenant, new_id(), edition.edition, callback, query, tuple(sorted(kinds)), buyer_id,
                            caller.client, self._clock().timestamp())
        await self._store.commit(lambda connection: subscriptions.insert(connection, kept))
        return kept

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> Subscription:
        """A subscription of the caller's tenant, registered in this edition for a buyer that the caller speaks for."""
        kept = await self._store.query(lambda connection: subscriptions.fetch(connection, caller.tenant, id))
        if kept is None or kept.edition != edition.edition or not sees(caller, kept.buyer_id):
            raise NotFound("There is no such subscription.")
        return kept

    async def unregister(self, caller: Caller, edition: Edition, id: str) -> None:
        """End a subscription; what was on its way is given up."""
        await self.retrieve(caller, edition, id)
        now = self._clock().timestamp()

        def work(connection: Connection) -> bool:
            return subscriptions.remove(connection, caller.tenant, id, now=now)

        if not await self._store.commit(work):
            raise NotFound("There is no such subscription.")
