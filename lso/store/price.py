"""Price books: rows kept and found by tenant and offering. What is kept once more takes the place of what was there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.canonical.price_row import EVERYBODY, PriceList, PriceRow
from lso.store.document import indexed, read, write
from lso.store.schema import prices
from lso.store.statement import Statement
from lso.store.upsert import upsert

_new = upsert(prices).values({column.name: bindparam(column.name) for column in prices.columns})
_PUT = Statement(_new.on_conflict_do_update(
    index_elements=["tenant", "offering_id", "line"], set_={"document": _new.excluded.document}))
_OF_OFFERING = Statement(
    sa.select(prices.c.document)
    .where(prices.c.tenant.in_((bindparam("everybody"), bindparam("of_tenant"))),
           prices.c.offering_id == bindparam("of_offering"))
    .order_by(prices.c.tenant, prices.c.line)
)
_OFFERINGS = Statement(
    sa.select(prices.c.tenant, prices.c.offering_id, sa.func.count()).group_by(prices.c.tenant, prices.c.offering_id)
    .order_by(prices.c.tenant, prices.c.offering_id)
)
_DROP = Statement(sa.delete(prices).where(prices.c.tenant == bindparam("of_tenant"),
                                          prices.c.offering_id == bindparam("of_offering")))


def put(connection: Connection, rows: Iterable[PriceRow]) -> None:
    """Keep rows."""
    for row in rows:
        name = hashlib.sha256("\n".join(row.of).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        _PUT.later(connection, {"tenant": row.tenant, "offering_id": indexed(row.offering), "line": name,
                                "document": write(row.model_dump(mode="json", exclude_none=True))})


def of_offering(connection: Connection, tenant: str, offering_id: str) -> PriceList:
    """The tenant's own rows for an offering, and everybody's; the same list as long as they are the same."""
    rows = _OF_OFFERING.rows(connection, {"everybody": EVERYBODY, "of_tenant": tenant,
                                          "of_offering": indexed(offering_id)})
    return _list(tuple(rows))


@lru_cache(maxsize=4096)
def _list(rows: tuple[tuple[str], ...]) -> PriceList:
    return PriceList(tuple(PriceRow.model_validate(read(document)) for (document,) in rows))


def offerings(connection: Connection) -> Sequence[tuple[str, str, int]]:
    """Whose rows there are, for which offering, and how many."""
    return [(tenant, offering, count) for tenant, offering, count in _OFFERINGS.rows(connection)]


def drop(connection: Connection, tenant: str, offering_id: str) -> int:
    """Forget the rows of a tenant for an offering; how many there were."""
    return _DROP.change(connection, {"of_tenant": tenant, "of_offering": indexed(offering_id)})
