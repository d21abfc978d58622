"""Orders that follow quotes: which quotes those are, and their acceptance, in the transaction that keeps the order."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid
from lso.lifecycle.following import OVER, named
from lso.lifecycle.order import instant
from lso.lifecycle.quote import KIND, accept, changes
from lso.service.draft import Draft, locate
from lso.service.event import resource_change
from lso.service.visibility import knows, sees
from lso.store import outbox
from lso.store import resource as resources
from lso.store.resource import StoredResource


def followed(connection: Connection, caller: Caller, edition: Edition, ids: Iterable[str]) -> dict[str, StoredResource]:
    """Those quotes that the caller could retrieve."""
    found = (resources.fetch(connection, caller.tenant, KIND, id) for id in ids)
    return {one.id: one for one in found
            if one is not None and sees(caller, one.buyer_id) and knows(edition, one.schemas)}


def accept_all(connection: Connection, draft: Draft, quotes: Iterable[StoredResource], *, at: datetime) -> None:
    """The quotes are accepted, with their events. Raises Invalid when one cannot be any more, whatever it was when the
    order was read."""
    late = []
    for quote in quotes:
        now = resources.fetch(connection, quote.tenant, KIND, quote.id) or quote
        try:
            after = dataclasses.replace(now, document=accept(now.document, at=at))
            kept = resources.replace(connection, after, now.version)
        except Conflict:
            late.append(quote.id)
            continue
        for change in changes(now.document, after.document, at=instant(at)):
            outbox.add(connection, resource_change(kept, change))
    if late:
        items = enumerate(draft.document.get("items", ()))
        found = tuple(locate(draft, Finding(f"/items/{index}/quote_item/quote_id", "invalidValue", OVER))
                      for index, item in items if (item.get("quote_item") or {}).get("quote_id") in late)
        raise Invalid("The quote cannot be ordered by any more.", findings=found)


__all__ = ["accept_all", "followed", "named"]
