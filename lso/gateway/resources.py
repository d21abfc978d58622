"""A resource at the door: from a request to its service, from the result to an answer; one room for all resources of
all dialects. What an operation is called follows from the path of its resource (`createCancelProductOrder`); which of
them there are, from the document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.dialect import Asked
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.gateway.parser import dump
from lso.gateway.request import Answer, Document, Offer, Request
from lso.gateway.world import World
from lso.service.keeping import Keep
from lso.service.listing import Listed, Shown, show
from lso.store.idempotency import Remembered


class Reader(Protocol):
    """What is asked of the service of a resource that is only looked at."""

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> Any:
        """One by its id."""

    async def list(self, caller: Caller, edition: Edition, criteria: Asked) -> Listed[Any]:
        """Those that fit."""


class Service(Reader, Protocol):
    """What is asked of the service of a resource."""

    async def place(self, caller: Caller, edition: Edition, document: Document, findings: tuple[Finding, ...],
                    remember: Callable[[Any, Document], Remembered | None]) -> Keep:
        """Accept a new one; what is returned keeps it."""


class ReadingDoor:
    """Handlers of one resource in one edition, which nobody places from outside.

    resource: its kind; None for the one that the edition is named after.
    """

    def __init__(self, world: World, edition: Edition, reader: Reader, resource: str | None = None) -> None:
        self.reader = reader
        self.book = world.book
        self.resource = resource
        self.described = world.book.resource(edition, resource)

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        name = self.described.path[0].upper() + self.described.path[1:]
        return {
            f"list{name}": Offer(self.list, filters=frozenset(self.described.filters)),
            f"retrieve{name}": Offer(self.retrieve),
        }

    async def retrieve(self, request: Request) -> Answer:
        """One."""
        stored = await self.reader.retrieve(request.speaker, request.edition, request.path["id"])
        shown = self.show(request, stored)
        return Answer(200, self.book.dialect(request.edition).select(shown, self._asked(request).fields, False))

    async def list(self, request: Request) -> Answer:
        """A page."""
        dialect = self.book.dialect(request.edition)
        asked = self._asked(request)
        listed = await self.reader.list(request.speaker, request.edition, asked)
        shown = [face.summarise(self.book, request.edition, self.show(request, row), resource=self.resource)
                 for row in listed.rows]
        body = [dialect.select(document, asked.fields, True) for document in shown]
        page = asked.page
        cut = (page.limit is None or page.limit > page.most) and page.offset + len(body) < listed.total
        return Answer(200, body, dialect.page_headers(listed.total, listed.exact, len(body), cut))

    def show(self, request: Request, stored: Shown) -> Document:
        """What is kept, as the caller sees it."""
        return show(self.book, request.caller, request.edition, stored, resource=self.resource)

    def _asked(self, request: Request) -> Asked:
        return self.book.dialect(request.edition).criteria(self.described, request.query, request.parameters)


class ResourceDoor(ReadingDoor):
    """Handlers of one resource in one edition."""

    def __init__(self, world: World, edition: Edition, service: Service, resource: str | None = None) -> None:
        super().__init__(world, edition, service, resource)
        self.service = service

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        name = self.described.path[0].upper() + self.described.path[1:]
        return {f"create{name}": Offer(self.create, judges=True)} | super().offers()

    async def create(self, request: Request) -> Answer:
        """Place one; the answer is kept for the key of the request in the transaction that keeps what was placed."""
        answer = Answer(500)

        def remember(stored: Shown, shown: Document) -> Remembered | None:
            nonlocal answer
            told = stored.document.get("instant") is True and 200 in request.declared  # TM Forum: an answer, no task
            answer = Answer(200 if told else 201, dump(shown), {"Location": shown["href"]})
            return request.promise.record(answer) if request.promise is not None else None

        keep = await self.service.place(request.speaker, request.edition, request.body, request.findings, remember)
        request.body = None
        await keep()
        return answer
