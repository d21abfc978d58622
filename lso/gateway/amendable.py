"""Resources at the door that a dialect can also change and remove, each in the same way."""

from __future__ import annotations

from typing import Any, Protocol

from lso.canonical.tenant import Caller
from lso.dialects.amendment import Patch, Validate
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.resources import ResourceDoor, Service
from lso.gateway.world import World
from lso.service.amendment import Amended


class Amendable(Service, Protocol):
    """What is asked of the service of such a resource."""

    async def amend(self, caller: Caller, edition: Edition, id: str, patch: Patch, validate: Validate) -> Amended[Any]:
        """One with a patch applied to what the caller sees."""

    async def remove(self, caller: Caller, edition: Edition, id: str) -> None:
        """Keep one no longer."""


class AmendableDoor(ResourceDoor):
    """Handlers of one resource in one edition."""

    def __init__(self, world: World, edition: Edition, service: Amendable, resource: str | None = None) -> None:
        super().__init__(world, edition, service, resource)
        self.amendable = service
        self.media = tuple(world.book.dialect(edition).patches)

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        name = self.described.path[0].upper() + self.described.path[1:]
        return super().offers() | {f"patch{name}": Offer(self.patch, media=self.media),
                                   f"delete{name}": Offer(self.delete)}

    async def patch(self, request: Request) -> Answer:
        """Change it; the patch is applied to what the caller sees."""
        apply = self.book.dialect(request.edition).patches[request.media_type]
        if request.body is None:
            raise NotUnderstood("A body is needed.")
        amended = await self.amendable.amend(request.speaker, request.edition, request.path["id"],
                                             lambda shown: apply(shown, request.body), request.validate)
        return Answer(200, amended.shown)

    async def delete(self, request: Request) -> Answer:
        """Remove it."""
        await self.amendable.remove(request.speaker, request.edition, request.path["id"])
        return Answer(204)
