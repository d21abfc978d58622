"""Schema files by name, and the references that lead from one schema to another, in one file or between files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Loader = Callable[[str], Any]


class SchemaError(Exception):
    """A reference that leads nowhere; raised when a specification is opened or read."""


class Part(NamedTuple):
    """One schema as it stands in a file. A node is made of several when `allOf` folds them."""

    document: str
    pointer: str
    raw: Mapping[str, Any]


class Documents:
    """Schema files by name. `load` turns a name (relative, with slashes) into parsed JSON or YAML."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._opened: dict[str, Any] = {}

    def find(self, name: str, pointer: str) -> Part:
        """What a pointer in a file leads to."""
        if name not in self._opened:
            self._opened[name] = self._load(name)
        segments = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
        found = _walk(self._opened[name], segments)
        if found is None and len(segments) == 1:
            for home in (["components", "schemas"], ["definitions"], ["$defs"]):
                found = _walk(self._opened[name], [*home, *segments])
                if found is not None:
                    pointer = "/" + "/".join([*home, *segments])
                    break
        if not isinstance(found, Mapping):
            raise SchemaError(f"{name}#{pointer} is not there")
        return Part(name, pointer, found)

    def resolve(self, part: Part) -> Part:
        """Follows `$ref` until there is none."""
        while isinstance(part.raw.get("$ref"), str):
            name, _, pointer = part.raw["$ref"].partition("#")
            beside = posixpath.join(posixpath.dirname(part.document), name)
            part = self.find(posixpath.normpath(beside) if name else part.document, pointer)
        return part


def below(part: Part, *path: Any) -> Part:
    """A schema inside a schema: the steps that lead there, and then the schema itself."""
    *segments, raw = path
    steps = "/".join(str(s).replace("~", "~0").replace("/", "~1") for s in segments)
    return Part(part.document, f"{part.pointer}/{steps}", raw)


def _walk(value: Any, segments: list[str]) -> Any:
    for segment in segments:
        if isinstance(value, Mapping):
            value = value.get(segment)
        elif isinstance(value, list) and segment.isdigit() and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return None
    return value
