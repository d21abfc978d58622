"""Which addresses may be meant: the gazetteer is asked for the very one first, and only then for what is like it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from lso.canonical.price_row import EVERYBODY
from lso.lifecycle.address import Known, parts
from lso.lifecycle.likeness import ALIKE, alike
from lso.lifecycle.point import around, metres
from lso.lifecycle.postal import Postal
from lso.store import gazetteer, likeness
from lso.store import site as sites
from lso.store.gazetteer import StoredAddress

FOUND_MOST = 50
TOWNS_MOST, STREETS_MOST, STREETS_BESIDE, BESIDE_MOST = 5, 8, 3, 3
CELLS_MOST = 5_000
Found = tuple[StoredAddress, ...]


def exactly(connection: Connection, tenant: str, asked: Postal) -> Found:
    """Addresses of that street and number, in the town of that name or postcode: one more than FOUND_MOST at most."""
    home = gazetteer.towns(connection, tenant, asked.country, asked.town, asked.postcode)
    streets = gazetteer.streets(connection, home, asked.street)
    return _own(gazetteer.on_streets(connection, tenant, streets, asked.at, FOUND_MOST + 1))


def widely(connection: Connection, tenant: str, asked: Postal) -> Found:
    """Addresses that may be meant: the number in streets of a like name, or the next numbers in the street."""
    home = gazetteer.towns(connection, tenant, asked.country, asked.town, asked.postcode)
    towns = home or _like(likeness.towns_like(connection, tenant, asked.country, asked.town), asked.town, TOWNS_MOST)
    streets = gazetteer.streets(connection, towns, asked.street)
    # A slip in the town is enough, where it explains all.
    for town in towns[:TOWNS_MOST] if home or not streets else ():
        named = _like(likeness.streets_like(connection, town, asked.street), asked.street, STREETS_MOST)
        streets += [street for street in named if street not in streets]
    found = gazetteer.on_streets(connection, tenant, streets, asked.at, FOUND_MOST)
    if not found and asked.at is not None:
        found = tuple(one for street in streets[:STREETS_BESIDE]
                      for one in gazetteer.beside(connection, tenant, street, asked.at, BESIDE_MOST))
    return _own(found)


def under(connection: Connection, tenant: str, label: str) -> StoredAddress | None:
    """The address under a label."""
    found = _own(gazetteer.labelled(connection, tenant, label, FOUND_MOST))
    return found[0] if found else None


def nearest(connection: Connection, tenant: str, latitude: float,
            longitude: float) -> tuple[StoredAddress, float] | None:
    """The address nearest to a point, and how many metres away it is."""
    found = gazetteer.within_cells(connection, tenant, around(latitude, longitude), CELLS_MOST)
    away = [(metres((latitude, longitude), (float(point["x"]), float(point["y"]))), one)
            for one in _own(found) for point in (one.document["point"],)]
    return min(((one, far) for far, one in away), key=lambda pair: pair[1], default=None)


def known(connection: Connection, found: Sequence[StoredAddress]) -> tuple[Known, ...]:
    """Addresses with what the sites say of them: whether there are some that anybody may know of."""
    public = sites.public_at(connection, [one.id for one in found])
    return tuple(Known(one.id, {"has_public_site": one.id in public, **one.document}) for one in found)


def _like(named: Sequence[likeness.Named], name: str, most: int) -> list[int]:
    """Numbers of those whose names are alike, the most alike first."""
    measured = zip(alike(name, [found for _number, found in named]), (number for number, _found in named), strict=True)
    likely = sorted((-share, number) for share, number in measured if share >= ALIKE)
    return [number for _share, number in likely[:most]]


def _own(found: Sequence[StoredAddress]) -> Found:
    """Each address once: a tenant's own stands before everybody's of the same id, or of the same parts."""
    by_id: dict[str, StoredAddress] = {}
    for one in found:
        if one.id not in by_id or by_id[one.id].tenant < one.tenant:
            by_id[one.id] = one
    own = {parts(one.document) for one in by_id.values() if one.tenant != EVERYBODY} - {Postal()}
    return tuple(one for one in by_id.values()
                 if not own or one.tenant != EVERYBODY or parts(one.document) not in own)
