"""What the items of a request follow, and what stands against that; and the acceptance of quotes, in the transaction
that keeps the order which follows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.dialects.spelling import aliases
from lso.errors import Conflict, Finding, Invalid
from lso.lifecycle import qualification
from lso.lifecycle.deviation import Ground
from lso.lifecycle.following import OVER, unfit
from lso.lifecycle.named import Named, ids
from lso.lifecycle.order import instant
from lso.lifecycle.ports.process import Clock
from lso.lifecycle.qualified import astray
from lso.lifecycle.quote import KIND, accept, changes
from lso.lifecycle.rules import catalogue
from lso.service.agreement import promises_of
from lso.service.draft import Draft, locate
from lso.service.event import resource_change
from lso.service.visibility import knows, sees
from lso.service.whereabouts import whereabouts
from lso.store import outbox
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.resource import StoredResource

Document = dict[str, Any]


@dataclass(slots=True)
class Followed:
    """quotes: those named that the caller could retrieve. against: what stands against the request; canonical."""

    quotes: Mapping[str, StoredResource] = dataclasses.field(default_factory=dict)
    against: tuple[Finding, ...] = ()


NOTHING = Followed()
Acceptance = Callable[[Connection], None]


async def followed(store: Store, caller: Caller, edition: Edition, named: Named, clock: Clock) -> Followed:
    """The quotes and qualifications that items follow, as far as these are there for their caller, and how they fit."""
    if not (named.quotes or named.qualifications):
        return NOTHING
    at = clock()
    return await store.query(lambda connection: _looked_up(connection, caller, edition, named, at))


def acceptance(draft: Draft, quotes: Mapping[str, StoredResource], clock: Clock) -> Acceptance:
    """What accepts the quotes that an order follows. It holds on to nothing where there are none."""
    if not quotes:
        return nothing_to_accept
    return lambda connection: accept_all(connection, draft, quotes.values(), at=clock())


def nothing_to_accept(_connection: Connection) -> None:
    """Of orders that follow no quote."""


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


def _looked_up(connection: Connection, caller: Caller, edition: Edition, named: Named, at: datetime) -> Followed:
    ground = Ground(at, partial(whereabouts, connection, caller.profile), aliases())
    quotes = _there(connection, caller, edition, KIND, ids(named.quotes))
    qualifications = _there(connection, caller, edition, qualification.KIND, ids(named.qualifications))
    return Followed(quotes, (
        *unfit(named.quotes, _documents(quotes), ground),
        *astray(named.qualifications, _documents(qualifications), frozenset(promises_of(caller.profile).given), ground,
                tacit=catalogue().completes(edition.dialect))))


def _there(connection: Connection, caller: Caller, edition: Edition, kind: str,
           wanted: Iterable[str]) -> dict[str, StoredResource]:
    """Those that the caller could retrieve."""
    found = (resources.fetch(connection, caller.tenant, kind, id) for id in wanted)
    return {one.id: one for one in found
            if one is not None and sees(caller, one.buyer_id) and knows(edition, one.schemas)}


def _documents(found: Mapping[str, StoredResource]) -> dict[str, Document]:
    return {id: one.document for id, one in found.items()}
