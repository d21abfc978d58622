"""Sites: those that anybody may know of, and a tenant's own, imported or from its profile. Nobody else is told of them.

A site of a profile says at which address it is; one that does not is for orders to name, and shown nowhere: MEF 122 R14
demands a place of every site.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from lso.canonical.criteria import Criteria
from lso.canonical.tenant import Caller, Profile
from lso.dialects.edition import Edition
from lso.errors import Finding, Invalid, NotFound
from lso.lifecycle import site as rules
from lso.service.gazetteer import Told
from lso.service.listing import Listed
from lso.store import gazetteer
from lso.store import site as sites
from lso.store.engine import Store
from lso.store.fitting import holds

Document = dict[str, Any]


class Sites:
    """The service."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def retrieve(self, caller: Caller, _edition: Edition, id: str) -> Told:
        """A site that the caller may know of. NotFound for any other."""
        found = await self._store.query(lambda connection: sites.fetch_many(connection, caller.tenant, (id,)))
        site = found.get(id) or agreed(caller.profile).get(id)
        if site is None:
            raise NotFound("There is no such site.")
        return Told(site)

    async def list(self, caller: Caller, _edition: Edition, criteria: Criteria) -> Listed[Told]:
        """Sites that fit. Raises Invalid when they are more than one answer may show (MEF 122 R12)."""
        own, place, rest = rules.asked(criteria.conditions)
        most = criteria.page.most
        mine = agreed(caller.profile)

        def read(connection: Connection) -> list[Document]:
            found = sites.select(connection, caller.tenant, own, place, rest, most + 1)
            kept = sites.fetch_many(connection, caller.tenant, mine)
            named = [one["places"][0]["id"] for one in mine.values()] if place else []
            known = {id: one.document for id, one in gazetteer.fetch_many(connection, caller.tenant, named).items()}
            return found + [site for id, site in mine.items() if id not in kept and holds(site, rest)
                            and rules.fits(site, own, place, known)]

        found = await self._store.query(read, aside=bool(rest) or not (own or place))
        if len(found) > most:
            reason = f"More than {most} sites fit."
            raise Invalid(reason, findings=(Finding("", "tooManyRecords", reason),))
        return Listed([Told(site) for site in found], len(found), True)


def agreed(profile: Profile) -> Mapping[str, Document]:
    """The sites of a profile that say where they are, by id."""
    return {place.id: {"id": place.id, **({"name": place.name} if place.name else {}), "visibility": "private",
                       "places": [{"kind": "address", "id": place.address}]}
            for place in profile.places if place.kind == "site" and place.address is not None}
