"""The Partner Interface Layer: what other carriers call. Sonata, and what every process has: health, tokens,
documents."""

from __future__ import annotations

from lso.gateway.app import Door, build
from lso.gateway.world import World

AUDIENCES = frozenset({"pil", "any"})


def create(world: World) -> Door:
    """The application."""
    return build([edition for edition in world.book.editions if edition.audience in AUDIENCES], world)
