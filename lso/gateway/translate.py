"""Dry runs of the translation: a document in another language, or member by member where it came from; and what it
lacks in that language."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from typing import Any

from lso.gateway.completeness import Completeness
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.world import World

Document = dict[str, Any]


class TranslationDoor:
    """Handlers of the translation document."""

    def __init__(self, world: World) -> None:
        self.translations = world.translations
        self.completeness = Completeness(world.book, world.specs)

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {"translate": Offer(self.translate), "explain": Offer(self.explain)}

    async def translate(self, request: Request) -> Answer:
        """The document, its complement, findings and losses."""
        document, complement = request.body["document"], request.body.get("complement")
        translated = self.translations.translate(request.caller, *_languages(request), document, complement)
        return await self._judged(request, translated, translated["document"])

    async def explain(self, request: Request) -> Answer:
        """Each target member with its source, row and conversion; each finding and each loss."""
        languages, document = _languages(request), request.body["document"]
        explained = self.translations.explain(request.caller, *languages, document)
        translated = self.translations.translate(request.caller, *languages, document)
        return await self._judged(request, explained, translated["document"])

    async def _judged(self, request: Request, told: Document, made: Document) -> Answer:
        """An answer that tells beside the rest what the document made lacks."""
        source, target, resource = _languages(request)
        origins = partial(self.translations.origins, request.caller, source, target, resource, request.body["document"])
        lacking = await to_thread(self.completeness.findings, target, resource, made, origins)
        return Answer(200, {**told, "findings": [*told["findings"], *lacking]})


def _languages(request: Request) -> tuple[str, str, str]:
    query = request.query
    return query["from"][0], query["to"][0], query.get("resource", ["order"])[0]
