"""What compiling a table gives: a mapping, made of two lenses that have the same shape.

    lens(document, put_back=None) -> Translation(document, complement, findings)

A lens never fails on content and never changes what it is given. Values are shared between documents, not copied:
treat documents as immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lso.errors import Finding
from lso.lens.inherit import remember_absent
from lso.lens.locate import locate
from lso.lens.plan import READING, WRITING
from lso.lens.put_back import put_back as put_complement_back
from lso.lens.shape import Shape
from lso.lens.table import Table

Document = dict[str, Any]
Link = tuple[Any, Any] | None
Found = list[tuple[Link, Any, str, str]]
Run = Callable[[Document, Link, Found], tuple[Document, Any]]


class Translation:
    """document: on the other side. complement: what of the input it does not hold. findings: what looked wrong.

    Unpacks into the three. The complement may be worked out when it is first asked for, so the input must not have been
    changed by then.
    """

    __slots__ = ("_complement", "document", "findings")

    def __init__(self, document: Document, complement: Document | Callable[[], Document],
                 findings: tuple[Finding, ...]) -> None:
        self.document = document
        self._complement = complement
        self.findings = findings

    @property
    def complement(self) -> Document:
        """What of the input the document does not hold; {} if nothing."""
        if not isinstance(self._complement, dict):
            self._complement = self._complement()
        return self._complement

    def __iter__(self) -> Iterator[Any]:
        return iter((self.document, self.complement, self.findings))

    def __repr__(self) -> str:
        return f"Translation({self.document!r}, {self.complement!r}, {self.findings!r})"


@dataclass(frozen=True, slots=True)
class Lens:
    """One direction of a mapping.

    source: the generated code. run: its entry, which says whether anything may be left over; keep: the same, and says
    what. shape: what is written, for putting back.
    """

    name: str
    source: str
    run: Run
    keep: Run
    shape: Shape

    def __call__(self, document: Document, put_back: Document | None = None) -> Translation:
        """Translates. put_back: the complement of an earlier translation in the opposite direction."""
        found: Found = []
        try:
            translated, left = self.run(document, None, found)
            if put_back:
                put_complement_back(translated, document, put_back, self.shape)
            if self.shape.heirs:
                left = remember_absent(translated, document, left, self.shape.heirs)
        except RecursionError:
            return self._untranslated(document)
        findings = tuple([Finding(_pointer(at, rest), code, reason) for at, rest, code, reason in found]) \
            if found else ()
        return Translation(translated, (lambda: self._kept(document)) if left is True else left or {}, findings)

    def _kept(self, document: Document) -> Document:
        try:
            return self.keep(document, None, [])[1] or {}
        except RecursionError:
            return {"rest": dict(document)}

    def _untranslated(self, document: Document) -> Translation:
        """Row sets that contain themselves can be nested too deeply; such a document is kept whole."""
        empty, complement = self.keep({}, None, [])
        return Translation(empty, {**(complement or {}), "rest": dict(document)},
                           (Finding("", "otherIssue", "nested too deeply"),))


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
