"""Lists of orders: a page of those that fit, and how many there are, at a cost that does not grow with the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.canonical.criteria import Condition, Criteria, Page
from lso.store.criteria import Plan, Walk, plan
from lso.store.document import read
from lso.store.fitting import holds
from lso.store.order_row import FIELDS, StoredOrder, order_of
from lso.store.schema import order_kinds
from lso.store.statement import Statement, driver, flush

Visible = Callable[[frozenset[str]], bool]

# Documents read at most when a condition has no column.
SCAN_MOST = 20_000
BATCH = 200
# How far a walk is measured.
PROBE_MOST = 2000

_KINDS = Statement(
    sa.select(order_kinds.c.kind, order_kinds.c.schemas).where(order_kinds.c.tenant == bindparam("tenant"))
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page. `total` is exact, or the most that is counted. With `unsupported` conditions nothing was selected."""

    rows: tuple[StoredOrder, ...] = ()
    total: int = 0
    exact: bool = True
    unsupported: tuple[Condition, ...] = ()


def select(connection: Connection, tenant: str, criteria: Criteria, *, visible: Visible | None = None,
           buyers: tuple[str | None, ...] | None = None, count_most: int = 1000) -> Found:
    """A page of the orders that fit, in a stable order.

    visible: decides on the product schemas of an order. buyers: whose orders, None for those in nobody's name.
    """
    values = _Values(connection)
    found = plan(tenant, criteria.conditions, values.bind)
    if found.unsupported:
        return Found(unsupported=tuple(found.unsupported))
    if not _show(connection, found, tenant, visible, values):
        return Found()
    if buyers is not None:
        tests = ["buyer_id IS NULL" if one is None else f"buyer_id = {values.bind(one)}" for one in buyers]
        found.where.append(f"({' OR '.join(tests)})")
    flush(connection)
    run = driver(connection).execute
    walk = _shortest(connection, found, values)
    page = criteria.page
    most = page.most if page.limit is None else min(page.limit, page.most)
    if found.rest:
        return _select_slowly(connection, found, walk, values, page=page, most=most, count_most=count_most)
    total = run(_count(found.conditions(walk), walk, values, count_most + 1), values).fetchone()[0]
    rows = []
    if most > 0 and (page.offset < total or total > count_most):
        bounds = values.bind(page.offset + most), values.bind(most), values.bind(page.offset)
        rows = run(_page(found, walk, values, *bounds), values).fetchall()
    return Found(tuple(map(order_of, rows)), min(total, count_most), total <= count_most)


def indexed_only(criteria: Criteria) -> bool:
    """Whether a selection reads no more documents than it returns; any other is better run aside."""
    return not plan("", criteria.conditions, lambda _value: "").rest


def _shortest(connection: Connection, found: Plan, values: _Values) -> Walk:
    """The walk that passes the fewest orders; beyond PROBE_MOST they all count as equal."""
    ways = found.ways()
    if len(ways) == 1 or ways[0].index is None:
        return ways[0]
    run = driver(connection).execute
    return min(ways, key=lambda walk: run(_count(found.own(walk), walk, values, PROBE_MOST), values).fetchone()[0])


def _select_slowly(connection: Connection, found: Plan, walk: Walk, values: _Values, *,
                   page: Page, most: int, count_most: int) -> Found:
    """Some condition has no column: read documents until enough is known."""
    rows: list[StoredOrder] = []
    total = scanned = 0
    for order in _scan(connection, found, walk, values):
        scanned += 1
        if not holds(order.document, found.rest):
            continue
        total += 1
        if page.offset < total <= page.offset + most:
            rows.append(order)
        if total > count_most and total >= page.offset + most:
            break
    return Found(tuple(rows), min(total, count_most), total <= count_most and scanned < SCAN_MOST)


def _scan(connection: Connection, found: Plan, walk: Walk, values: _Values) -> Iterator[StoredOrder]:
    sql = _page(found, walk, values, values.bind_as("top", 0), values.bind(BATCH), values.bind_as("start", 0))
    for start in range(0, SCAN_MOST, BATCH):
        values["top"], values["start"] = start + BATCH, start
        rows = driver(connection).execute(sql, values).fetchall()
        yield from map(order_of, rows)
        if len(rows) < BATCH:
            return


def _show(connection: Connection, found: Plan, tenant: str, visible: Visible | None, values: _Values) -> bool:
    """Narrow a plan to the kinds of order that may be seen; false when there is none."""
    if visible is None:
        return True
    kinds = [(kind, visible(frozenset(read(schemas)))) for kind, schemas in _KINDS.rows(connection, {"tenant": tenant})]
    seen = [values.bind(kind) for kind, shown in kinds if shown]
    if seen and len(seen) < len(kinds):
        found.where.append(f"kind IN ({', '.join(seen)})")
    return bool(seen)


def _branches(where: str, walk: Walk, values: _Values, columns: str, tail: str) -> str:
    table = f"orders INDEXED BY {walk.index}" if values.local and walk.index else "orders"
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {columns} FROM {table} WHERE {where} AND {branch} {tail}) AS branch"  # noqa: S608 - no values
        for branch in walk.branches
    )


def _count(where: str, walk: Walk, values: _Values, most: int) -> str:
    limit = f"LIMIT {values.bind(most)}"
    inner = _branches(where, walk, values, "1 AS one", limit)
    return f"SELECT count(*) FROM (SELECT * FROM ({inner}) AS matches {limit}) AS counted"  # noqa: S608 - no values


def _page(found: Plan, walk: Walk, values: _Values, top: str, limit: str, offset: str) -> str:
    """Numbers first, then the documents of this page alone."""
    columns, tail = f"{walk.order_by} AS sorted, number AS place", f"ORDER BY {walk.order_by}, number LIMIT {top}"
    inner = _branches(found.conditions(walk), walk, values, columns, tail)
    fields = ", ".join([*(f"orders.{name}" for name in FIELDS), "order_kinds.schemas"])
    return (
        f"SELECT {fields} FROM (SELECT * FROM ({inner}) AS matches "  # noqa: S608 - no values
        f"ORDER BY sorted, place LIMIT {limit} OFFSET {offset}) AS page "
        "JOIN orders ON orders.number = page.place "
        "JOIN order_kinds ON order_kinds.tenant = orders.tenant AND order_kinds.kind = orders.kind "
        "ORDER BY page.sorted, page.place"
    )


class _Values(dict[str, object]):
    """Values by name; binding one gives its place in this driver's SQL."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.local = connection.dialect.name == "sqlite"

    def bind(self, value: object) -> str:
        return self.bind_as(f"v{len(self)}", value)

    def bind_as(self, name: str, value: object) -> str:
        self[name] = value
        return f":{name}" if self.local else f"%({name})s"
