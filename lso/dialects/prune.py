"""Leaves incomplete parts out of a canonical document, by data: `each of` a path `must have` these members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lso.lens import Document


@dataclass(frozen=True, slots=True)
class Required:
    """What each part at a path must have. words: members that must be one of a few words."""

    path: tuple[str, ...]
    members: tuple[str, ...]
    words: Mapping[str, frozenset[str]]

    def met(self, part: Any) -> bool:
        """Whether a part is complete."""
        return type(part) is dict and all(part.get(member) is not None for member in self.members) \
            and all(part.get(member) in known for member, known in self.words.items())


def load_required(file: Path) -> tuple[Required, ...]:
    """Reads `<resource>.required.yaml`."""
    return tuple(_row(*row) for row in yaml.safe_load(file.read_text())["rows"])


def _row(path: str, members: list[str], words: Mapping[str, list[str]] | None = None) -> Required:
    return Required(tuple(path.split("/")), tuple(members),
                    {member: frozenset(known) for member, known in (words or {}).items()})


def prune(document: Document, required: tuple[Required, ...]) -> Document:
    """The document without its incomplete parts; what is complete is shared, nothing is changed in place."""
    for one in required:
        document = _below(document, one.path, one)
    return document


def _below(node: Document, path: tuple[str, ...], required: Required) -> Document:
    name, rest = path[0], path[1:]
    value = node.get(name)
    if type(value) is list:
        kept: Any = [_element(one, rest, required) for one in value if rest or required.met(one)]
        if not kept and value:
            return _without(node, name)
    elif type(value) is dict:
        if not rest and not required.met(value):
            return _without(node, name)
        kept = _element(value, rest, required)
    else:
        return node
    return node if kept == value else {**node, name: kept}


def _element(one: Any, rest: tuple[str, ...], required: Required) -> Any:
    return _below(one, rest, required) if rest and type(one) is dict else one


def _without(node: Document, name: str) -> Document:
    return {member: value for member, value in node.items() if member != name}
