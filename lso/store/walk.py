"""Walks: ways through an index of `orders` that give what fits already in order, so that a page costs the same in a
store of any size.

Dates are indexed state by state, for what is asked is nearly always "late, and still in progress". A list that names no
state walks those of all states side by side: there are a dozen. Buyers and projects are indexed in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

BRANCHES_MOST = 64

Bind = Callable[[object], str]
Values = Sequence[str | None]


@dataclass(frozen=True)
class Walk:
    """One of the branches holds, and each branch comes in order by itself.

    lead: columns of the index that a branch fixes; order_by comes after them. serves: names of the tests that bound it.
    """

    index: str | None
    lead: tuple[str, ...]
    order_by: str
    serves: frozenset[str]
    branches: tuple[str, ...] = ("1 = 1",)

    @property
    def order(self) -> str:
        """All columns of the index but the tenant: PostgreSQL does not see that `is null` fixes one."""
        return ", ".join((*self.lead, self.order_by, "number"))


ORDERED = frozenset({"ordered_at"})
EVERY = Walk("orders_ordered", (), "ordered_at", ORDERED)
ONE_BY_ONE = Walk(None, (), "ordered_at", frozenset({"id"}))

# The sharpest first: of walks that are equally long, as far as they are measured, the first is taken.
_NAMED = {"orders_external": ("external_id",), "orders_project": ("project_id", "state")}
_GROUPED = {"orders_buyer": ("buyer_id", "state"), "orders_state": ("state",)}


def walks(fixed: Mapping[str, Values], dates: Collection[str], states: Callable[[], Values | None],
          bind: Bind) -> list[Walk]:
    """All walks for columns that have one of some values, and for columns with bounded dates; at least one.

    states: those that orders are in, where none are named; None when there are too many to walk side by side.
    """
    if "id" in fixed:
        return [ONE_BY_ONE]
    if not all(fixed.values()):  # nothing fits
        return [EVERY]
    choices = dict(fixed)
    leads = {index: (lead, "ordered_at") for index, lead in _NAMED.items()}
    leads |= {f"orders_{date}": (("state",), date) for date in dates if date not in ORDERED}
    leads |= {index: (lead, "ordered_at") for index, lead in _GROUPED.items()}
    wanted = {index: way for index, way in leads.items() if all(one in fixed for one in way[0] if one != "state")
              and (way[0] != ("state",) or way[1] != "ordered_at" or "state" in fixed)}
    if "state" not in fixed and any("state" in lead for lead, _order_by in wanted.values()):
        found = states()
        if found is None:
            wanted = {index: way for index, way in wanted.items() if "state" not in way[0]}
        else:
            choices["state"] = found
    ways = [_walk(index, lead, order_by, choices, bind) for index, (lead, order_by) in wanted.items()]
    found_ways = [way for way in ways if len(way.branches) <= BRANCHES_MOST]
    return found_ways if found_ways and not ORDERED.intersection(dates) else [*found_ways, EVERY]


def fits(column: str, value: str | None, bind: Bind) -> str:
    """That a column has a value, or none."""
    return f"{column} IS NULL" if value is None else f"{column} = {bind(value)}"


def _walk(index: str, lead: tuple[str, ...], order_by: str, choices: Mapping[str, Values], bind: Bind) -> Walk:
    """Each combination of values is in order in the index; all together are not."""
    columns = [[fits(column, value, bind) for value in choices[column]] for column in lead]
    branches = tuple(" AND ".join(tests) for tests in product(*columns))
    return Walk(index, lead, order_by, frozenset({order_by}), branches)
