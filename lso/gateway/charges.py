"""Charges at the door: a resource that nobody places from outside, and that is answered with a PATCH."""

from __future__ import annotations

from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.resources import ResourceDoor
from lso.gateway.world import World


class ChargeDoor(ResourceDoor):
    """Handlers of `/charge`."""

    def __init__(self, world: World, edition: Edition) -> None:
        super().__init__(world, edition, world.charges, world.charges.kind)
        self.charges = world.charges

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return super().offers() | {"patchCharge": Offer(self.patch, judges=True)}

    async def patch(self, request: Request) -> Answer:
        """The buyer's answer; not a merge patch, for its items are those of the charge with a verdict each."""
        if request.body is None:
            raise NotUnderstood("A body is needed.")
        stored = await self.charges.answer(request.speaker, request.edition, request.path["id"], request.body,
                                           request.findings)
        return Answer(200, self.show(request, stored))
