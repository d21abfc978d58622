"""Guards: `{when: {action: [add, modify]}}`, tested on our side whichever way the translation goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lso.lens.path import is_member, parse_path, path_text, walk
from lso.lens.table import Path_, Row, TableError
from lso.lens.words import Lexicon


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


def refuse_guard(guard: Guard, row: Row, carriers: Mapping[Path_, Lexicon | None]) -> None:
    """Refuses a guard that cannot be told from theirs: on the way back it would decide differently.

    carriers: our members that unguarded rows carry as they are, or by words from ours to theirs.
    """
    for path, words in guard.conditions:
        name = path_text(path)
        if path not in carriers:
            raise TableError(f"{row.place}: when looks at {name}, which no unguarded row carries as it is or by words")
        lexicon = carriers[path]
        if lexicon is None:
            continue
        if unknown := sorted(word for word in words if lexicon.read(word) is None):
            raise TableError(f"{row.place}: when looks for {unknown[0]}, which {name} cannot say to theirs")
        said = {lexicon.forward.get(word, word) for word in words}
        if alike := sorted(word for word, there in lexicon.forward.items() if there in said and word not in words):
            raise TableError(f"{row.place}: when tells {name} {alike[0]} apart from words that theirs folds it with")


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
