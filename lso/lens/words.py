"""A word table seen from one side: which words become which, which come back differently, which have none.

A word standing in several rows is read as its first row. A cell may hold several words, one for each of several
members; there the row that says most about them wins, and `~` in such a cell says nothing about its member.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lso.lens.table import Row, TableError, Words

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Lexicon:
    """One member on either side.

    forward, backward: the two dictionaries. open: words of neither pass unchanged.
    folded: words that come back as another one. silent: words known here that the other side has no word for.
    """

    forward: dict[str, str]
    backward: dict[str, str]
    open: bool
    folded: frozenset[str]
    silent: frozenset[str]

    def read(self, word: Any) -> str | None:
        """The word of the other side, or None."""
        return self._look(self.forward, word)

    def write(self, word: Any) -> str | None:
        """The word of this side, or None."""
        return self._look(self.backward, word)

    def _look(self, words: dict[str, str], word: Any) -> str | None:
        if type(word) is not str:
            return None
        return words.get(word, word if self.open else None)

    @property
    def expected(self) -> str:
        """The words of this side, for a finding."""
        return "one of " + ", ".join(self.forward)


@dataclass(frozen=True)
class Phrases:
    """Several members on at least one side: rows of `(our words, their words)`, or the reverse."""

    rows: tuple[tuple[Values, Values], ...]

    def read(self, values: Values) -> Values | None:
        """The other side's words for these values, or None."""
        return _closest(values, self.rows)

    def write(self, values: Values) -> Values | None:
        """This side's words for the other side's values, or None."""
        return _closest(values, ((there, here) for here, there in self.rows))


def lexicon(words: Words, source: str, target: str, row: Row) -> Lexicon:
    """The word table of a row between single members. Raises TableError."""
    pairs = [(here, there) for here, there in _columns(words, source, target, row)]
    for cell in (cell for pair in pairs for cell in pair):
        if cell is not None and not isinstance(cell, str):
            raise TableError(f"{row.place}: {row.how['words']} has several words where the row has one member")
    forward: dict[str, str] = {}
    backward: dict[str, str] = {}
    for here, there in pairs:
        if here is not None and there is not None:
            forward.setdefault(here, there)
            backward.setdefault(there, here)
    is_open = row.how.get("open") == "true" or not words.open.isdisjoint((source, target))
    folded = frozenset(word for word, there in forward.items() if backward[there] != word)
    silent = frozenset(here for here, _ in pairs if here is not None and here not in forward)
    return Lexicon(forward, backward, is_open, folded, silent)


def phrases(words: Words, source: str, target: str, row: Row, sizes: tuple[int, int]) -> Phrases:
    """The word table of a row between several members. Raises TableError."""
    rows = []
    for here, there in _columns(words, source, target, row):
        cells = _cell(here), _cell(there)
        if (len(cells[0]), len(cells[1])) != sizes:
            raise TableError(f"{row.place}: {row.how['words']} has another number of words than the row has members")
        rows.append(cells)
    return Phrases(tuple(rows))


def _columns(words: Words, source: str, target: str, row: Row) -> Iterable[tuple[Any, Any]]:
    for column in (source, target):
        if column not in words.columns:
            raise TableError(f"{row.place}: {row.how['words']} has no column {column}")
    here, there = words.columns.index(source), words.columns.index(target)
    return ((cells[here], cells[there]) for cells in words.rows)


def _cell(cell: Any) -> Values:
    return cell if isinstance(cell, tuple) else (cell,)


def _closest(values: Values, rows: Iterable[tuple[Values, Values]]) -> Values | None:
    if all(value is None for value in values):
        return next((tuple(None for _ in there) for _, there in rows), None)
    best, most = None, -1
    for here, there in rows:
        said = [(word, value) for word, value in zip(here, values, strict=True) if word is not None]
        if len(said) > most and all(type(value) is str and word == value for word, value in said):
            best, most = there, len(said)
    return best
