"""Where a place is that a request names or tells of: looked up among the sites and in the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.lifecycle import address as rules
from lso.lifecycle.address import Known
from lso.lifecycle.spot import Spot, described
from lso.service import address_search as search
from lso.service.address_entry import label_of
from lso.service.site import agreed
from lso.store import gazetteer
from lso.store import site as sites
from lso.store.gazetteer import StoredAddress

Document = dict[str, Any]


def whereabouts(connection: Connection, caller: Caller, place: Document) -> Spot:
    """What is known of a canonical place; only what it says itself, where nothing is."""
    id = place.get("id")
    if type(id) is str:
        return _named(connection, caller, id, place.get("kind"))
    found = _told(connection, caller.tenant, place)
    return described(place) if found is None else described(found.document, address=found.id)


def _named(connection: Connection, caller: Caller, id: str, kind: Any) -> Spot:
    plain, _ = rules.named(id)
    if kind != "site" and (found := gazetteer.fetch(connection, caller.tenant, plain)) is not None:
        return replace(described(found.document, address=plain), id=plain)
    if kind != "address" and (site := _site(connection, caller, id)) is not None:
        stands: Document = next(iter(site.get("places") or ()), {})
        return replace(whereabouts(connection, caller, stands), id=id, site=True)
    return Spot(id=plain, site=kind == "site")


def _site(connection: Connection, caller: Caller, id: str) -> Mapping[str, Any] | None:
    return sites.fetch_many(connection, caller.tenant, (id,)).get(id) or agreed(caller).get(id)


def _told(connection: Connection, tenant: str, place: Document) -> StoredAddress | None:
    """The one known address that a place told by value or under a label surely means."""
    labelled = place.get("labelled")
    if type(labelled) is dict:
        return search.under(connection, tenant, label_of(labelled))
    asked = {name: place[name] for name in ("fielded", "formatted") if type(place.get(name)) is dict}
    if not asked:
        return None
    found = search.exactly(connection, tenant, rules.parts(asked))
    result, best, _ = rules.answer(asked, [Known(one.id, one.document) for one in found])
    return next((one for one in found if best is not None and one.id == best.id), None) if result == "success" else None
