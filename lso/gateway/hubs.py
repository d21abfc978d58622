"""Subscriptions at the door: register, look up, end. A subscriber hears of events in the words of its edition."""

from __future__ import annotations

from lso.gateway.request import Answer, Document, Offer, Request
from lso.gateway.world import World
from lso.store.subscription import Subscription


class Hubs:
    """Handlers of `/hub`."""

    def __init__(self, world: World) -> None:
        self.subscriptions = world.subscriptions
        self.base_url = world.settings.public_url.rstrip("/")

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {
            "registerListener": Offer(self.register),
            "retrieveHub": Offer(self.retrieve),
            "unregisterListener": Offer(self.unregister),
        }

    async def register(self, request: Request) -> Answer:
        """A new subscription."""
        body = request.body
        kept = await self.subscriptions.register(
            request.speaker, request.edition, callback=body["callback"], query=body.get("query") or ""
        )
        location = f"{self.base_url}{request.edition.base_path}/hub/{kept.id}"
        return Answer(201, shown(kept), {"Location": location})

    async def retrieve(self, request: Request) -> Answer:
        """One subscription."""
        kept = await self.subscriptions.retrieve(request.speaker, request.edition, request.path["id"])
        return Answer(200, shown(kept))

    async def unregister(self, request: Request) -> Answer:
        """The end of a subscription."""
        await self.subscriptions.unregister(request.speaker, request.edition, request.path["id"])
        return Answer(204)


def shown(subscription: Subscription) -> Document:
    """A subscription as all dialects show it."""
    document: Document = {"id": subscription.id, "callback": subscription.callback}
    if subscription.query:
        document["query"] = subscription.query
    return document
