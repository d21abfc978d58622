"""What a list asks for, in canonical terms: conditions, and which stretch of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["eq", "ne", "in", "gt", "gte", "lt", "lte", "regex"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `path` is canonical, with slashes, through lists: `state`, `items/requested_completion_at`.

    Conditions of one list all hold (AND); `in` holds when any of `values` is equal.
    """

    path: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a stable order. `limit`: what the caller asked, None for no wish; `most`: what we give at most."""

    offset: int = 0
    limit: int | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class Criteria:
    """Conditions and page together."""

    conditions: tuple[Condition, ...] = ()
    page: Page = Page()
