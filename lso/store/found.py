"""What a selection gives: a page, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from lso.canonical.criteria import Condition

Row = TypeVar("Row")


@dataclass(frozen=True)
class Found(Generic[Row]):
    """A page. `total` is exact, or the most that is counted. With `unsupported` conditions nothing was selected."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    exact: bool = True
    unsupported: tuple[Condition, ...] = ()
