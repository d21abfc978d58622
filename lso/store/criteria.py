"""Criteria as SQL over `orders`; what the conditions mean is said in `fitting.py`.

Lists are stable: by `ordered_at` and number, or by the date that is filtered for. So every list can *walk* an index
that gives matches already in order, and a page costs the same in a store of any size. Which walk is the shortest, the
planners cannot know: they are not told what tenants are like. So `listing.py` measures, SQLite is told the index, and
conditions of other walks are put in a way that PostgreSQL cannot use an index for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from lso.canonical.criteria import Condition
from lso.store.document import indexed
from lso.store.instant import seconds

COLUMNS = ("id", "state", "external_id", "project_id", "buyer_id", "seller_id")
DATES = ("ordered_at", "completed_at", "cancelled_at")
SPANS = {"items/requested_completion_at": "requested", "items/expected_completion_at": "expected"}

BRANCHES_MOST = 16
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# The sharpest first: of walks of equal length the first is taken.
_EQUALITIES = {"external_id": "orders_external", "project_id": "orders_project", "state": "orders_state"}
_RANK = ("id", "external_id", "project_id", "completed_at", "cancelled_at", *SPANS, "state")

Bind = Callable[[object], str]


@dataclass
class Walk:
    """A way through an index: all tests hold, and one of the branches; each branch comes in order by itself."""

    index: str | None
    order_by: str
    tests: list[str]
    branches: list[str] = field(default_factory=lambda: ["1 = 1"])

    def all(self) -> list[str]:
        """The same as plain conditions."""
        return [*self.tests, f"({' OR '.join(self.branches)})"]


@dataclass
class Plan:
    """walks: ways to find what fits. ordered: bounds of `ordered_at`. where: conditions that no index serves.

    rest: conditions to test on documents. unsupported: conditions that nobody here evaluates.
    """

    tenant: str
    walks: list[Walk] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    rest: list[Condition] = field(default_factory=list)
    unsupported: list[Condition] = field(default_factory=list)

    def ways(self) -> list[Walk]:
        """All walks there are, at least one."""
        if self.walks and (not self.ordered or self.walks[0].index is None):
            return self.walks
        return [*self.walks, Walk("orders_ordered", "ordered_at", [])]

    def conditions(self, chosen: Walk) -> str:
        """All conditions but the branches of the walk chosen."""
        others = [test for walk in self.walks if walk is not chosen for test in walk.all()]
        near, far = (self.ordered, others) if chosen.order_by == "ordered_at" else ([], self.ordered + others)
        return " AND ".join([self.tenant, *chosen.tests, *near, *(f"({test}) IS TRUE" for test in far), *self.where])

    def own(self, walk: Walk) -> str:
        """The conditions that a walk itself serves: what its length is measured by."""
        return " AND ".join([self.tenant, *walk.tests, *(self.ordered if walk.order_by == "ordered_at" else ())])


def plan(tenant: str, conditions: tuple[Condition, ...], bind: Bind) -> Plan:
    """The plan for some conditions; `bind` takes a value and gives its place in the SQL."""
    result = Plan(f"tenant = {bind(tenant)}")
    for path, group in groupby(sorted(conditions, key=_sharpest_first), lambda one: one.path):
        together = list(group)
        if path in COLUMNS and all(one.operator in ("eq", "ne", "in") for one in together):
            _column(result, path, together, bind)
        elif path in DATES and all(one.operator != "regex" for one in together):
            _date(result, path, together, bind)
        elif path in SPANS and all(one.operator != "regex" for one in together):
            _span(result, SPANS[path], together, bind)
        else:
            result.unsupported.extend(one for one in together if one.operator == "regex")
            result.rest.extend(one for one in together if one.operator != "regex")
    return result


def _sharpest_first(condition: Condition) -> tuple[int, str]:
    path = condition.path
    return (_RANK.index(path) if path in _RANK else len(_RANK), path)


def _column(result: Plan, column: str, conditions: list[Condition], bind: Bind) -> None:
    for one in conditions:
        values = [bind(indexed(value)) for value in dict.fromkeys(one.values)]
        tests = [f"{column} = {value}" for value in values]
        if one.operator == "ne":
            result.where.extend(f"({column} IS NULL OR {column} <> {value})" for value in values)
        elif not tests or (one.operator == "eq" and len(tests) > 1):
            result.where.append("1 = 0")
        elif column == "id":
            result.walks.insert(0, Walk(None, "ordered_at", [f"({' OR '.join(tests)})"]))
        elif column in _EQUALITIES and len(tests) <= BRANCHES_MOST:
            # One branch a value: each is in order in the index, all values together are not.
            result.walks.append(Walk(_EQUALITIES[column], "ordered_at", [f"{column} IS NOT NULL"], tests))
        else:
            result.where.append(f"({' OR '.join(tests)})")


def _date(result: Plan, column: str, conditions: list[Condition], bind: Bind) -> None:
    bounds = [_compare(column, one, bind) for one in conditions if one.operator != "ne"]
    if column == "ordered_at":
        result.ordered.extend(bounds)
    elif bounds:
        result.walks.append(Walk(f"orders_{column}", column, [f"{column} IS NOT NULL", *bounds]))
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
            result.walks.append(Walk(f"orders_{column}", column, [f"{column} IS NOT NULL", *needed]))
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
