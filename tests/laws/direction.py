"""What the laws are tried on: every compiled table, each in both directions, with the specifications on either side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lso.dialects.calls import CALLS
from lso.dialects.codecs import CODECS
from lso.lens import Document, Lens, Mapping, Translation, compile_mapping
from lso.lens.catalogue import Specifications, tables
from lso.lens.schema import SchemaNode
from lso.settings import data_folder
from tests.laws.generate import document

DOCUMENTS = int(os.environ.get("LSO_LAW_DOCUMENTS", "2000"))
KEPT = 4000
"""Documents are generated once for all laws of a direction, unless they are too many to keep."""


@dataclass(frozen=True)
class Direction:
    """A table, one way. `source` is the specification of what goes in, `target` of what comes out."""

    mapping: Mapping
    reading: bool
    source: SchemaNode
    target: SchemaNode

    def __str__(self) -> str:
        return f"{self.mapping.name}-{'read' if self.reading else 'write'}"

    @property
    def forth(self) -> Lens:
        return self.mapping.read if self.reading else self.mapping.write

    @property
    def back(self) -> Lens:
        return self.mapping.write if self.reading else self.mapping.read

    def located(self, pointer: str, given: Document, made: Document) -> str:
        """The pointer into what was given for a pointer into what was made of it."""
        if self.reading:
            return self.mapping.locate(pointer, ours=made, theirs=given)
        return self.mapping.locate_back(pointer, ours=given, theirs=made)

    def documents(self, count: int = DOCUMENTS) -> Iterator[tuple[int, Document]]:
        """Documents with their seeds."""
        if count <= KEPT:
            yield from _kept(self, count)
        else:
            yield from ((seed, document(self.source, seed)) for seed in range(count))

    def translations(self, count: int = DOCUMENTS) -> Iterator[tuple[int, Document, Translation]]:
        """Documents with their seeds and what becomes of them."""
        for seed, given in self.documents(count):
            yield seed, given, self.forth(given)


@lru_cache(maxsize=1)
def _kept(direction: Direction, count: int) -> tuple[tuple[int, Document], ...]:
    return tuple((seed, document(direction.source, seed)) for seed in range(count))


@lru_cache(maxsize=1)
def directions() -> tuple[Direction, ...]:
    """Every table both ways; one that is the same as another is not tried twice."""
    specifications = Specifications(data_folder("specs"))
    found = []
    for table in tables(data_folder("mappings")):
        if not table.same_as:
            theirs, ours = specifications.of(table)
            mapping = compile_mapping(table, CODECS, CALLS)
            found += [Direction(mapping, True, theirs, ours), Direction(mapping, False, ours, theirs)]
    return tuple(found)
