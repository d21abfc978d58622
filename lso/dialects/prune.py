"""Leaves incomplete parts out of a canonical document, by data: `each of` a path `must have` these members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lso.lens import Document
from lso.settings import read_yaml


@dataclass(slots=True)
class Part:
    """What each part at a place must have; what is asked of the parts below it.

    members: must be there. words: must be one of a few words.
    """

    members: tuple[str, ...] = ()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    below: dict[str, Part] = field(default_factory=dict)

    def pruned(self, part: Any) -> Any:
        """The part without incomplete parts below it, shared where nothing was left out; None if it is incomplete."""
        if type(part) is not dict:
            return None if self.members else part
        for member in self.members:
            if part.get(member) is None:
                return None
        for member, known in self.words.items():
            if part.get(member) not in known:
                return None
        changed: Document | None = None
        for name, below in self.below.items():
            value = part.get(name)
            if value is None:
                continue
            kept = below.pruned_all(value) if type(value) is list else below.pruned(value)
            if kept is not value:
                changed = dict(part) if changed is None else changed
                if kept is None and name in self.members:
                    return None
                if kept is None:
                    del changed[name]
                else:
                    changed[name] = kept
        return part if changed is None else changed

    def pruned_all(self, parts: list[Any]) -> list[Any] | None:
        """A list without its incomplete parts; None when none is left."""
        kept = [self.pruned(part) for part in parts]
        for mine, its in zip(kept, parts, strict=True):
            if mine is not its:
                return [part for part in kept if part is not None] or None
        return parts


def load_required(file: Path) -> Part:
    """Reads `<name>.required.yaml`: rows of path, members, and words of members."""
    root = Part()
    for path, members, *words in read_yaml(file)["rows"]:
        here = root
        for name in path.split("/"):
            here = here.below.setdefault(name, Part())
        here.members = tuple(members)
        here.words = {member: frozenset(known) for member, known in (words[0] if words else {}).items()}
    return root


def prune(document: Document, required: Part) -> Document:
    """The document without its incomplete parts; nothing is changed in place."""
    kept: Document = required.pruned(document)
    return kept
