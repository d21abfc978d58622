"""Sites: a tenant's, and those that anybody may know of. Kept, fetched, and listed by where and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.canonical.criteria import Condition
from lso.canonical.price_row import EVERYBODY
from lso.store.document import indexed, read, write
from lso.store.fitting import holds
from lso.store.schema import site_places, sites
from lso.store.statement import Statement, driver, flush
from lso.store.upsert import upsert
from lso.store.values import Values

Document = dict[str, Any]
SCAN_MOST = 20_000
_PLACE = ("address_id", "country", "town", "postcode", "street", "street_type", "house")
_OWN = ("name", "company", "customer")

_new = upsert(sites).values({name: bindparam(name) for name in ("tenant", "id", *_OWN, "document")})
_PUT = Statement(_new.on_conflict_do_update(
    index_elements=["tenant", "id"], set_={name: _new.excluded[name] for name in (*_OWN, "document")}).inline())
_FORGET_PLACES = Statement(sa.delete(site_places).where(
    site_places.c.tenant == bindparam("of_tenant"), site_places.c.site_id == bindparam("of_site")))
_PUT_PLACE = Statement(sa.insert(site_places).values(
    {name: bindparam(name) for name in ("tenant", "site_id", *_PLACE)}).inline())


@dataclass(frozen=True, slots=True)
class StoredSite:
    """A site as kept. tenant: `*` where anybody may know of it.

    keys: name, company and customer, folded. places: a row for each way in which it is told where it is, folded: the
    id of an address, country, town, postcode, street, street_type, house.
    """

    tenant: str
    id: str
    document: Document
    keys: dict[str, str]
    places: tuple[dict[str, str], ...]


def keep(connection: Connection, found: Sequence[StoredSite]) -> None:
    """Keep sites; one that is there takes the new document."""
    for one in found:
        _PUT.later(connection, {"tenant": one.tenant, "id": one.id, "document": write(one.document),
                                **{name: one.keys.get(name, "") for name in _OWN}})
        _FORGET_PLACES.later(connection, {"of_tenant": one.tenant, "of_site": one.id})
    for one in found:
        for place in one.places:
            _PUT_PLACE.later(connection, {"tenant": one.tenant, "site_id": one.id,
                                          **{name: place.get(name, "") for name in _PLACE}})


def fetch_many(connection: Connection, tenant: str, ids: Iterable[str]) -> dict[str, Document]:
    """The documents of those of these sites that the tenant may know of, by id; its own before everybody's."""
    values = Values(connection)
    wanted = [values.bind(id) for id in dict.fromkeys(filter(None, map(indexed, ids)))]
    if not wanted:
        return {}
    flush(connection)
    rows = driver(connection).execute(
        f"SELECT id, document FROM sites WHERE {_whose(values, tenant, 'sites')} AND id IN ({', '.join(wanted)}) "  # noqa: S608
        "ORDER BY tenant", values).fetchall()
    return {id: read(document) for id, document in rows}


def public_at(connection: Connection, address_ids: Sequence[str]) -> frozenset[str]:
    """At which of these addresses there are sites that anybody may know of."""
    values = Values(connection)
    wanted = [values.bind(id) for id in address_ids]
    if not wanted:
        return frozenset()
    flush(connection)
    rows = driver(connection).execute(
        f"SELECT DISTINCT address_id FROM site_places WHERE tenant = {values.bind(EVERYBODY)} "  # noqa: S608
        f"AND address_id IN ({', '.join(wanted)})", values).fetchall()
    return frozenset(id for (id,) in rows)


def select(connection: Connection, tenant: str, own: Mapping[str, Sequence[str]], place: Mapping[str, Sequence[str]],
           rest: Sequence[Condition], most: int) -> list[Document]:
    """Sites that fit, in the order in which they came: no more than `most`.

    own, place: values that a column may have, folded. rest: conditions to be held against documents, of which SCAN_MOST
    are read; whoever asks for one more than can be shown knows when there are too many.
    """
    values = Values(connection)
    where = [_whose(values, tenant, "sites"),
             *(f"sites.{column} IN ({', '.join(map(values.bind, wanted))})" for column, wanted in own.items())]
    if place:
        fits = " AND ".join(f"place.{column} IN ({', '.join(map(values.bind, wanted))})"
                            for column, wanted in place.items())
        where.append(f"(sites.tenant, sites.id) IN (SELECT place.tenant, place.site_id FROM site_places AS place "  # noqa: S608
                     f"WHERE {_whose(values, tenant, 'place')} AND {fits})")
    limit = SCAN_MOST if rest else most
    flush(connection)
    cursor = driver(connection).execute(
        f"SELECT document FROM sites WHERE {' AND '.join(where)} ORDER BY number LIMIT {values.bind(limit)}",  # noqa: S608
        values)
    found: list[Document] = []
    for (text,) in cursor:
        document = read(text)
        if holds(document, rest):
            found.append(document)
        if len(found) == most:
            break
    return found


def _whose(values: Values, tenant: str, table: str) -> str:
    return f"{table}.tenant IN ({values.bind(EVERYBODY)}, {values.bind(tenant)})"
