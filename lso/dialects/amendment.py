"""An order written out in a caller's words, changed there, and read back with nothing lost on the way.

What the words cannot say of the canonical order is set aside while it is out and put back on return; what the order
cannot hold of the words becomes the caller's complement. So a change in one dialect leaves alone what only others see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.dialects.link import Links, links_in, unlinked
from lso.errors import Finding, Invalid
from lso.lens import Document, Translation
from lso.lens import Mapping as Mapping_
from lso.lens.conversion import same

FIXED = ("id", "href", "orderDate", "quoteDate")
MINTED = ("href", "@schemaLocation")
Validate = Callable[[Document], Iterable[Finding]]
Patch = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Written:
    """An order as its caller sees it.

    what: it is called. own: the name by which its complements are kept. aside: what these words cannot say of it.
    minted: members that come and go with being shown. links: places of links to other resources, which do so too.
    """

    what: str
    mapping: Mapping_
    own: str
    shown: Document
    aside: Document
    minted: frozenset[str]
    links: Links


@dataclass(frozen=True, slots=True)
class Changed:
    """What came back, in canonical terms: the order as it was written out, and as it is wanted.

    Both are as the caller's dialect prepares orders, so that only their differences mean anything.
    """

    before: Document
    after: Document
    complement: Document
    theirs: Document
    mapping: Mapping_

    def locate(self, finding: Finding) -> Finding:
        """A canonical finding in the caller's terms."""
        return finding._replace(pointer=self.mapping.locate(finding.pointer, ours=self.after, theirs=self.theirs))


def write(book: Book, edition: Edition, document: Document, complements: Mapping[str, Document], *, base_url: str,
          extended: bool, native: bool, resource: str | None = None) -> Written:
    """The order in the words of an edition; resource: another one of its document."""
    name = face.mapping_name(edition, extended=extended, resource=resource)
    mapping, own = book.mapping(name), book.base_name(name)
    shown = face.show(book, edition, document, complements, base_url=base_url, extended=extended, native=native,
                      resource=resource)
    plain = mapping.write(book.dialect(edition).prepare(document, native), complements.get(own))
    minted = frozenset(member for member in MINTED if member in shown and member not in plain.document)
    return Written((resource or "order").replace("_", " "), mapping, own, shown, plain.complement, minted | {"href"},
                   book.links(edition, resource))


def change(written: Written, patch: Patch, validate: Validate) -> Changed:
    """The patched document, read back. Raises Invalid for what the document of the dialect does not allow, and for
    what nobody may ever change; Conflict where the patch does not fit."""
    theirs = patch(written.shown)
    findings = [Finding(f"/{name}", "invalidValue", "this is never changed") for name in FIXED
                if not same(theirs.get(name), written.shown.get(name))]
    findings += _new(validate(theirs), lambda: validate(written.shown))
    before, after = _read(written, written.shown), _read(written, theirs)
    told = {finding.pointer for finding in findings}
    findings += [finding for finding in _new(after.findings, lambda: before.findings)
                 if not finding.pointer.rpartition("/")[2].startswith("@") and finding.pointer not in told]
    if findings:
        raise Invalid(f"The {written.what} would not be what it may be.", findings=tuple(dict.fromkeys(findings)))
    return Changed(before.document, after.document, after.complement, theirs, written.mapping)


def unchanged(one: Written, other: Written) -> bool:
    """Whether the caller sees no difference."""
    return same(one.shown, other.shown)


def _read(written: Written, theirs: Document) -> Translation:
    """A document of the caller's, without what we minted and what merely repeats it."""
    own = {name: value for name, value in theirs.items()
           if name not in written.minted or not same(value, written.shown.get(name))}
    own = unlinked(own, written.links, links_in(written.shown, written.links))
    return written.mapping.read(own, written.aside)


def _new(found: Iterable[Finding], known: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What is wrong now and was not before: an order from elsewhere may be odd in places that nobody touches."""
    wrong = list(found)
    if not wrong:
        return []
    before = {(finding.pointer, finding.code) for finding in known()}
    return [finding for finding in wrong if (finding.pointer, finding.code) not in before]
