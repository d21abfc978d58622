"""Product orders at the door: from a request to the service, from its result to an answer, alike for all dialects."""

from __future__ import annotations

from lso.dialects import face
from lso.dialects.dialect import Asked
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.parser import dump
from lso.gateway.request import Answer, Document, Offer, Request
from lso.gateway.world import World
from lso.store.idempotency import Remembered
from lso.store.order import StoredOrder


class OrderDoor:
    """Handlers of the product ordering documents."""

    def __init__(self, world: World, edition: Edition) -> None:
        self.orders = world.orders
        self.book = world.book
        self.base_url = world.settings.public_url
        self.media = tuple(world.book.dialect(edition).patches)

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {
            "createProductOrder": Offer(self.create, judges=True),
            "listProductOrder": Offer(self.list),
            "retrieveProductOrder": Offer(self.retrieve),
            "patchProductOrder": Offer(self.patch, media=self.media),
            "deleteProductOrder": Offer(self.delete),
        }

    async def create(self, request: Request) -> Answer:
        """Place an order; the answer is kept for the key of the request in the transaction that keeps the order."""
        answer = Answer(500)

        def remember(_stored: StoredOrder, shown: Document) -> Remembered | None:
            nonlocal answer
            answer = Answer(201, dump(shown), {"Location": shown["href"]})
            return request.promise.record(answer) if request.promise is not None else None

        await self.orders.place(request.speaker, request.edition, request.body, request.findings, remember)
        return answer

    async def retrieve(self, request: Request) -> Answer:
        """One order."""
        stored = await self.orders.retrieve(request.speaker, request.edition, request.path["id"])
        shown = self._show(request, stored)
        asked = self._asked(request)
        return Answer(200, self.book.dialect(request.edition).select(shown, asked.fields, False))

    async def patch(self, request: Request) -> Answer:
        """Change an order; the patch is applied to what the caller sees."""
        apply = self.book.dialect(request.edition).patches[request.media_type]
        if request.body is None:
            raise NotUnderstood("A body is needed.")
        amended = await self.orders.amend(request.speaker, request.edition, request.path["id"],
                                          lambda shown: apply(shown, request.body), request.validate)
        return Answer(200, amended.shown)

    async def delete(self, request: Request) -> Answer:
        """Remove an order that has come to its end."""
        await self.orders.remove(request.speaker, request.edition, request.path["id"])
        return Answer(204)

    async def list(self, request: Request) -> Answer:
        """A page of orders."""
        dialect = self.book.dialect(request.edition)
        asked = self._asked(request)
        listed = await self.orders.list(request.speaker, request.edition, asked)
        shown = [face.summarise(self.book, request.edition, self._show(request, row)) for row in listed.rows]
        body = [dialect.select(document, asked.fields, True) for document in shown]
        page = asked.page
        cut = (page.limit is None or page.limit > page.most) and page.offset + len(body) < listed.total
        return Answer(200, body, dialect.page_headers(listed.total, listed.exact, len(body), cut))

    def _asked(self, request: Request) -> Asked:
        dialect = self.book.dialect(request.edition)
        return dialect.criteria(self.book.resource(request.edition), request.query, request.parameters)

    def _show(self, request: Request, stored: StoredOrder) -> Document:
        return face.show(
            self.book,
            request.edition,
            stored.document,
            stored.complements,
            base_url=self.base_url,
            extended=request.caller.profile.tmf_extended,
            native=face.native(self.book, request.edition, stored.mapping),
        )
