"""Connections of the native API at the door."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from lso.errors import NotUnderstood
from lso.gateway.parser import dump
from lso.gateway.request import Answer, Document, Offer, Request
from lso.gateway.world import World
from lso.store.connection import Place
from lso.store.idempotency import Remembered

PAGE = 1000
"""Connections of a page when nobody asked for fewer: as published there are no pages, so there are few of them."""


class ConnectionDoor:
    """Handlers of the native document."""

    def __init__(self, world: World) -> None:
        self.connections = world.connections
        self.base_url = world.settings.public_url.rstrip("/")

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {
            "listConnections": Offer(self.list),
            "createConnection": Offer(self.create, judges=True),
            "getConnection": Offer(self.retrieve),
            "deleteConnection": Offer(self.delete),
            "updateBandwidth": Offer(self.change, judges=True),
        }

    async def list(self, request: Request) -> Answer:
        """A page of connections."""
        limit = int(request.query["limit"][-1]) if "limit" in request.query else PAGE
        place = unpacked(request.query["cursor"][-1]) if "cursor" in request.query else Place()
        found = await self.connections.list(request.speaker, request.edition, place, limit)
        more = {"nextCursor": packed(found.next)} if found.next is not None else {}
        return Answer(200, {"connections": list(found.shown), **more})

    async def create(self, request: Request) -> Answer:
        """A new connection."""
        def answer(shown: Document) -> Answer:
            return Answer(201, shown, {"Location": f"{self.base_url}/internet-on-demand/connections/{shown['id']}"})

        shown = await self.connections.create(request.speaker, request.edition, request.body, request.findings,
                                              remembering(request, answer))
        return answer(shown)

    async def retrieve(self, request: Request) -> Answer:
        """One connection."""
        id = request.path["connectionId"]
        return Answer(200, await self.connections.retrieve(request.speaker, request.edition, id))

    async def change(self, request: Request) -> Answer:
        """Another bandwidth, at once or later."""
        shown = await self.connections.change(request.speaker, request.edition, request.path["connectionId"],
                                              request.body, request.findings,
                                              remembering(request, lambda shown: Answer(200, shown)))
        return Answer(200, shown)

    async def delete(self, request: Request) -> Answer:
        """The end of a connection."""
        shown = await self.connections.remove(request.speaker, request.edition, request.path["connectionId"],
                                              remembering(request, lambda shown: Answer(202, shown)))
        return Answer(202, shown)


def remembering(request: Request, answer: Callable[[Document], Answer]) -> Callable[[Document], Remembered | None]:
    """What is to be kept for the key of a request, in the transaction that keeps its effect."""
    def remember(shown: Document) -> Remembered | None:
        return request.promise.record(answer(shown)) if request.promise is not None else None

    return remember


def packed(place: Place) -> str:
    """A place in the list as a cursor, which is nobody's business to read."""
    return base64.urlsafe_b64encode(dump([place.number, place.at, place.id])).decode().rstrip("=")


def unpacked(cursor: str) -> Place:
    """The place that a cursor of ours stands for. Raises NotUnderstood."""
    try:
        number, at, id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if type(number) is not int or type(at) is not float or type(id) is not str or not 0 <= number < 2**63:
            raise ValueError("not a place")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise NotUnderstood("cursor is not one that a page came with.", code="invalidQuery") from error
    return Place(number, at, id)
