"""Lists of resources: a page of those of a kind that fit, in the order in which they came, and how many there are.

A condition on a column is part of the query; any other is answered from the documents, as many as are read at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from lso.canonical.criteria import Condition, Criteria
from lso.store.document import indexed
from lso.store.fitting import holds
from lso.store.found import Found as FoundOf
from lso.store.kind import Visible, seen
from lso.store.resource import FIELDS, StoredResource, resource_of
from lso.store.statement import driver, flush
from lso.store.values import Values

Found = FoundOf[StoredResource]

COLUMNS = frozenset({"id", "state", "order_id"})
EQUALITIES = ("eq", "ne", "in")
SCAN_MOST = 20_000
BATCH = 200


def select(connection: Connection, tenant: str, kind: str, criteria: Criteria, *, visible: Visible | None = None,
           buyers: tuple[str | None, ...] | None = None, count_most: int = 1000) -> Found:
    """A page of the resources that fit.

    visible: decides on the product schemas that a resource is about. buyers: whose, None for those in nobody's name.
    """
    unsupported = tuple(one for one in criteria.conditions if one.operator == "regex")
    kinds = seen(connection, tenant, visible)
    if unsupported or kinds == []:
        return Found(unsupported=unsupported)
    values = Values(connection)
    where = [f"resources.tenant = {values.bind(tenant)}", f"resources.kind = {values.bind(kind)}"]
    if kinds is not None:
        where.append(f"about IN ({', '.join(map(values.bind, kinds))})")
    if buyers is not None:
        tests = ["buyer_id IS NULL" if one is None else f"buyer_id = {values.bind(one)}" for one in buyers]
        where.append(f"({' OR '.join(tests)})")
    rest = [one for one in criteria.conditions if one.path not in COLUMNS or one.operator not in EQUALITIES]
    where += [_test(one, values) for one in criteria.conditions if one not in rest]
    page = criteria.page
    most = page.most if page.limit is None else min(page.limit, page.most)
    flush(connection)
    if rest:
        return _sifted(_all(connection, where, values), rest, page.offset, most, count_most)
    rows = _batch(connection, where, values, most, page.offset)[1] if most > 0 else []
    total = _count(connection, where, values, count_most + 1)
    return Found(tuple(rows), min(total, count_most), total <= count_most)


def indexed_only(criteria: Criteria) -> bool:
    """Whether a selection reads no more documents than it returns; any other is better run aside."""
    return all(one.path in COLUMNS for one in criteria.conditions)


def _test(one: Condition, values: Values) -> str:
    """A condition on a column, meaning what `fitting.py` says."""
    equal = [f"resources.{one.path} = {values.bind(indexed(value))}" for value in dict.fromkeys(one.values)]
    if one.operator == "ne":
        return f"(resources.{one.path} IS NULL OR NOT ({' OR '.join(equal)}))" if equal else "1 = 1"
    return f"({' OR '.join(equal)})" if equal and (one.operator == "in" or len(equal) == 1) else "1 = 0"


def _sifted(resources: Iterator[StoredResource], rest: list[Condition], offset: int, most: int,
            count_most: int) -> Found:
    rows: list[StoredResource] = []
    total = scanned = 0
    for resource in resources:
        scanned += 1
        if holds(resource.document, rest):
            total += 1
            if offset < total <= offset + most:
                rows.append(resource)
            if total > count_most and total >= offset + most:
                break
    return Found(tuple(rows), min(total, count_most), total <= count_most and scanned < SCAN_MOST)


def _all(connection: Connection, where: list[str], values: Values) -> Iterator[StoredResource]:
    """Batch after batch, as many as are read at most; what has been passed is not passed again."""
    after = [*where, f"number > {values.bind_as('after', 0)}"]
    for _ in range(0, SCAN_MOST, BATCH):
        numbers, found = _batch(connection, after, values, BATCH, 0)
        yield from found
        if len(numbers) < BATCH:
            return
        values["after"] = numbers[-1]


def _batch(connection: Connection, where: list[str], values: Values, most: int,
           offset: int) -> tuple[list[int], list[StoredResource]]:
    """Numbers first, then the documents of these alone."""
    fields = ", ".join([*(f"resources.{name}" for name in FIELDS), "order_kinds.schemas", "resources.number"])
    bounds = values.bind_as("most", most), values.bind_as("offset", offset)
    rows = driver(connection).execute(
        f"SELECT {fields} FROM (SELECT number AS place FROM resources WHERE {' AND '.join(where)} "  # noqa: S608 - names of ours, values bound
        f"ORDER BY number LIMIT {bounds[0]} OFFSET {bounds[1]}) AS page "
        "JOIN resources ON resources.number = page.place "
        "JOIN order_kinds ON order_kinds.tenant = resources.tenant AND order_kinds.kind = resources.about "
        "ORDER BY page.place", values).fetchall()
    return [row[-1] for row in rows], [resource_of(row[:-1]) for row in rows]


def _count(connection: Connection, where: list[str], values: Values, most: int) -> int:
    limit = values.bind_as("counted", most)
    counted: int = driver(connection).execute(
        f"SELECT count(*) FROM (SELECT 1 AS one FROM resources WHERE {' AND '.join(where)} LIMIT {limit}) AS counted",  # noqa: S608 - names of ours, values bound
        values).fetchone()[0]
    return counted
