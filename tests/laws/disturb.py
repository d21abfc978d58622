"""Spoils documents: junk of every JSON type in every place, strangers, missing and equal keys, emptiness, null."""

from __future__ import annotations

import copy
import random
from typing import Any

COMPLEMENT = ["rest", "spelled", "in", "at", "more", "order", "absent", "type", "free"]
STRANGERS = [*COMPLEMENT, "x-new", "", "a/b", "~0", "*", "0", "[role=x]", "@type", "kind", "raw", "id", "role", "name",
             "value", "state", "href", "__proto__", "${x}"]
SCALARS: list[Any] = [None, True, False, 0, 1, -1, 1.0, 0.5, "", "x", "#0", "other", "acknowledged", "0", 2**70]
Place = tuple[Any, Any]


def junk(draw: random.Random, depth: int) -> Any:
    """Any JSON."""
    chance = draw.random()
    if depth <= 0 or chance < 0.5:
        return draw.choice(SCALARS)
    if chance < 0.75:
        return {draw.choice(STRANGERS): junk(draw, depth - 1) for _ in range(draw.randrange(4))}
    return [junk(draw, depth - 1) for _ in range(draw.randrange(4))]


def places(document: Any) -> list[Place]:
    """Every container of a document with each of its keys or positions."""
    found: list[Place] = []
    waiting = [document]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append((here, key))
            if isinstance(here[key], (dict, list)):
                waiting.append(here[key])
    return found


def disturb(draw: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """Changes some places of the document itself, or none."""
    for _ in range(draw.choice((0, 0, 1, 1, 2, 3, 5, 9))):
        found = places(document)
        if not found:
            document[draw.choice(STRANGERS)] = junk(draw, 2)
            continue
        draw.choice(SPOILS)(draw, *draw.choice(found))
    if draw.random() < 0.1:
        document[draw.choice(STRANGERS)] = junk(draw, 2)
    return document


def _replace(draw: random.Random, here: Any, key: Any) -> None:
    here[key] = junk(draw, 2)


def _null(draw: random.Random, here: Any, key: Any) -> None:
    here[key] = None


def _empty(draw: random.Random, here: Any, key: Any) -> None:
    here[key] = draw.choice(([], {}, ""))


def _remove(draw: random.Random, here: Any, key: Any) -> None:
    del here[key]


def _stranger(draw: random.Random, here: Any, key: Any) -> None:
    inside = here[key] if isinstance(here[key], dict) else here
    if isinstance(inside, dict):
        inside[draw.choice(STRANGERS)] = junk(draw, 2)
    else:
        inside.insert(draw.randrange(len(inside) + 1), junk(draw, 1))


def _wrap(draw: random.Random, here: Any, key: Any) -> None:
    here[key] = draw.choice(([here[key]], {"value": here[key]}, [here[key], here[key]], str(here[key])[:40]))


def _repeat(draw: random.Random, here: Any, key: Any) -> None:
    """An element twice, wholly or with another one's key: elements with equal keys."""
    if isinstance(here, list):
        here.insert(draw.randrange(len(here) + 1), copy.deepcopy(here[key]))
    elif isinstance(here[key], list) and len(here[key]) > 1:
        one, other = draw.sample(range(len(here[key])), 2)
        name = draw.choice(("id", "role", "name"))
        if isinstance(here[key][one], dict) and isinstance(here[key][other], dict):
            here[key][one][name] = here[key][other].get(name)
    elif isinstance(here[key], list) and here[key]:
        here[key].append(copy.deepcopy(here[key][0]))


def _shuffle(draw: random.Random, here: Any, key: Any) -> None:
    if isinstance(here[key], list):
        draw.shuffle(here[key])
    elif isinstance(here[key], dict):
        items = list(here[key].items())
        draw.shuffle(items)
        here[key].clear()
        here[key].update(items)


def _swap(draw: random.Random, here: Any, key: Any) -> None:
    """Two members exchange their values."""
    other = draw.choice(list(here) if isinstance(here, dict) else range(len(here)))
    here[key], here[other] = here[other], here[key]


SPOILS = (_replace, _replace, _null, _empty, _remove, _remove, _stranger, _stranger, _wrap, _repeat, _repeat, _shuffle,
          _swap)
