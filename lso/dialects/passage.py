"""A document carried from one dialect to another, by way of the canonical model, with an account of what was lost.

The complement has one part for each end. Handed back on the return, it makes the return exact; to others it is opaque.
On the way out a document is completed as it is when it is shown: with what only the other dialect requires.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lso.dialects.book import EXTENDED, EXTENSIBLE, Book
from lso.dialects.dialect import as_it_is
from lso.dialects.spelling import respelled
from lso.errors import Finding, NotUnderstood
from lso.lens import Document, Loss, Mapping, Trace, Translation, explain, losses

CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class End:
    """A dialect at one end. mapping: None for the canonical model itself. complete: adds what the dialect requires."""

    mapping: Mapping | None
    complete: Callable[[Document], Document] = as_it_is

    def completed(self, source: End, document: Document) -> Document:
        """A canonical document that came from there, with what is required here."""
        abroad = source.mapping is not None and source.complete is not self.complete
        return self.complete(document) if abroad else document

    def read(self, document: Document, put_back: Document | None) -> Translation:
        """To canonical."""
        return Translation(document, {}, ()) if self.mapping is None else self.mapping.read(document, put_back)

    def write(self, document: Document, put_back: Document | None) -> Translation:
        """From canonical."""
        return Translation(document, {}, ()) if self.mapping is None else self.mapping.write(document, put_back)


@dataclass(frozen=True, slots=True)
class Passage:
    """What came of a translation. Pointers of findings and losses are the sender's."""

    document: Document
    complement: Document
    findings: tuple[Finding, ...]
    losses: tuple[Loss, ...]


def end(book: Book, name: str, resource: str = "order", *, extended: bool = False) -> End:
    """An end by dialect (`sonata`), edition (`cantata.grace.order`) or `canonical`. An edition stands for the resource
    that it is named after, unless the one asked for is of its document too. Raises NotUnderstood."""
    if name == CANONICAL:
        return End(None)
    try:
        edition = book.edition(name)
        mapping = edition.mapping_of(resource) or edition.mapping or ""
    except KeyError:
        mapping = f"{name}.{resource}"
    if extended and mapping.split(".")[0] in EXTENSIBLE:
        mapping += EXTENDED
    try:
        return End(book.mapping(mapping), book.dialects[mapping.partition(".")[0]].complete)
    except KeyError:
        reason = f"there is no mapping between {name[:60]} and {resource[:40]}"
        raise NotUnderstood(reason, code="invalidQuery") from None


def translate(source: End, target: End, document: Document, complement: Document | None = None) -> Passage:
    """The document in the words of the target; `complement` is that of the way there, when this is the way back."""
    kept = {name: part for name, part in (complement or {}).items() if type(part) is dict}
    there = source.read(document, kept.get("to"))
    meant = there.document if complement is not None else target.completed(source, there.document)
    onward = target.write(meant, kept.get("from"))
    lost = _losses(source, target, document, there, meant, onward)
    parts = {"from": there.complement, "to": onward.complement}
    found = (*there.findings, *(one._replace(pointer=_located(source, one.pointer, meant, document))
                                for one in onward.findings))
    return Passage(onward.document, {name: part for name, part in parts.items() if part},
                   (*found, *respelled(document)), lost)


def _losses(source: End, target: End, document: Document, there: Translation, meant: Document,
            onward: Translation) -> tuple[Loss, ...]:
    here = losses(there.complement, source.mapping.table, "read", document) if source.mapping else []
    further = losses(onward.complement, target.mapping.table, "write", meant) if target.mapping else []
    return (*here, *(loss._replace(at=_located(source, loss.at, meant, document)) for loss in further))


def _located(source: End, pointer: str, meant: Document, document: Document) -> str:
    return source.mapping.locate(pointer, ours=meant, theirs=document) if source.mapping else pointer


def explained(source: End, target: End, document: Document) -> tuple[Trace, ...]:
    """Where each value of the translation comes from, over both halves of the way."""
    if source.mapping is None:
        return tuple(explain(target.mapping, "write", document)) if target.mapping else ()
    first = explain(source.mapping, "read", document)
    if target.mapping is None:
        return tuple(first)
    origins = {trace.target: trace for trace in first}
    there = target.completed(source, source.mapping.read(document).document)
    onward = explain(target.mapping, "write", there)
    return tuple(_joined(trace, origins[trace.source]) if trace.source in origins
                 else trace._replace(source=source.mapping.locate(trace.source, ours=there, theirs=document))
                 if trace.source else trace for trace in onward)


def origins(source: End, target: End, document: Document) -> dict[str, str]:
    """Of each value of the translation that comes from somewhere: the pointer to where, by the pointer to the value."""
    return {trace.target: trace.source for trace in explained(source, target, document) if trace.source}


def _joined(trace: Trace, origin: Trace) -> Trace:
    """A trace into the canonical document, prolonged into the one sent."""
    return trace._replace(source=origin.source, row=f"{origin.row} > {trace.row}",
                          conversion=", ".join(dict.fromkeys((origin.conversion, trace.conversion))))
