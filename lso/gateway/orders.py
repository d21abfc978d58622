"""Product orders at the door: what their documents are named after, changed and removed as all that can be."""

from __future__ import annotations

from lso.dialects.edition import Edition
from lso.gateway.amendable import AmendableDoor
from lso.gateway.world import World


class OrderDoor(AmendableDoor):
    """Handlers of the product ordering documents."""

    def __init__(self, world: World, edition: Edition) -> None:
        super().__init__(world, edition, world.orders)
