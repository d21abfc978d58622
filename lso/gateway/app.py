"""Builds the application: Connexion's AsyncApp, one document per edition, with our layers in place of its stock ones.

Stock, it validates with a slow validator and rebuilds its objects per request; in this arrangement everything is made
once, and a validated echo is several times as fast. The semi-internal names it leans on are why connexion is pinned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial

from starlette.types import ASGIApp

from lso.dialects.edition import Edition
from lso.dialects.native import NATIVE
from lso.gateway.checked import checked, rules
from lso.gateway.documents import Page, documents
from lso.gateway.entrance import Entrance
from lso.gateway.framework import API, AbstractApp, AsyncApp, Lifespan, LifespanMiddleware
from lso.gateway.guard import GuardMiddleware
from lso.gateway.idempotency import Promises
from lso.gateway.inspection import InspectionMiddleware
from lso.gateway.mount import Mount, mount
from lso.gateway.offers import offers_of
from lso.gateway.operation import LeanASGIApp, OfferResolver
from lso.gateway.parser import Limits
from lso.gateway.product import load_products
from lso.gateway.refusal import Refusals
from lso.gateway.request import Offers
from lso.gateway.routing import IndexedRouting
from lso.gateway.world import World


class Door(AsyncApp):  # type: ignore[misc]
    """An application that serves some editions. `mounts` says which, `prefixes` where.

    listed: the mounts that its list of documents shows; those of other applications behind the same address may join.
    """

    def __init__(self, mounts: list[Mount], world: World, lifespan: Lifespan | None) -> None:
        self.mounts = mounts
        self.listed = list(mounts)
        aside: Mapping[str, Page] = documents(mounts, world.specs, self.listed) if world.settings.docs else {}
        self._middleware_app = LeanASGIApp()
        refusals = Refusals(mounts, NATIVE)
        layers = [
            partial(Entrance, refusals=refusals, metrics=world.metrics),
            partial(IndexedRouting, aside=aside),
            GuardMiddleware,
            InspectionMiddleware,
            LifespanMiddleware,
        ]
        AbstractApp.__init__(self, __name__, lifespan=lifespan, middlewares=layers)
        kept = world.settings
        limits = Limits(kept.body_bytes, kept.body_depth, kept.list_items)
        promises = Promises(world.store, refusals, kept.idempotency_hours)
        openapi = rules()
        for one in mounts:
            options = self.middleware.options.replace(resolver=OfferResolver(one.offers))
            # As `add_api` does, save that the document has been read and checked already.
            self.middleware.apis.append(
                API(
                    checked(one.document, openapi),
                    base_path=one.prefix,
                    **vars(options),
                    mount=one,
                    authenticate=world.authenticate,
                    limits=limits,
                    promises=promises,
                )
            )

    @cached_property
    def entrance(self) -> ASGIApp:
        """Where requests come in: the layers themselves, without what Connexion has around them for a life's beginning
        and end."""
        middleware = self.middleware
        if middleware.middleware_stack is None:
            middleware.app, middleware.middleware_stack = middleware._build_middleware_stack()
        layers: ASGIApp = middleware.app
        return layers

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Base paths of the editions that have one."""
        return tuple(one.prefix for one in self.mounts if one.prefix)


def build(
    editions: Iterable[Edition], world: World, offers: Offers | None = None, lifespan: Lifespan | None = None
) -> Door:
    """An application for these editions. `offers`: what to serve; by default, all that this service can."""
    products = load_products(world.specs / "products")
    mounts = [
        mount(
            edition,
            world.book.dialect(edition),
            dict(offers.get(edition.edition, {}) if offers is not None else offers_of(edition, world)),
            world,
            products,
        )
        for edition in editions
    ]
    return Door(mounts, world, lifespan)
