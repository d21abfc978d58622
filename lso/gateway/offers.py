"""Which operations of which editions this service serves. What is not here is answered with 501."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lso.dialects.edition import Edition
from lso.gateway.addresses import AddressDoor
from lso.gateway.amendable import AmendableDoor
from lso.gateway.charges import ChargeDoor
from lso.gateway.connections import ConnectionDoor
from lso.gateway.health import Health
from lso.gateway.hubs import Hubs
from lso.gateway.quotes import QuoteDoor
from lso.gateway.request import Answer, Offer, Request
from lso.gateway.resources import ReadingDoor, ResourceDoor
from lso.gateway.translate import TranslationDoor
from lso.gateway.world import World

NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
KEPT_BRIEFLY = {"Cache-Control": "public, max-age=300"}
Served = dict[str, Offer]


def offers_of(edition: Edition, world: World) -> Served:
    """The offers of one edition, by operationId."""
    served = _BY_API.get((edition.dialect, edition.api))
    return served(world, edition) if served is not None else {}


def identity(world: World, _edition: Edition) -> Served:
    """The token endpoint and the public keys."""

    async def issue_token(request: Request) -> Answer:
        authorization = request.headers.get("authorization")
        return Answer(200, await asyncio.to_thread(world.tokens, request.raw, authorization), NEVER_KEPT)

    async def list_keys(_request: Request) -> Answer:
        return Answer(200, world.keys(), KEPT_BRIEFLY)

    return {"issueToken": Offer(issue_token), "listKeys": Offer(list_keys)}


def _orders(world: World, edition: Edition) -> Served:
    doors: list[ResourceDoor] = [AmendableDoor(world, edition, world.orders)]
    doors += [ResourceDoor(world, edition, service, kind) for kind, service in world.resources.items()
              if world.book.knows(edition, kind)]
    doors += [ChargeDoor(world, edition)] if world.book.knows(edition, world.charges.kind) else []
    return {name: offer for door in doors for name, offer in door.offers().items()} | Hubs(world).offers()


def _qualifications(world: World, edition: Edition) -> Served:
    doors = [AmendableDoor(world, edition, world.qualifications[kind], kind)
             for kind in (edition.resource, *edition.further)]
    return {name: offer for door in doors for name, offer in door.offers().items()} | Hubs(world).offers()


def _quotes(world: World, edition: Edition) -> Served:
    return QuoteDoor(world, edition).offers() | Hubs(world).offers()


_BY_API: dict[tuple[str, str], Callable[[World, Edition], Served]] = {
    ("sonata", "productOrderingManagement"): _orders,
    ("cantata", "productOrderingManagement"): _orders,
    ("tmf", "productOrderingManagement"): _orders,
    ("sonata", "productOfferingQualification"): _qualifications,
    ("cantata", "productOfferingQualification"): _qualifications,
    ("tmf", "serviceQualificationManagement"): _qualifications,
    ("sonata", "quoteManagement"): _quotes,
    ("cantata", "quoteManagement"): _quotes,
    ("tmf", "quoteManagement"): _quotes,
    ("sonata", "geographicAddressManagement"): lambda world, edition: AddressDoor(world, edition).offers(),
    ("cantata", "geographicAddressManagement"): lambda world, edition: AddressDoor(world, edition).offers(),
    ("sonata", "geographicSiteManagement"): lambda world, edition: ReadingDoor(world, edition, world.sites).offers(),
    ("cantata", "geographicSiteManagement"): lambda world, edition: ReadingDoor(world, edition, world.sites).offers(),
    ("native", "internetOnDemand"): lambda world, _edition: ConnectionDoor(world).offers(),
    ("platform", "identity"): identity,
    ("platform", "health"): lambda world, _edition: Health(world).offers(),
    ("platform", "translation"): lambda world, _edition: TranslationDoor(world).offers(),
}
