"""Filling the gazetteer: many addresses at once. An address that is there takes the new document and keeps its id;
towns and streets are made as they are met, and stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import write
from lso.store.likeness import STREETS_OF_A_TOWN, spelled
from lso.store.schema import addresses, counters, postcodes, streets, towns
from lso.store.statement import Statement, driver
from lso.store.upsert import upsert

Document = dict[str, Any]
TownKey = tuple[str, str, str]
StreetKey = tuple[int, str]
ROOM_KILOBYTES = 400_000

_COLUMNS = ("tenant", "id", "street", "at", "within", "label", "cell", "document")
_new = upsert(addresses).values({name: bindparam(name) for name in _COLUMNS})
_PUT = Statement(_new.on_conflict_do_update(
    index_elements=["tenant", "id"], set_={name: _new.excluded[name] for name in _COLUMNS[2:]}).inline())
_PUT_POSTCODE = Statement(upsert(postcodes).values({column.name: bindparam(column.name) for column in postcodes.c})
                          .on_conflict_do_nothing(index_elements=["tenant", "country", "postcode", "town"]))
_TOWN = Statement(sa.select(towns.c.number).where(
    towns.c.tenant == bindparam("of_tenant"), towns.c.country == bindparam("of_country"),
    towns.c.name == bindparam("of_name")))
_PUT_TOWN = Statement(sa.insert(towns).values({column.name: bindparam(column.name) for column in towns.c}))
_LAST_TOWN = Statement(sa.select(sa.func.max(towns.c.number)))
_STREET = Statement(sa.select(streets.c.number).where(
    streets.c.town == bindparam("of_town"), streets.c.name == bindparam("of_name")))
_PUT_STREET = Statement(sa.insert(streets).values({column.name: bindparam(column.name) for column in streets.c}))
_LAST_STREET = Statement(sa.select(sa.func.max(streets.c.number)).where(streets.c.town == bindparam("of_town")))
_search = {name: (sa.table(name, sa.column("rowid"), sa.column("number"), sa.column("name")))
           for name in ("search_towns", "search_streets")}
_PUT_SEARCHED = {(name, key): Statement(sa.insert(table).values({key: bindparam("numbered"),
                                                                 "name": bindparam("named")}))
                 for name, table in _search.items() for key in ("rowid", "number")}
_count = upsert(counters).values(name="gazetteer", value=1)
_ALONE = Statement(_count.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1}))


@dataclass(frozen=True, slots=True)
class Entry:
    """An address to be kept, and by what it is to be found. Names are folded; empty or None for what it does not have.

    tenant: `*` for everybody.
    """

    tenant: str
    id: str
    document: Document
    country: str = ""
    town: str = ""
    postcode: str = ""
    street: str = ""
    at: int | None = None
    within: str = ""
    label: str | None = None
    cell: int | None = None


@dataclass
class Met:
    """Towns and streets that were met, with their numbers; good once the transaction that met them is."""

    towns: dict[TownKey, int] = field(default_factory=dict)
    streets: dict[StreetKey, int] = field(default_factory=dict)


def make_room(connection: Connection) -> None:
    """Let a process that does nothing but fill keep the indexes at hand, which it changes all over."""
    if connection.dialect.name == "sqlite":
        driver(connection).execute(f"PRAGMA cache_size=-{ROOM_KILOBYTES}")


def keep(connection: Connection, entries: Sequence[Entry], met: Met) -> Met:
    """Keep addresses; returns what was met beyond what had been met. Others who fill at the same time wait."""
    _ALONE.change(connection)
    more = Met()
    numbered = [_numbered(connection, entry, met, more) for entry in entries]
    for entry, street in zip(entries, numbered, strict=True):
        if street is not None and entry.postcode:
            _PUT_POSTCODE.later(connection, {"tenant": entry.tenant, "country": entry.country,
                                             "postcode": entry.postcode, "town": street // STREETS_OF_A_TOWN})
        _PUT.later(connection, {
            "tenant": entry.tenant, "id": entry.id, "street": street, "at": entry.at, "within": entry.within,
            "label": entry.label, "cell": entry.cell, "document": write(entry.document)})
    return more


def _numbered(connection: Connection, entry: Entry, met: Met, more: Met) -> int | None:
    """The number of the street that an address is in."""
    if not (entry.street and entry.town):
        return None
    town = _town(connection, (entry.tenant, entry.country, entry.town), met, more)
    return _street(connection, entry.tenant, (town, entry.street), met, more)


def _town(connection: Connection, key: TownKey, met: Met, more: Met) -> int:
    number = met.towns.get(key) or more.towns.get(key)
    if number is None:
        tenant, country, name = key
        row = _TOWN.row(connection, {"of_tenant": tenant, "of_country": country, "of_name": name})
        number = row[0] if row else None
        if number is None:
            last = _LAST_TOWN.row(connection)
            number = ((last[0] if last else None) or 0) + 1
            _PUT_TOWN.change(connection, {"number": number, "tenant": tenant, "country": country, "name": name})
            _searched(connection, "search_towns", number, name)
        more.towns[key] = number
    return int(number)


def _street(connection: Connection, tenant: str, key: StreetKey, met: Met, more: Met) -> int:
    number = met.streets.get(key) or more.streets.get(key)
    if number is None:
        town, name = key
        row = _STREET.row(connection, {"of_town": town, "of_name": name})
        number = row[0] if row else None
        if number is None:
            last = _LAST_STREET.row(connection, {"of_town": town})
            number = ((last[0] if last else None) or town * STREETS_OF_A_TOWN) + 1
            _PUT_STREET.change(connection, {"number": number, "tenant": tenant, "town": town, "name": name})
            _searched(connection, "search_streets", number, name)
        more.streets[key] = number
    return int(number)


def _searched(connection: Connection, table: str, number: int, name: str) -> None:
    local = connection.dialect.name == "sqlite"
    _PUT_SEARCHED[table, "rowid" if local else "number"].change(
        connection, {"numbered": number, "named": spelled(name) if local else name})
