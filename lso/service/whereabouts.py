"""Where a place is that a request names or tells of: looked up among the sites and in the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from lso.canonical.tenant import Profile
from lso.lifecycle import address as rules
from lso.lifecycle.address import Known
from lso.lifecycle.point import THERE_METRES
from lso.lifecycle.spot import Spot, described
from lso.service import address_search as search
from lso.service.address_entry import label_of
from lso.service.site import agreed
from lso.store import gazetteer
from lso.store import site as sites
from lso.store.gazetteer import StoredAddress

Document = dict[str, Any]


def whereabouts(connection: Connection, profile: Profile, place: Document) -> Spot:
    """What is known of a canonical place; only what it says itself, where nothing is."""
    id = place.get("id")
    if type(id) is str:
        return _named(connection, profile, id, place.get("kind"))
    found = _told(connection, profile.tenant, place)
    return described(place) if found is None else described(found.document, address=found.id)


def _named(connection: Connection, profile: Profile, id: str, kind: Any) -> Spot:
    plain, _ = rules.named(id)
    if kind != "site" and (found := gazetteer.fetch(connection, profile.tenant, plain)) is not None:
        return replace(described(found.document, address=plain), id=plain)
    if kind != "address" and (site := _site(connection, profile, id)) is not None:
        stands: Document = next(iter(site.get("places") or ()), {})
        return replace(whereabouts(connection, profile, stands), id=id, site=True)
    return Spot(id=plain, site=kind == "site")


def _site(connection: Connection, profile: Profile, id: str) -> Mapping[str, Any] | None:
    return sites.fetch_many(connection, profile.tenant, (id,)).get(id) or agreed(profile).get(id)


def _told(connection: Connection, tenant: str, place: Document) -> StoredAddress | None:
    """The one known address that a place told by value, under a label or by a point surely means."""
    labelled, point = place.get("labelled"), place.get("point")
    if type(labelled) is dict:
        return search.under(connection, tenant, label_of(labelled))
    if type(point) is dict:
        return _at(connection, tenant, point)
    asked = {name: place[name] for name in ("fielded", "formatted") if type(place.get(name)) is dict}
    if not asked:
        return None
    found = search.exactly(connection, tenant, rules.parts(asked))
    result, best, _ = rules.answer(asked, [Known(one.id, one.document) for one in found])
    return next((one for one in found if best is not None and one.id == best.id), None) if result == "success" else None


def _at(connection: Connection, tenant: str, point: Mapping[str, Any]) -> StoredAddress | None:
    x, y = (rules.degrees(point.get(name)) for name in ("x", "y"))
    if x is None or y is None or abs(x) > 90 or abs(y) > 180:
        return None
    found = search.nearest(connection, tenant, x, y)
    return found[0] if found is not None and found[1] <= THERE_METRES else None
