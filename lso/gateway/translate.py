"""Dry runs of the translation: a document in another language, or member by member where it came from."""

from __future__ import annotations

from lso.gateway.request import Answer, Offer, Request
from lso.gateway.world import World


class TranslationDoor:
    """Handlers of the translation document."""

    def __init__(self, world: World) -> None:
        self.translations = world.translations

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {"translate": Offer(self.translate), "explain": Offer(self.explain)}

    async def translate(self, request: Request) -> Answer:
        """The document, its complement, findings and losses."""
        source, target, resource = _languages(request)
        document, complement = request.body["document"], request.body.get("complement")
        translated = self.translations.translate(request.caller, source, target, resource, document, complement)
        return Answer(200, translated)

    async def explain(self, request: Request) -> Answer:
        """Each target member with its source, row and conversion; and each loss."""
        source, target, resource = _languages(request)
        document = request.body["document"]
        return Answer(200, self.translations.explain(request.caller, source, target, resource, document))


def _languages(request: Request) -> tuple[str, str, str]:
    query = request.query
    return query["from"][0], query["to"][0], query.get("resource", ["order"])[0]
