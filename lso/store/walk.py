"""Walks: ways through an index of `orders` that give what fits already in order, so that a page costs the same in a
store of any size.

Dates are indexed state by state, for what is asked is nearly always "late, and still in progress". A list that names no
state walks those of all states side by side: there are a dozen. Buyers and projects are indexed in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

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


@dataclass(frozen=True)
class Way:
    """What an index offers: a walk, once the columns of lead have values."""

    index: str
    lead: tuple[str, ...]
    order_by: str = "ordered_at"


# The sharpest first: of walks that are equally long, as far as they are measured, the first is taken.
_NAMED = (Way("orders_external", ("external_id",)), Way("orders_project", ("project_id", "state")))
_OF_BUYER = Way("orders_buyer", ("buyer_id", "state"))
_IN_STATE = Way("orders_state", ("state",))


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
    ways = [*_NAMED, *(Way(f"orders_{date}", ("state",), date) for date in dates if date not in ORDERED), _OF_BUYER]
    ways = [way for way in ways if all(column in fixed for column in way.lead if column != "state")]
    if "state" in fixed and (not ways or "ordered_at" in dates):  # else the others are shorter, all of them
        ways.append(_IN_STATE)
    if "state" not in fixed and any("state" in way.lead for way in ways):
        found = states()
        choices |= {} if found is None else {"state": found}
    found_walks = [walk for way in ways if (walk := _walk(way, choices, bind)) is not None]
    return [*found_walks, EVERY] if "ordered_at" in dates or not found_walks else found_walks


def fits(column: str, value: str | None, bind: Bind) -> str:
    """That a column has a value, or none."""
    return f"{column} IS NULL" if value is None else f"{column} = {bind(value)}"


def _walk(way: Way, choices: Mapping[str, Values], bind: Bind) -> Walk | None:
    """Each combination of values is in order in the index; all together are not. None for too many of them."""
    if not all(column in choices for column in way.lead):
        return None
    columns = [[fits(column, value, bind) for value in choices[column]] for column in way.lead]
    if prod(len(tests) for tests in columns) > BRANCHES_MOST:
        return None
    branches = tuple(" AND ".join(tests) for tests in product(*columns))
    return Walk(way.index, way.lead, way.order_by, frozenset({way.order_by}), branches)
