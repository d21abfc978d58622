"""What the laws are tried on: every compiled table, each in both directions, with the specifications on either side."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.dialects import calls, codecs
from lso.lens import Document, Lens, Translation, compile_mapping
from lso.lens import Mapping as Compiled
from lso.lens.catalogue import Specifications, tables
from lso.lens.codec import Call
from lso.lens.schema import SchemaNode
from lso.settings import data_folder
from tests.laws.generate import document
from tests.laws.release import changes, specifications_of

DOCUMENTS = int(os.environ.get("LSO_LAW_DOCUMENTS", "1000"))
"""For each law and direction; a table has two directions."""
VERBS = Path(__file__).parent / "tables"
KEPT = 4000
"""Documents are generated once for all laws of a direction, unless they are too many to keep."""


@dataclass(frozen=True, eq=False)
class Direction:
    """A table, one way. `source` is the specification of what goes in, `target` of what comes out."""

    mapping: Compiled
    reading: bool
    source: SchemaNode
    target: SchemaNode

    def __repr__(self) -> str:
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

    def translated(self, document: Document) -> Translation:
        """What is made of a document going forth: made once for all laws, which leave it as it is."""
        made = _made(self)
        found = made.get(id(document))
        if found is None:
            found = document, self.forth(document)  # as long as the document is kept, nothing else has its id
            if len(made) < KEPT:
                made[id(document)] = found
        return found[1]

    def documents(self, count: int = DOCUMENTS) -> Iterator[tuple[int, Document]]:
        """Documents with their seeds."""
        if count <= KEPT:
            yield from _kept(self, count)
        else:
            yield from ((seed, document(self.source, seed)) for seed in range(count))


@lru_cache(maxsize=1)
def _kept(direction: Direction, count: int) -> tuple[tuple[int, Document], ...]:
    return tuple((seed, document(direction.source, seed)) for seed in range(count))


@lru_cache(maxsize=1)
def _made(direction: Direction) -> dict[int, tuple[Document, Translation]]:
    return {}


@lru_cache(maxsize=1)
def directions() -> tuple[Direction, ...]:
    """Every table both ways, and tables that use every verb; what is the same as another is not tried twice."""
    return (*_directions(data_folder("mappings"), data_folder("specs")), *_directions(VERBS, VERBS), *_releases())


def _directions(mappings: Path, specs: Path) -> Iterator[Direction]:
    specifications = Specifications(specs)
    for table in tables(mappings):
        if not table.same_as:
            theirs, ours = specifications.of(table)
            mapping = compile_mapping(table, CODECS, CALLS)
            yield Direction(mapping, True, theirs, ours)
            yield Direction(mapping, False, ours, theirs)


def _releases() -> Iterator[Direction]:
    """Tables between releases, as far as the older release's document is at hand."""
    for table in changes():
        if (found := specifications_of(table)) is not None:
            older, newer = found
            mapping = compile_mapping(table, CODECS, CALLS)
            yield Direction(mapping, True, older, newer)
            yield Direction(mapping, False, newer, older)


def _read_span(values: tuple[Any, ...], _around: Mapping[str, Any]) -> tuple[Any, ...]:
    low, high = values
    if low is None and high is None:
        return (None,)
    if type(low) is not int or type(high) is not int:
        raise ValueError
    return ({"from": low, "to": high},)


def _write_span(values: tuple[Any, ...], _around: Mapping[str, Any]) -> tuple[Any, ...]:
    (span,) = values
    if span is None:
        return None, None
    if set(span) != {"from", "to"} or type(span["from"]) is not int or type(span["to"]) is not int:
        raise ValueError
    return span["from"], span["to"]


CODECS = codecs.CODECS
CALLS = {**calls.CALLS, "span": Call(_read_span, _write_span)}
