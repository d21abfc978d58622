"""Quotes at the door: a resource that can be cancelled and declined as well."""

from __future__ import annotations

from typing import Literal

from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.amendable import AmendableDoor
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.world import World


class QuoteDoor(AmendableDoor):
    """Handlers of the quote documents."""

    def __init__(self, world: World, edition: Edition) -> None:
        super().__init__(world, edition, world.quotes, world.quotes.kind)
        self.quotes = world.quotes

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return super().offers() | {"cancelQuote": Offer(self.cancel, judges=True),
                                   "rejectQuote": Offer(self.decline, judges=True)}

    async def cancel(self, request: Request) -> Answer:
        """Stop what is under way; the answer repeats what was said (MEF 115 section 5.2.4)."""
        return await self._operate(request, "cancel")

    async def decline(self, request: Request) -> Answer:
        """Say no to what could be ordered."""
        return await self._operate(request, "decline")

    async def _operate(self, request: Request, decision: Literal["cancel", "decline"]) -> Answer:
        if request.body is None:
            raise NotUnderstood("A body is needed.")
        await self.quotes.operate(request.speaker, request.edition, decision, request.body, request.findings)
        return Answer(200, request.body)
