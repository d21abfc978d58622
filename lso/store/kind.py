"""The sets of product schemas that things of a tenant are about. There are few, so whether a dialect may see something
is decided once a set, not once a row: each row names its set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import read, write
from lso.store.schema import order_kinds
from lso.store.statement import Statement
from lso.store.upsert import upsert

Visible = Callable[[frozenset[str]], bool]

_KEEP = Statement(upsert(order_kinds).values(
    {column.name: bindparam(column.name) for column in order_kinds.columns}).on_conflict_do_nothing())
_ALL = Statement(
    sa.select(order_kinds.c.kind, order_kinds.c.schemas).where(order_kinds.c.tenant == bindparam("tenant"))
)


@lru_cache(maxsize=4096)
def kind_of(schemas: tuple[str, ...]) -> str:
    """The name of a set; schemas in order."""
    return hashlib.sha256("\n".join(schemas).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def keep(connection: Connection, tenant: str, schemas: tuple[str, ...]) -> None:
    """Know a set by its name from now on."""
    _KEEP.later(connection, {"tenant": tenant, "kind": kind_of(schemas), "schemas": write(schemas)}, once=True)


def seen(connection: Connection, tenant: str, visible: Visible | None) -> list[str] | None:
    """The names of those sets that may be seen; None when all may."""
    if visible is None:
        return None
    kinds = _ALL.rows(connection, {"tenant": tenant})
    shown = [kind for kind, schemas in kinds if visible(frozenset(read(schemas)))]
    return shown if not shown or len(shown) < len(kinds) else None
