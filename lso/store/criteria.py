"""Criteria as SQL over `orders`, and as a plain test of a document for what has no column.

Conditions on one path hold for one value together: an item is requested between two dates, not one before and
another after. A condition on an absent value never holds, but for `ne`, which says that no value equals. Paths that
end in `_at` compare as times.

Lists are stable: by `ordered_at` and number, or by the date that is filtered for, so that an index gives matches
already in order and a page costs the same in a store of any size. The planners cannot know that, so on SQLite the
index is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from lso.canonical.criteria import Condition
from lso.store.document import indexed
from lso.store.instant import seconds

COLUMNS = {name: name for name in ("id", "state", "external_id", "project_id", "buyer_id", "seller_id")}
DATES = {name: name for name in ("ordered_at", "completed_at", "cancelled_at")}
SPANS = {"items/requested_completion_at": "requested", "items/expected_completion_at": "expected"}

_SIGNS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_RANK = ("id", "external_id", "project_id", "completed_at", "cancelled_at", *SPANS)
_EQUALITIES = {"external_id": "orders_external", "project_id": "orders_project", "state": "orders_state"}


@dataclass
class Plan:
    """How to find what fits: SQL conditions, the index, the order, and what is left to test on documents.

    branches: one list of SQL conditions each; results of all, merged, are the result.
    unsupported: conditions nobody here evaluates.
    """

    bind: Callable[[object], str]
    local: bool
    where: list[str] = field(default_factory=list)
    branches: list[str] = field(default_factory=lambda: ["1 = 1"])
    index: str | None = "orders_ordered"
    order_by: str = "ordered_at"
    rest: list[Condition] = field(default_factory=list)
    unsupported: list[Condition] = field(default_factory=list)

    @property
    def table(self) -> str:
        """What to select from; only SQLite is told the index."""
        return f"orders INDEXED BY {self.index}" if self.local and self.index else "orders"


def plan(tenant: str, conditions: tuple[Condition, ...], bind: Callable[[object], str], *, local: bool) -> Plan:
    """The plan for some conditions; `bind` takes a value and gives its place in the SQL; `local` is SQLite."""
    result = Plan(bind, local)
    result.where.append(f"tenant = {bind(tenant)}")
    for path, group in groupby(sorted(conditions, key=_sharpest_first), lambda one: one.path):
        together = list(group)
        if path in COLUMNS and all(one.operator in ("eq", "ne", "in") for one in together):
            _column(result, COLUMNS[path], together)
        elif path in DATES and all(one.operator != "regex" for one in together):
            _date(result, DATES[path], together)
        elif path in SPANS and all(one.operator != "regex" for one in together):
            _span(result, SPANS[path], together)
        else:
            result.unsupported.extend(one for one in together if one.operator == "regex")
            result.rest.extend(one for one in together if one.operator != "regex")
    return result


def _sharpest_first(condition: Condition) -> tuple[int, str]:
    """The first condition with an index decides on it."""
    path = condition.path
    return (_RANK.index(path) if path in _RANK else len(_RANK), path)


def _column(result: Plan, column: str, conditions: list[Condition]) -> None:
    for one in conditions:
        values = [indexed(value) for value in one.values]
        if one.operator == "ne":
            result.where.extend(f"({column} IS NULL OR {column} <> {result.bind(value)})" for value in values)
            continue
        tests = [f"{column} = {result.bind(value)}" for value in dict.fromkeys(values)]
        if one.operator == "eq" and len(tests) != 1:
            tests = ["1 = 0"]
        if column == "id":
            result.index = None
        elif column in _EQUALITIES and result.index == "orders_ordered":
            result.index = _EQUALITIES[column]
            # One branch a value: each comes from the index in order, however many values there are.
            if len(result.branches) == 1 and 0 < len(tests) <= 16:
                result.branches, tests = tests, ["1 = 1"]
            result.where.append(f"{column} IS NOT NULL")  # as the index is
        result.where.append(f"({' OR '.join(tests) or '1 = 0'})")


def _date(result: Plan, column: str, conditions: list[Condition]) -> None:
    result.where.extend(_bounds(result, column, conditions))
    result.where.extend(
        f"({column} IS NULL OR NOT ({_any(result, column, one)}))" for one in conditions if one.operator == "ne"
    )
    if column != "ordered_at" and any(one.operator != "ne" for one in conditions):
        _lead(result, column)


def _span(result: Plan, span: str, conditions: list[Condition]) -> None:
    """The first, the last, or one between them fits."""
    first, last = f"{span}_first", f"{span}_last"
    positive = [one for one in conditions if one.operator != "ne"]

    def some(tests: Callable[[str], list[str]]) -> str:
        between = (
            "EXISTS (SELECT 1 FROM order_moments AS moment "  # noqa: S608 - names of ours, values bound
            "WHERE moment.tenant = orders.tenant AND moment.order_id = orders.id "
            f"AND moment.span = '{span}' AND {' AND '.join(tests('moment.at'))})"
        )
        return f"(({' AND '.join(tests(first))}) OR ({' AND '.join(tests(last))}) OR {between})"

    if positive:
        result.where.append(some(lambda column: _bounds(result, column, positive)))
        above = [one for one in positive if one.operator in ("gt", "gte", "eq", "in")]
        below = [one for one in positive if one.operator in ("lt", "lte", "eq", "in")]
        # Implied by the above, and what the index can use.
        for column, needed in ((last, above), (first, below)):
            result.where.extend(_implied(result, column, one, column == last) for one in needed)
        _lead(result, last if above else first)
    for one in conditions:
        if one.operator == "ne":
            equal = some(lambda column, one=one: [_any(result, column, one)])  # type: ignore[misc]
            result.where.append(f"({first} IS NULL OR NOT {equal})")


def _implied(result: Plan, column: str, one: Condition, last: bool) -> str:
    """What holds for the last (or first) date when the condition holds for any."""
    moments = [moment for value in one.values if (moment := seconds(value)) is not None]
    if not moments:
        return "1 = 0"
    if one.operator in ("eq", "in"):
        return f"{column} {'>=' if last else '<='} {result.bind(min(moments) if last else max(moments))}"
    return f"{column} {_SIGNS[one.operator]} {result.bind(moments[0])}"


def _lead(result: Plan, column: str) -> None:
    """Walk the index of this date, unless something sharper has been found."""
    if result.index == "orders_ordered":
        result.index, result.order_by = f"orders_{column}", column
        result.where.append(f"{column} IS NOT NULL")


def _bounds(result: Plan, column: str, conditions: list[Condition]) -> list[str]:
    return [
        _any(result, column, one) if one.operator in ("eq", "in")
        else f"{column} {_SIGNS[one.operator]} {result.bind(seconds(one.values[0]))}" if len(one.values) == 1
        else "1 = 0"
        for one in conditions if one.operator != "ne"
    ]


def _any(result: Plan, column: str, one: Condition) -> str:
    if one.operator == "eq" and len(one.values) != 1:
        return "1 = 0"
    tests = [f"{column} = {result.bind(moment)}" for value in one.values if (moment := seconds(value)) is not None]
    return f"({' OR '.join(tests)})" if tests else "1 = 0"


def holds(document: Any, conditions: tuple[Condition, ...] | list[Condition]) -> bool:
    """Whether a document fits; the meaning that the SQL has, for every path there is."""
    ordered = sorted(conditions, key=lambda condition: condition.path)
    for path, group in groupby(ordered, lambda one: one.path):
        together = list(group)
        values = list(_values(document, path.split("/")))
        positive = [one for one in together if one.operator != "ne"]
        if positive and not any(all(_fits(path, value, one) for one in positive) for value in values):
            return False
        if any(_fits(path, value, one) for one in together if one.operator == "ne" for value in values):
            return False
    return True


def _values(node: Any, segments: list[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for element in node:
            yield from _values(element, segments)
    elif not segments:
        if node is not None and not isinstance(node, dict):
            yield node
    elif isinstance(node, dict) and segments[0] in node:
        yield from _values(node[segments[0]], segments[1:])


def _fits(path: str, value: Any, one: Condition) -> bool:
    """`ne` is asked as equality here; its caller turns it round."""
    if one.operator in ("eq", "gt", "gte", "lt", "lte") and len(one.values) != 1:
        return False
    compare = _COMPARISONS[one.operator]
    return any(compare(*pair) for wanted in one.values if (pair := _comparable(path, value, wanted)) is not None)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left == right,
    "in": lambda left, right: left == right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}


def _comparable(path: str, value: Any, wanted: str) -> tuple[Any, Any] | None:
    """Both as times, numbers or text; None when they cannot be compared."""
    if path.endswith("_at"):
        left, right = seconds(value), seconds(wanted)
        return None if left is None or right is None else (left, right)
    if isinstance(value, bool):
        return str(value).lower(), wanted.lower()
    if isinstance(value, int | float):
        try:
            return value, float(wanted)
        except ValueError:
            return None
    return (value, wanted) if isinstance(value, str) else None
