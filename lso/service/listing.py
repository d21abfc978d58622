"""Lists of what a caller may see, of orders as of all else: a page, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from lso.canonical.criteria import Criteria, Page
from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.settings import settings
from lso.store.engine import Store
from lso.store.found import Found

Document = dict[str, Any]
Matches = Callable[[Document], bool]

# TM Forum clients are told exact totals however many there are (tmf.md 3.1); counting on costs what it costs.
COUNTED_WHOLLY = frozenset({"tmf"})
ALL = 1_000_000_000
CHUNK = 200
SIFTED_MOST = 20_000


class Shown(Protocol):
    """What is kept of anything that can be shown."""

    @property
    def mapping(self) -> str:
        """How it came in."""

    @property
    def document(self) -> Document:
        """The canonical document."""

    @property
    def complements(self) -> dict[str, Any]:
        """What the canonical document does not hold, by mapping."""


Row = TypeVar("Row", bound=Shown)


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """A page. `total` is how many fit, or, when not exact, at least that many."""

    rows: Sequence[Row]
    total: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Row]):
    """Where lists of one resource come from.

    select: connection, caller, edition, criteria, how far to count, to what is found
    indexed_only: whether a selection is quick; any other is made aside
    resource: which of the edition's; None for the one it is named after
    """

    store: Store
    book: Book
    select: Callable[[Connection, Caller, Edition, Criteria, int], Found[Row]]
    indexed_only: Callable[[Criteria], bool]
    resource: str | None = None

    async def list(self, caller: Caller, edition: Edition, criteria: Criteria) -> Listed[Row]:
        """Those that the caller could retrieve and that fit, in the order in which they came."""
        matches: Matches | None = getattr(criteria, "matches", None)
        exact = edition.dialect in COUNTED_WHOLLY
        count_most = ALL if exact else settings().count_most

        def read(connection: Connection) -> Found[Row]:
            if matches is not None:
                return self._sift(connection, caller, edition, criteria, matches)
            return self.select(connection, caller, edition, criteria, count_most)

        found = await self.store.query(read, aside=exact or not self.indexed_only(criteria))
        if found.unsupported:
            raise NotUnderstood(f"This list cannot be chosen from by {found.unsupported[0].path}.", code="invalidQuery")
        return Listed(found.rows, found.total, found.exact)

    def _sift(self, connection: Connection, caller: Caller, edition: Edition, criteria: Criteria,
              matches: Matches) -> Found[Row]:
        """A page of those that also fit as the caller sees them, which nobody can tell but who shows them."""
        page = criteria.page
        most = page.most if page.limit is None else min(page.limit, page.most)
        rows: list[Row] = []
        total = 0
        for offset in range(0, SIFTED_MOST, CHUNK):
            chunk = Criteria(criteria.conditions, Page(offset, CHUNK, CHUNK))
            found = self.select(connection, caller, edition, chunk, ALL)
            if found.unsupported:
                return found
            for stored in found.rows:
                if matches(show(self.book, caller, edition, stored, resource=self.resource)):
                    total += 1
                    rows += [stored] if page.offset < total <= page.offset + most else []
            if len(found.rows) < CHUNK:
                return Found(tuple(rows), total, True)
        return Found(tuple(rows), total, False)


def show(book: Book, caller: Caller, edition: Edition, stored: Shown, *, resource: str | None = None) -> Document:
    """What is kept, as the caller sees it."""
    return face.show(book, edition, stored.document, stored.complements, base_url=settings().public_url,
                     extended=caller.profile.tmf_extended, resource=resource,
                     native=face.native(book, edition, stored.mapping, resource=resource))
