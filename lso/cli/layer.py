"""The layers by their names: they are above the core and never import each other, nor does the core import them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from lso.cli.composition import Foundation, world
from lso.gateway.reach import Inside
from lso.gateway.world import World

if TYPE_CHECKING:
    from lso.gateway.app import Door


def application(name: str, parts: World) -> Door:
    """The application of a layer."""
    made: Door = importlib.import_module(f"{name}.app").create(parts)
    return made


@contextmanager
def own_layer(base: Foundation) -> Iterator[None]:
    """Where the facade has nobody to call, it calls a Strategic Interface Layer of this process: made when needed."""
    with ExitStack() as stack:
        if isinstance(base.place, Inside):
            base.place.offer(lambda: application("sil", stack.enter_context(world(base))))
        yield
