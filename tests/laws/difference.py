"""Are two documents the same, where do they differ, and how small can a failing document be made?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from tests.laws.disturb import places


def same(one: Any, other: Any) -> bool:
    """Equal as JSON, where true is not 1 and 1 is not 1.0; the order of members does not count."""
    return one is other or text(one) == text(other)


def text(value: Any) -> bytes:
    """A value as JSON, members in the order of their names."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers of any size
        return json.dumps(value, sort_keys=True).encode()


def difference(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """What separates two documents, as pointers: `-` is only in the first, `+` only in the second."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            here = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in other:
                yield f"- {here}: {_short(one[name])}"
            elif name not in one:
                yield f"+ {here}: {_short(other[name])}"
            else:
                yield from difference(one[name], other[name], here)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for position, (mine, yours) in enumerate(zip(one, other, strict=True)):
            yield from difference(mine, yours, f"{at}/{position}")
    elif not same(one, other):
        yield f"- {at}: {_short(one)}"
        yield f"+ {at}: {_short(other)}"


def shrink(document: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Takes away what can be taken away with the law still broken."""
    smallest = copy.deepcopy(document)
    progress = True
    while progress:
        progress = False
        for number in range(len(places(smallest)) - 1, -1, -1):
            if number >= len(places(smallest)):
                continue
            attempt = copy.deepcopy(smallest)
            here, key = places(attempt)[number]
            del here[key]
            if fails(attempt):
                smallest, progress = attempt, True
    return smallest


def resolve(document: Any, pointer: str) -> Any:
    """The value at a JSON Pointer; LookupError where there is none."""
    for segment in pointer.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[int(name)] if name.isdigit() else document[name]  # type: ignore[call-overload]
        elif isinstance(document, dict):
            document = document[name]
        else:
            raise LookupError(pointer)
    return document


def leaves(document: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar and every empty container, with its pointer."""
    if isinstance(document, dict) and document:
        for name, value in document.items():
            yield from leaves(value, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(document, list) and document:
        for position, value in enumerate(document):
            yield from leaves(value, f"{at}/{position}")
    else:
        yield at, document


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) < 200 else f"{shown[:197]}..."
