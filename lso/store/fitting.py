"""Whether a document fits conditions: what they mean, for every path there is. `criteria.py` says the same in SQL.

Conditions on one path hold for one value together: an item is requested between two dates, not one before and
another after. A condition on an absent value never holds, but for `ne`, which says that no value equals. Paths that
end in `_at` compare as times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from lso.canonical.criteria import Condition
from lso.store.instant import seconds


def holds(document: Any, conditions: Iterable[Condition]) -> bool:
    """Whether all conditions hold; patterns are nobody's business here."""
    for path, group in groupby(sorted(conditions, key=lambda one: one.path), lambda one: one.path):
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
