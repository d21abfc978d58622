"""Both legs of every exchange with a back end, by order: redacted and cut short by whoever recorded them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.schema import activities
from lso.store.statement import Statement


@dataclass(frozen=True, slots=True)
class Activity:
    """One exchange. status and response: None where none came; outcome says why. at: when it began."""

    tenant: str
    order_id: str
    item_id: str
    backend: str
    at: float
    seconds: float
    request_line: str
    request: str | None
    status: int | None
    response: str | None
    outcome: str
    trace_id: str | None


_FIELDS = tuple(field.name for field in dataclasses.fields(Activity))
_ALL = tuple(activities.c[name] for name in _FIELDS)
_INSERT = Statement(sa.insert(activities).values({name: bindparam(name) for name in _FIELDS}).inline())
_OF_ORDER = Statement(sa.select(*_ALL).where(
    activities.c.tenant == bindparam("owner"), activities.c.order_id == bindparam("of_order"),
).order_by(activities.c.number))
_PURGE = Statement(sa.delete(activities).where(activities.c.number.in_(
    sa.select(activities.c.number).where(activities.c.at < bindparam("before")).limit(bindparam("most")))))


def insert(connection: Connection, activity: Activity) -> None:
    """Keep an exchange."""
    _INSERT.later(connection, {name: getattr(activity, name) for name in _FIELDS})


def of_order(connection: Connection, tenant: str, order_id: str) -> list[Activity]:
    """What was said about an order of this tenant, in the order in which it was recorded."""
    rows: list[tuple[Any, ...]] = _OF_ORDER.rows(connection, {"owner": tenant, "of_order": order_id})
    return [Activity(*row) for row in rows]


def purge(connection: Connection, *, before: float, limit: int = 500) -> int:
    """Drop exchanges that began before a time; says how many."""
    return _PURGE.change(connection, {"before": before, "most": limit})
