"""Guards: `{when: {action: [add, modify]}}`, tested on our side whichever way the translation goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lso.lens.path import is_member, parse_path, walk
from lso.lens.table import Path_, Row, TableError


@dataclass(frozen=True)
class Guard:
    """All of the members have one of their words. Paths start at the object that the row set describes."""

    conditions: tuple[tuple[Path_, frozenset[str]], ...]

    def holds(self, ours: Any) -> bool:
        """Whether the row applies to this object of ours."""
        for path, words in self.conditions:
            value = walk(ours, path)
            if type(value) is not str or value not in words:
                return False
        return True


def guard_of(row: Row) -> Guard | None:
    """The guard of a row. Raises TableError."""
    written = row.how.get("when")
    if written is None:
        return None
    if not isinstance(written, dict) or not written:
        raise TableError(f"{row.place}: when needs members and their words")
    conditions = []
    for name, words in written.items():
        path = parse_path(name)
        if not all(is_member(segment) for segment in path):
            raise TableError(f"{row.place}: when cannot look into a list")
        conditions.append((path, frozenset(words if isinstance(words, list) else [words])))
    return Guard(tuple(conditions))
