"""Criteria as SQL over `orders`; what the conditions mean is said in `fitting.py`.

Lists are stable: by `ordered_at` and number, or by the date that is filtered for. Conditions become *tests*, and there
are one or more *walks* (`walk.py`) to what passes them. Which walk is the shortest, the planners cannot know: they are
not told what tenants are like. So `listing.py` measures, SQLite is told the index, and tests that another walk would
serve are put in a way that PostgreSQL cannot use an index for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from lso.canonical.criteria import Condition
from lso.store.document import indexed
from lso.store.instant import seconds
from lso.store.walk import Bind, Values, Walk, fits, walks

COLUMNS = ("id", "state", "external_id", "project_id", "buyer_id", "seller_id")
DATES = ("ordered_at", "completed_at", "cancelled_at")
SPANS = {"items/requested_completion_at": "requested", "items/expected_completion_at": "expected"}

_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass
class Plan:
    """tests: what must hold, by name; walks: ways to find what fits. where: conditions that no index serves.

    rest: conditions to test on documents. unsupported: conditions that nobody here evaluates.
    """

    tenant: str
    tests: dict[str, str] = field(default_factory=dict)
    walks: list[Walk] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    rest: list[Condition] = field(default_factory=list)
    unsupported: list[Condition] = field(default_factory=list)

    def conditions(self, walk: Walk) -> str:
        """All conditions but the branches of the walk."""
        far = [f"({test}) IS TRUE" for name, test in self.tests.items()
               if name not in walk.serves and name not in walk.lead]
        return " AND ".join([self.own(walk), *far, *self.where])

    def own(self, walk: Walk) -> str:
        """The conditions that a walk itself serves: what its length is measured by."""
        return " AND ".join([self.tenant, *(test for name, test in self.tests.items() if name in walk.serves)])


def plan(tenant: str, conditions: tuple[Condition, ...], bind: Bind, *,
         states: Callable[[], Values | None] = lambda: (None,), buyers: Values | None = None) -> Plan:
    """The plan for some conditions; `bind` takes a value and gives its place in the SQL.

    states: those that orders of the tenant are in, with None for orders without; None when they are too many to tell.
    buyers: whose orders.
    """
    result = Plan(f"tenant = {bind(tenant)}")
    fixed: dict[str, Values] = {}
    if buyers is not None:
        fixed["buyer_id"] = tuple(dict.fromkeys(buyers))
    for path, group in groupby(sorted(conditions, key=lambda one: one.path), lambda one: one.path):
        together = list(group)
        if path in COLUMNS and all(one.operator in ("eq", "ne", "in") for one in together):
            if (wanted := _column(result, path, together, bind, states)) is not None:
                fixed[path] = [one for one in wanted if path not in fixed or one in fixed[path]]
        elif path in DATES and all(one.operator != "regex" for one in together):
            _date(result, path, together, bind)
        elif path in SPANS and all(one.operator != "regex" for one in together):
            _span(result, SPANS[path], together, bind)
        else:
            result.unsupported.extend(one for one in together if one.operator == "regex")
            result.rest.extend(one for one in together if one.operator != "regex")
    result.walks = walks(fixed, list(result.tests), states, bind)
    for column, values in fixed.items():
        tests = [fits(column, value, bind) for value in values]
        result.tests[column] = f"({' OR '.join(tests)})" if tests else "1 = 0"
    return result


def _column(result: Plan, column: str, conditions: list[Condition], bind: Bind,
            states: Callable[[], Values | None]) -> Values | None:
    """The values that the column may have; None when it may have any but a few."""
    wanted: Values | None = None
    for one in conditions:
        values = [indexed(value) for value in dict.fromkeys(one.values)]
        if one.operator != "ne":
            values = [] if one.operator == "eq" and len(values) != 1 else values
            wanted = values if wanted is None else [value for value in wanted if value in values]
        elif column == "state" and (found := states() if wanted is None else wanted) is not None:
            wanted = [value for value in found if value not in values]
        else:
            result.where.extend(f"({column} IS NULL OR {column} <> {bind(value)})" for value in values)
    return wanted


def _date(result: Plan, column: str, conditions: list[Condition], bind: Bind) -> None:
    bounds = [_compare(column, one, bind) for one in conditions if one.operator != "ne"]
    if bounds:
        result.tests[column] = " AND ".join([f"{column} IS NOT NULL", *bounds])
    for one in conditions:
        if one.operator == "ne":
            result.where.append(f"({column} IS NULL OR NOT {_equal(column, one, bind)})")


def _span(result: Plan, span: str, conditions: list[Condition], bind: Bind) -> None:
    """The first date fits, or the last, or one between them."""
    first, last = f"{span}_first", f"{span}_last"
    positive = [one for one in conditions if one.operator != "ne"]

    def some(tests: Callable[[str], list[str]]) -> str:
        between = (
            "EXISTS (SELECT 1 FROM order_moments AS moment "  # noqa: S608 - names of ours, values bound
            "WHERE moment.tenant = orders.tenant AND moment.order_id = orders.id "
            f"AND moment.span = '{span}' AND {' AND '.join(tests('moment.at'))})"
        )
        return f"(({' AND '.join(tests(first))}) OR ({' AND '.join(tests(last))}) OR {between})"

    # What holds for the last date when it holds for any, and for the first: that an index can serve.
    for column, operators in ((last, ("gt", "gte", "eq", "in")), (first, ("lt", "lte", "eq", "in"))):
        needed = [_implied(column, one, bind, last=column == last) for one in positive if one.operator in operators]
        if needed:
            result.tests[column] = " AND ".join([f"{column} IS NOT NULL", *needed])
    # Later than some time is said of the last alone, earlier of the first; all else needs a look at every date.
    if positive and not any({one.operator for one in positive} <= side for side in ({"gt", "gte"}, {"lt", "lte"})):
        result.where.append(some(lambda column: [_compare(column, one, bind) for one in positive]))
    for one in conditions:
        if one.operator == "ne":
            equal = some(lambda column, one=one: [_equal(column, one, bind)])  # type: ignore[misc]
            result.where.append(f"({first} IS NULL OR NOT {equal})")


def _implied(column: str, one: Condition, bind: Bind, *, last: bool) -> str:
    """What holds for the last (or first) date when the condition holds for any."""
    moments = [moment for value in one.values if (moment := seconds(value)) is not None]
    if not moments or (one.operator != "in" and len(one.values) != 1):
        return "1 = 0"
    if one.operator in ("eq", "in"):
        return f"{column} {'>=' if last else '<='} {bind(min(moments) if last else max(moments))}"
    return f"{column} {_SIGNS[one.operator]} {bind(moments[0])}"


def _compare(column: str, one: Condition, bind: Bind) -> str:
    if one.operator in ("eq", "in"):
        return _equal(column, one, bind)
    moment = seconds(one.values[0]) if len(one.values) == 1 else None
    return "1 = 0" if moment is None else f"{column} {_SIGNS[one.operator]} {bind(moment)}"


def _equal(column: str, one: Condition, bind: Bind) -> str:
    if one.operator == "eq" and len(one.values) != 1:
        return "(1 = 0)"
    tests = [f"{column} = {bind(moment)}" for value in one.values if (moment := seconds(value)) is not None]
    return f"({' OR '.join(tests)})" if tests else "(1 = 0)"
