"""Addresses at the door: validated, which leaves nothing behind, and retrieved by id."""

from __future__ import annotations

from lso.dialects.edition import Edition
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.world import World
from lso.service.gazetteer import VALIDATION
from lso.service.listing import show


class AddressDoor:
    """Handlers of the documents of geographic addresses."""

    def __init__(self, world: World, edition: Edition) -> None:
        self.service = world.addresses
        self.book = world.book

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {"createGeographicAddressValidation": Offer(self.validate, judges=True),
                "retrieveGeographicAddress": Offer(self.retrieve)}

    async def validate(self, request: Request) -> Answer:
        """What is known of an address."""
        told = await self.service.validate(request.speaker, request.edition, request.body, request.findings)
        return Answer(200, show(self.book, request.caller, request.edition, told, resource=VALIDATION))

    async def retrieve(self, request: Request) -> Answer:
        """One."""
        told = await self.service.retrieve(request.speaker, request.edition, request.path["id"])
        return Answer(200, show(self.book, request.caller, request.edition, told))
