"""Lists of orders: a page of those that fit, and how many there are, at a cost that does not grow with the store."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from lso.canonical.criteria import Criteria, Page
from lso.store.criteria import Plan, plan
from lso.store.fitting import holds
from lso.store.found import Found as FoundOf
from lso.store.kind import Visible, seen
from lso.store.order_row import FIELDS, StoredOrder, order_of
from lso.store.order_states import states_of
from lso.store.statement import driver, flush
from lso.store.values import Values
from lso.store.walk import Walk

Found = FoundOf[StoredOrder]

# Documents read at most when a condition has no column.
SCAN_MOST = 20_000
BATCH = 200
# How far walks are measured: once, and again when none of them was shorter.
PROBES = (128, 2048)


def select(connection: Connection, tenant: str, criteria: Criteria, *, visible: Visible | None = None,
           buyers: tuple[str | None, ...] | None = None, count_most: int = 1000) -> Found:
    """A page of the orders that fit, in a stable order.

    visible: decides on the product schemas of an order. buyers: whose orders, None for those in nobody's name.
    """
    values = Values(connection)
    found = plan(tenant, criteria.conditions, values.bind, buyers=buyers,
                 states=lambda: states_of(connection, tenant))
    if found.unsupported:
        return Found(unsupported=tuple(found.unsupported))
    if not _show(connection, found, tenant, visible, values):
        return Found()
    flush(connection)
    run = driver(connection).execute
    walk = _shortest(connection, found, values)
    page = criteria.page
    most = page.most if page.limit is None else min(page.limit, page.most)
    if found.rest:
        return _select_slowly(connection, found, walk, values, page=page, most=most, count_most=count_most)
    total = run(_count(found.conditions(walk), walk, values, values.bind(count_most + 1)), values).fetchone()[0]
    rows = []
    if most > 0 and (page.offset < total or total > count_most):
        bounds = values.bind(page.offset + most), values.bind(most), values.bind(page.offset)
        rows = run(_page(found, walk, values, *bounds), values).fetchall()
    return Found(tuple(map(order_of, rows)), min(total, count_most), total <= count_most)


def indexed_only(criteria: Criteria) -> bool:
    """Whether a selection reads no more documents than it returns; any other is better run aside."""
    return not plan("", criteria.conditions, lambda _value: "").rest


def _shortest(connection: Connection, found: Plan, values: Values) -> Walk:
    """The walk that passes the fewest orders; beyond the last of PROBES they all count as equal."""
    if len(found.walks) == 1:
        return found.walks[0]
    run = driver(connection).execute
    lengths: tuple[int, ...] = ()
    for most in PROBES:
        limit = values.bind_as("probe", most)
        counts = ", ".join(f"({_count(found.own(walk), walk, values, limit)})" for walk in found.walks)
        lengths = run(f"SELECT {counts}", values).fetchone()
        if min(lengths) < most:
            break
    return found.walks[lengths.index(min(lengths))]


def _select_slowly(connection: Connection, found: Plan, walk: Walk, values: Values, *,
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


def _scan(connection: Connection, found: Plan, walk: Walk, values: Values) -> Iterator[StoredOrder]:
    sql = _page(found, walk, values, values.bind_as("top", 0), values.bind(BATCH), values.bind_as("start", 0))
    for start in range(0, SCAN_MOST, BATCH):
        values["top"], values["start"] = start + BATCH, start
        rows = driver(connection).execute(sql, values).fetchall()
        yield from map(order_of, rows)
        if len(rows) < BATCH:
            return


def _show(connection: Connection, found: Plan, tenant: str, visible: Visible | None, values: Values) -> bool:
    """Narrow a plan to the kinds of order that may be seen; false when there is none."""
    kinds = seen(connection, tenant, visible)
    if kinds:
        found.where.append(f"kind IN ({', '.join(map(values.bind, kinds))})")
    return kinds is None or bool(kinds)


def _branches(where: str, walk: Walk, values: Values, columns: str, tail: str) -> str:
    table = f"orders INDEXED BY {walk.index}" if values.local and walk.index else "orders"
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {columns} FROM {table} WHERE {where} AND {branch} {tail}) AS branch"  # noqa: S608 - no values
        for branch in walk.branches
    )


def _count(where: str, walk: Walk, values: Values, most: str) -> str:
    """In the order of the walk, for no other reason than that PostgreSQL then takes its index."""
    limit = f"LIMIT {most}"
    inner = _branches(where, walk, values, "1 AS one", f"ORDER BY {walk.order} {limit}")
    return f"SELECT count(*) FROM (SELECT * FROM ({inner}) AS matches {limit}) AS counted"  # noqa: S608 - no values


def _page(found: Plan, walk: Walk, values: Values, top: str, limit: str, offset: str) -> str:
    """Numbers first, then the documents of this page alone."""
    columns, tail = f"{walk.order_by} AS sorted, number AS place", f"ORDER BY {walk.order} LIMIT {top}"
    inner = _branches(found.conditions(walk), walk, values, columns, tail)
    fields = ", ".join([*(f"orders.{name}" for name in FIELDS), "order_kinds.schemas"])
    return (
        f"SELECT {fields} FROM (SELECT * FROM ({inner}) AS matches "  # noqa: S608 - no values
        f"ORDER BY sorted, place LIMIT {limit} OFFSET {offset}) AS page "
        "JOIN orders ON orders.number = page.place "
        "JOIN order_kinds ON order_kinds.tenant = orders.tenant AND order_kinds.kind = orders.kind "
        "ORDER BY page.sorted, page.place"
    )
