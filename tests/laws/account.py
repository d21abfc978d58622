"""Where did each value go, and where does each value come from? A book-keeper who knows words and codecs by sight."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from lso.lens.codec import Codec
from lso.lens.table import Select, Table
from tests.laws.difference import leaves

Entry = tuple[type, Any]
KEPT = 100_000


def entry(value: Any) -> Entry:
    """A value as it stands in the books: 1, 1.0 and true are three entries."""
    return type(value), json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


class Accountant:
    """Knows what a value of one side may have become on the other.

    constants: what a table writes of its own accord. derived: members whose value may come from elsewhere.
    """

    def __init__(self, table: Table, codecs: Mapping[str, Codec]) -> None:
        rows = [row for rows in table.sets.values() for row in rows]
        used = {row.how["as"] for row in rows if "as" in row.how}
        self._conversions = [one for name in used for one in (codecs[name].read, codecs[name].write)]
        self._words: dict[str, set[Entry]] = {}
        self._scalar = lru_cache(maxsize=KEPT, typed=True)(self._traces)
        for words in table.words.values():
            columns = [words.columns.index(side) for side in table.sides]
            for cells in words.rows:
                here, there = (cell if isinstance(cell, tuple) else (cell,) for cell in (cells[one] for one in columns))
                for word, other in (*product(here, there), *product(there, here)):
                    self._words.setdefault(word, set()).add(entry(other))
        for types in table.types.values():
            for theirs, ours, _ in types.cases:
                self._words.setdefault(theirs, set()).add(entry(ours))
                self._words.setdefault(ours, set()).add(entry(theirs))
        self.constants = {entry(row.how[verb]) for row in rows for verb in ("const", "default") if verb in row.how}
        self.constants |= {entry(segment.value) for row in rows for path in (*row.theirs, *row.ours)
                           for segment in path if isinstance(segment, Select)}
        self.constants |= {entry("other")} if table.types else set()
        self.derived = {path[-1] for row in rows if not {"default", "inherit", "call"}.isdisjoint(row.how)
                        for path in (*row.theirs, *row.ours)}

    def traces(self, value: Any) -> set[Entry]:
        """The value, and everything that it may be called on the other side."""
        return self._traces(value) if isinstance(value, (dict, list)) else self._scalar(value)

    def _traces(self, value: Any) -> set[Entry]:
        found = {entry(value)}
        if isinstance(value, str):
            found |= self._words.get(value, set())
        for made in self._converted(value):
            found |= {entry(made), *(entry(leaf) for _, leaf in leaves(made))}
        return found

    def _converted(self, value: Any) -> Iterator[Any]:
        """What codecs make of a value; an object may become a text, and a text an object."""
        for convert in self._conversions if isinstance(value, (str, int, float, dict)) else ():
            try:
                yield convert(value)
            except (ValueError, TypeError, KeyError, OverflowError):
                continue

    def lost(self, given: Any, *made: Any) -> Iterator[tuple[str, Any]]:
        """Leaves of what was given that are in nothing of what was made, with their pointers."""
        there = {entry(value) for one in made for value in _values(one)}
        there |= {entry(leaf) for whole in _objects(given) for text in self._converted(whole) if entry(text) in there
                  for _, leaf in leaves(whole)}
        for pointer, value in leaves(given):
            if value not in ({}, []) and there.isdisjoint(self.traces(value)) and entry(value) not in self.constants:
                yield pointer, value

    def invented(self, given: Any, made: Any) -> Iterator[str]:
        """Leaves of what was made that nothing given explains."""
        known = set(self.constants)
        for value in (*_values(given), *_objects(given)):
            known |= self.traces(value)
        for pointer, value in leaves(made):
            if value not in ({}, []) and entry(value) not in known:
                yield f"{pointer}: {value!r}"


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object inside."""
    waiting = [document]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield here
        waiting += here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()


def _values(document: Any) -> Iterator[Any]:
    """Every scalar, and every name, since names become values in bags."""
    waiting = [document]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield from here
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        else:
            yield here
