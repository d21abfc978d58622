"""What a translated document still lacks: it is held against the document of the edition that it is to be sent to, and
each complaint is led back to where the sender can mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Any

from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators

Document = dict[str, Any]
Steps = tuple[str, ...]
KIND = "incomplete"


class Completeness:
    """Judges translations. What it needs of an edition is compiled when that is first asked for.

    specs: the folder of specifications
    """

    def __init__(self, book: Book, specs: Path) -> None:
        self._book = book
        self._specs = specs
        self._opened: dict[str, Validators] = {}
        self._opening = Lock()

    def findings(self, target: str, resource: str, document: Document,
                 origins: Callable[[], Mapping[str, str]]) -> list[Document]:
        """What is wrong with a document that was translated; nothing where the target has no such resource.

        target: dialect or edition. origins: where each value of the document comes from, pointers both; asked only when
            something is wrong.
        """
        wrong = self._wrong(target, resource, document)
        homes = Homes(origins() if wrong else {})
        return [{**one._asdict(), "pointer": homes.of(one.pointer), "kind": KIND, "at": one.pointer} for one in wrong]

    def _wrong(self, target: str, resource: str, document: Document) -> tuple[Finding, ...]:
        """What the schema to create it has to say, or the one to show it, whichever has less to complain about."""
        edition = self._edition(target, resource)
        if edition is None:
            return ()
        asked = resource if edition.mapping_of(resource) else edition.resource
        if not self._book.knows(edition, asked):
            return ()
        judges = self._judges(edition, f"/{self._book.resource(edition, asked).path}")
        return min((judge.findings(document) for judge in judges), key=len, default=())

    def _edition(self, target: str, resource: str) -> Edition | None:
        editions = self._book.editions
        return next((one for one in editions if one.edition == target), None) or next(
            (one for one in editions if one.dialect == target and one.mapping_of(resource)), None)

    def _judges(self, edition: Edition, path: str) -> Iterator[Validator]:
        validators = self._validators(edition)
        for place, item in validators.paths.items():
            found = None
            if place == path and "post" in item:
                found = validators.body(place, "post")
            elif place.rpartition("/{")[0] == path and "get" in item:
                found = validators.answer(place, "get", 200)
            if found is not None:
                yield found

    def _validators(self, edition: Edition) -> Validators:
        with self._opening:
            if edition.edition not in self._opened:
                self._opened[edition.edition] = Validators(
                    load(self._specs / edition.document), load_products(self._specs / "products"), edition.products)
            return self._opened[edition.edition]


class Homes:
    """Where in the sender's document that is which a pointer into its translation names, or the nearest thing to it.

    origins: source by target, pointers both. What was made of nothing is led back to the object that what stands beside
    it comes from.
    """

    def __init__(self, origins: Mapping[str, str]) -> None:
        self._exact = origins
        self._around: dict[str, tuple[Steps, bool]] = {}
        for target, source in origins.items():
            place, steps = target, tuple(source.split("/"))
            while place:
                place = place.rpartition("/")[0]
                known, several = self._around.get(place, (steps, False))
                self._around[place] = (_shared(known, steps), several or known != steps)

    def of(self, pointer: str) -> str:
        """The sender's pointer."""
        if pointer in self._exact:
            return self._exact[pointer]
        while pointer:
            if pointer in self._around:
                steps, several = self._around[pointer]
                return "/".join(steps if several else steps[:-1])
            pointer = pointer.rpartition("/")[0]
        return ""


def _shared(one: Steps, other: Steps) -> Steps:
    if one == other:
        return one
    return tuple(mine for mine, _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))
