"""What compiling a table gives: a mapping, made of two lenses that have the same shape.

    lens(document, put_back=None) -> Translation(document, complement, findings)

A lens never fails on content and never changes what it is given. Values are shared between documents, not copied:
treat documents as immutable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from lso.errors import Finding
from lso.lens.locate import locate
from lso.lens.plan import READING, WRITING
from lso.lens.put_back import put_back as put_complement_back
from lso.lens.shape import Shape
from lso.lens.table import Table

Document = dict[str, Any]
Link = tuple[Any, Any] | None
Run = Callable[[Document, Link, list[tuple[Link, Any, str, str]]], tuple[Document, Document | None]]


class Translation(NamedTuple):
    """document: on the other side. complement: what of the input it does not hold. findings: what looked wrong."""

    document: Document
    complement: Document
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Lens:
    """One direction of a mapping.

    source: the generated code. run: its entry. shape: what it writes, for putting back.
    """

    name: str
    source: str
    run: Run
    shape: Shape

    def __call__(self, document: Document, put_back: Document | None = None) -> Translation:
        """Translates. put_back: the complement of an earlier translation in the opposite direction."""
        found: list[tuple[Link, Any, str, str]] = []
        try:
            translated, complement = self.run(document, None, found)
            if put_back:
                put_complement_back(translated, document, put_back, self.shape)
        except RecursionError:
            return self._untranslated(document)
        findings = tuple([Finding(_pointer(at, rest), code, reason) for at, rest, code, reason in found])
        return Translation(translated, complement or {}, findings)

    def _untranslated(self, document: Document) -> Translation:
        """Row sets that contain themselves can be nested too deeply; such a document is kept whole."""
        empty, complement = self.run({}, None, [])
        complement = (complement or {}) | {"rest": dict(document)}
        return Translation(empty, complement, (Finding("", "otherIssue", "nested too deeply"),))


@dataclass(frozen=True)
class Mapping:
    """Both directions of a table. read: from theirs to ours. write: from ours to theirs."""

    name: str
    table: Table
    read: Lens
    write: Lens

    def locate(self, pointer: str, *, ours: Document, theirs: Document) -> str:
        """The place in theirs that a pointer into ours means; the nearest there is."""
        return locate(self.table, pointer, WRITING, source=ours, target=theirs)

    def locate_back(self, pointer: str, *, ours: Document, theirs: Document) -> str:
        """The place in ours that a pointer into theirs means; the nearest there is."""
        return locate(self.table, pointer, READING, source=theirs, target=ours)


def _pointer(at: Link, rest: Any) -> str:
    """The text of a pointer, from its links."""
    parts = [str(rest)]
    while at is not None:
        at, segment = at
        parts.append(str(segment))
    return "/" + "/".join(reversed(parts))
