"""YAML as a tree whose every node knows its file and line, and in which every scalar is a string.

Under the keys `const` and `default` scalars have their JSON type instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lso.lens.table import TableError

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TYPED = frozenset({"const", "default"})


class Place(NamedTuple):
    """Where something is written."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Tree:
    """A node: `value` is a dict or list of nodes, a JSON scalar, or None for an unquoted `~`."""

    value: Any
    place: Place

    def get(self, name: str) -> Tree | None:
        """A member, or None."""
        if not isinstance(self.value, dict):
            raise TableError(f"{self.place}: expected members")
        found = self.value.get(name)
        return found if isinstance(found, Tree) else None

    def member(self, name: str) -> Tree:
        """A member that must be there."""
        found = self.get(name)
        if found is None:
            raise TableError(f"{self.place}: {name} is missing")
        return found

    def items(self, name: str) -> Iterator[tuple[str, Tree]]:
        """The members of a member, none if it is not there."""
        found = self.get(name)
        if found is None:
            return
        if not isinstance(found.value, dict):
            raise TableError(f"{found.place}: expected members")
        yield from found.value.items()

    def elements(self) -> list[Tree]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            raise TableError(f"{self.place}: expected a list")
        return self.value

    def string(self) -> str:
        """The scalar of this node."""
        if not isinstance(self.value, str):
            raise TableError(f"{self.place}: expected one word")
        return self.value

    def text(self, name: str) -> str:
        """The scalar of a member that must be there."""
        return self.member(name).string()

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: one.plain() for name, one in self.value.items()}
        if isinstance(self.value, list):
            return [one.plain() for one in self.value]
        return self.value


def read_tree(path: Path) -> Tree:
    """The document of a file; never to be changed, for many tables share what they use. Raises TableError."""
    try:
        return _parsed(path.read_text(encoding="utf-8"), path)
    except OSError as wrong:
        raise TableError(f"{path}: cannot be read: {wrong.strerror}") from None


@lru_cache(maxsize=64)
def _parsed(text: str, path: Path) -> Tree:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as wrong:
        raise TableError(f"{path}: not YAML: {wrong}") from None
    if root is None:
        raise TableError(f"{path}: empty")
    return _tree(root, f"{path.parent.name}/{path.name}", typed=False)


def _tree(node: yaml.Node, file: str, *, typed: bool) -> Tree:
    place = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        members: dict[str, Tree] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in members:
                raise TableError(f"{file}:{key.start_mark.line + 1}: {name} stands here twice")
            members[name] = _tree(value, file, typed=typed or name in _TYPED)
        return Tree(members, place)
    if isinstance(node, yaml.SequenceNode):
        return Tree([_tree(one, file, typed=typed) for one in node.value], place)
    return Tree(_scalar(node, typed=typed) if isinstance(node, yaml.ScalarNode) else None, place)


def _scalar(node: yaml.ScalarNode, *, typed: bool) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("~", ""):
        return None
    if typed:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
