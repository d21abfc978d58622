"""Dry runs of the translation: a document in another language, and why it says what it says. Stores nothing."""

from __future__ import annotations

from typing import Any

from lso.canonical.tenant import Caller
from lso.dialects import passage
from lso.dialects.book import Book
from lso.dialects.passage import End, Passage

Document = dict[str, Any]


class Translations:
    """The service."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def translate(self, caller: Caller, source: str, target: str, resource: str, document: Document,
                  complement: Document | None = None) -> Document:
        """The document, what it cannot hold, what looks wrong in it, and what was lost. Raises NotUnderstood."""
        made = passage.translate(*self._ends(caller, source, target, resource), document, complement)
        return {"document": made.document, "complement": made.complement, **_account(made)}

    def explain(self, caller: Caller, source: str, target: str, resource: str, document: Document) -> Document:
        """Each value of the translation with where it comes from, what looks wrong, each loss. Raises NotUnderstood."""
        ends = self._ends(caller, source, target, resource)
        steps = [{**trace._asdict(), "source": trace.source or None, "conversion": trace.conversion or None}
                 for trace in passage.explained(*ends, document)]
        return {"explanations": steps, **_account(passage.translate(*ends, document))}

    def origins(self, caller: Caller, source: str, target: str, resource: str, document: Document) -> dict[str, str]:
        """Where each value of the translation comes from, pointers both. Raises NotUnderstood."""
        return passage.origins(*self._ends(caller, source, target, resource), document)

    def _ends(self, caller: Caller, source: str, target: str, resource: str) -> tuple[End, End]:
        extended = caller.profile.tmf_extended
        return (passage.end(self._book, source, resource, extended=extended),
                passage.end(self._book, target, resource, extended=extended))


def _account(made: Passage) -> Document:
    return {"findings": [finding._asdict() for finding in made.findings],
            "losses": [{name: value for name, value in loss._asdict().items() if value is not None}
                       for loss in made.losses]}
