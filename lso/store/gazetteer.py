"""The gazetteer: addresses by id, label, cell and street, a tenant's own and those for everybody.

Finding a street starts from its town: exactly by name, or by postcode. `likeness.py` searches for names that are
misspelt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from lso.canonical.price_row import EVERYBODY
from lso.store.document import indexed, read
from lso.store.statement import driver, flush
from lso.store.values import Values

Document = dict[str, Any]
TOWNS_MOST = 200


@dataclass(frozen=True, slots=True)
class StoredAddress:
    """An address as kept: the canonical document with all representations there are. tenant: `*` for everybody's."""

    tenant: str
    id: str
    document: Document


def fetch_many(connection: Connection, tenant: str, ids: Iterable[str]) -> dict[str, StoredAddress]:
    """Those of these addresses that there are, by id; a tenant's own before one for everybody."""
    wanted = list(dict.fromkeys(filter(None, map(indexed, ids))))
    found = _addresses(connection, tenant, "id", wanted, len(wanted) * 2, order="tenant") if wanted else ()
    return {one.id: one for one in found}


def fetch(connection: Connection, tenant: str, id: str) -> StoredAddress | None:
    """The address of that id."""
    return fetch_many(connection, tenant, (id,)).get(id)


def labelled(connection: Connection, tenant: str, label: str, most: int) -> tuple[StoredAddress, ...]:
    """Addresses under a label."""
    return _addresses(connection, tenant, "label", [label], most)


def within_cells(connection: Connection, tenant: str, cells: Sequence[int], most: int) -> tuple[StoredAddress, ...]:
    """Addresses in cells of the grid."""
    return _addresses(connection, tenant, "cell", cells, most)


def on_streets(connection: Connection, tenant: str, streets: Sequence[int], at: int | None,
               most: int) -> tuple[StoredAddress, ...]:
    """Addresses with a house number, in any of some streets; without a number: all. The whole house comes first."""
    order = "street, at, within"
    return _addresses(connection, tenant, "street", streets, most, order=order, at=at) if streets else ()


def beside(connection: Connection, tenant: str, street: int, at: int, most: int) -> tuple[StoredAddress, ...]:
    """The addresses of a street whose numbers come next to one, on either side."""
    flush(connection)
    values = Values(connection)
    whose, of, number, limit = (f"({_whose(values, tenant)}) IS TRUE", values.bind(street), values.bind(at),
                                values.bind(most))
    sides = " UNION ALL ".join(
        f"SELECT * FROM (SELECT tenant, id, document FROM addresses WHERE street = {of} AND at {side} {number} "  # noqa: S608
        f"AND {whose} ORDER BY at {order}, within LIMIT {limit}) AS side" for side, order in ((">", ""), ("<", "DESC")))
    rows = driver(connection).execute(sides, values).fetchall()
    return tuple(StoredAddress(owner, id, read(document)) for owner, id, document in rows)


def towns(connection: Connection, tenant: str, country: str, name: str, postcode: str) -> list[int]:
    """Towns of that name, and towns where there is that postcode."""
    flush(connection)
    values = Values(connection)
    whose, where = _whose(values, tenant), f"country = {values.bind(country)}"
    asked = [f"SELECT number FROM towns WHERE {whose} AND {where} AND name = {values.bind(name)}"]  # noqa: S608
    if postcode:
        asked.append(f"SELECT town FROM postcodes WHERE {whose} AND {where} "  # noqa: S608 - values are bound
                     f"AND postcode = {values.bind(postcode)}")
    rows = driver(connection).execute(f"{' UNION '.join(asked)} LIMIT {TOWNS_MOST}", values).fetchall()
    return [number for (number,) in rows]


def streets(connection: Connection, towns: Sequence[int], name: str) -> list[int]:
    """Streets of that name in towns."""
    if not towns or not name:
        return []
    flush(connection)
    values = Values(connection)
    rows = driver(connection).execute(
        f"SELECT number FROM streets WHERE town IN ({_bound(values, towns)}) AND name = {values.bind(name)}",  # noqa: S608
        values).fetchall()
    return [number for (number,) in rows]


def _addresses(connection: Connection, tenant: str, column: str, wanted: Sequence[object], most: int, *,
               order: str = "number", at: int | None = None) -> tuple[StoredAddress, ...]:
    flush(connection)
    values = Values(connection)
    # Streets and cells are found by themselves; whose an address is must not tempt the planner to another index.
    whose = _whose(values, tenant) if column in ("id", "label") else f"({_whose(values, tenant)}) IS TRUE"
    where = [whose, f"{column} IN ({_bound(values, wanted)})"]
    if at is not None:
        where.append(f"at = {values.bind(at)}")
    sql = (f"SELECT tenant, id, document FROM addresses WHERE {' AND '.join(where)} "  # noqa: S608 - values are bound
           f"ORDER BY {order} LIMIT {values.bind(most)}")
    rows = driver(connection).execute(sql, values).fetchall()
    return tuple(StoredAddress(owner, id, read(document)) for owner, id, document in rows)


def _whose(values: Values, tenant: str) -> str:
    return f"tenant IN ({values.bind(EVERYBODY)}, {values.bind(tenant)})"


def _bound(values: Values, wanted: Sequence[object]) -> str:
    return ", ".join(map(values.bind, wanted))
