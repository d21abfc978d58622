"""A mapping table is data: two sides, rows, named row sets, types and words.

What a row means is the compiler's business, what it may say is the checker's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EACH, ONLY = "*", "0"


class TableError(Exception):
    """A table that cannot be read; raised at build time, names the file and line."""


@dataclass(frozen=True)
class Select:
    """The element of a list whose member `key` equals `value`."""

    key: str
    value: str

    def __str__(self) -> str:
        return f"[{self.key}={self.value}]"


Segment = str | Select
Path_ = tuple[Segment, ...]


@dataclass(frozen=True)
class Row:
    """One correspondence: `[theirs, ours, how]`.

    theirs, ours: a tuple of paths, nearly always of one; empty where there is no counterpart.
    how: verb and modifiers as written, scalars as strings (`const` and `default` keep their JSON type).
    """

    theirs: tuple[Path_, ...]
    ours: tuple[Path_, ...]
    how: Mapping[str, Any]
    place: str = ""


@dataclass(frozen=True)
class Types:
    """Polymorphism: the row set that applies is chosen by a tag member, which has its own words on either side."""

    tag: tuple[str, str]
    cases: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Words:
    """A vocabulary with one column a dialect. A word standing in several rows reads back as its first row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    open: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A whole mapping between two sides.

    sets: row sets by name; the document itself is the set `main`.
    rest_same: members no row names pass through under their own name.
    same_as: the table this one is another name of; they share complements.
    """

    name: str
    sides: tuple[str, str]
    specs: tuple[str, str]
    sets: Mapping[str, tuple[Row, ...]]
    types: Mapping[str, Types] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    rest_same: bool = False
    place: str = ""
    same_as: str = ""
