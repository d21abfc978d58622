"""What stands against items that follow qualifications, as far as these are there for their caller."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.lifecycle.qualification import KIND
from lso.lifecycle.qualified import astray, named
from lso.service.agreement import promises_of
from lso.service.draft import Draft
from lso.service.visibility import knows, sees
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.resource import StoredResource


async def unqualified(store: Store, caller: Caller, edition: Edition, draft: Draft, *,
                      at: datetime) -> tuple[Finding, ...]:
    """Canonical findings; none where no item names a qualification."""
    ids = named(draft.document)
    if not ids:
        return ()

    def fetch(connection: Connection) -> dict[str, StoredResource]:
        found = (resources.fetch(connection, caller.tenant, KIND, id) for id in ids)
        return {one.id: one for one in found
                if one is not None and sees(caller, one.buyer_id) and knows(edition, one.schemas)}

    there = await store.query(fetch)
    return astray(draft.document, {id: one.document for id, one in there.items()},
                  frozenset(promises_of(caller.profile).given), at=at)
