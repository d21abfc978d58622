"""Product orders at the door: a resource that can also be changed and removed, alike for all dialects."""

from __future__ import annotations

from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.resources import ResourceDoor
from lso.gateway.world import World


class OrderDoor(ResourceDoor):
    """Handlers of the product ordering documents."""

    def __init__(self, world: World, edition: Edition) -> None:
        super().__init__(world, edition, world.orders)
        self.orders = world.orders
        self.media = tuple(world.book.dialect(edition).patches)

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return super().offers() | {
            "patchProductOrder": Offer(self.patch, media=self.media),
            "deleteProductOrder": Offer(self.delete),
        }

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
