"""The features of a GeoJSON collection, each as soon as it is read, however many there are.

Read event by event, not by paths: a path of a hundred thousand brackets alone would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lso.errors import NotUnderstood

DEEPEST = 64
_BEGIN, _END = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})


def features(raw: BinaryIO) -> Iterator[Any]:
    """What the member `features` of an object lists. Raises NotUnderstood where there is no such list, for what is no
    JSON, and for what is nested deeper than DEEPEST; what came before that has been given."""
    from ijson.common import JSONError  # Only now: a service that starts has nothing to read with it.

    try:
        yield from _listed(raw)
    except (JSONError, ValueError) as wrong:  # ValueError: what is no text, or a number beyond all bounds
        raise NotUnderstood(f"It is no JSON: {' '.join(str(wrong).split())[:200]}") from wrong


def _listed(raw: BinaryIO) -> Iterator[Any]:
    from ijson import basic_parse
    from ijson.common import ObjectBuilder

    depth, key, inside, found, building = 0, "", False, False, None
    for event, value in basic_parse(raw, use_float=True):
        if event in _END:
            depth -= 1
        if building is None and inside and depth == 2 and event not in _END:
            building = ObjectBuilder()
        if building is not None:
            building.event(event, value)
            if depth == 2 and event not in _BEGIN:
                yield building.value
                building = None
        elif depth == 1:
            if event == "map_key":
                key = value
            inside = event == "start_array" and key == "features"
            found = found or inside
        if event in _BEGIN:
            depth += 1
            if depth > DEEPEST:
                raise NotUnderstood(f"It is nested deeper than {DEEPEST}.")
    if not found:
        raise NotUnderstood("It holds no collection of features.")
