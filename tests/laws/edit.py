"""Edits that a far side may make: values changed to others of their kind, members and elements taken away or added."""

from __future__ import annotations

import copy
import random
from typing import Any

from tests.laws.disturb import places


def edited(document: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The document with one to three edits; what stands in one place of it may come to stand in another alike."""
    changed = copy.deepcopy(document)
    for _ in range(draw.choice((1, 1, 2, 3))):
        found = places(changed)
        if found:
            here, key = draw.choice(found)
            draw.choice((_remove, _other, _double))(draw, changed, here, key)
    return changed


def _remove(draw: random.Random, document: Any, here: Any, key: Any) -> None:
    del here[key]


def _other(draw: random.Random, document: Any, here: Any, key: Any) -> None:
    """The value of a member of the same name elsewhere, or fresh text in place of text."""
    alike = [there[name] for there, name in places(document) if name == key and isinstance(there, dict)]
    value = draw.choice(alike) if alike and draw.random() < 0.6 else here[key]
    if type(value) is str and value[4:5] != "-" and draw.random() < 0.3:
        value = f"edited {draw.randrange(1000)}"
    here[key] = copy.deepcopy(value)


def _double(draw: random.Random, document: Any, here: Any, key: Any) -> None:
    """An element once more, as a client does that copies a line."""
    if isinstance(here, list):
        here.insert(draw.randrange(len(here) + 1), copy.deepcopy(here[key]))
