"""Gathers a document and the files it refers to into one document, so that every $ref is local.

What another file holds under `components/<section>/<name>` keeps its section, and its name unless that is taken;
schemas that are files of their own are named after the file. References among paths are written out in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

Document = dict[str, Any]


class SpecificationError(Exception):
    """A specification that cannot be used; raised at start-up."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as JSON would read it: a date stays the text it is."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=256)
def read(path: Path) -> Document:
    """The document in a YAML or JSON file; shared, never to be changed."""
    text = path.read_text(encoding="utf-8-sig")
    document = json.loads(text) if path.suffix == ".json" else yaml.load(text, _Loader)  # noqa: S506 safe subclass
    if not isinstance(document, dict):
        raise SpecificationError(f"{path.name} holds no document")
    return document


def follow(document: Any, pointer: str) -> Any:
    """What a JSON Pointer (`/components/schemas/X`) names in a document."""
    for token in filter(None, pointer.split("/")):
        name = unquote(token).replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


class Bundle:
    """One document under construction. `home` is where a foreign target ended up."""

    def __init__(self, root: Path, prepare: Callable[[Document], Document] = lambda document: document) -> None:
        """`prepare` may give another form to the root document before anything is gathered."""
        self.root = root.resolve()
        self.source = prepare(read(self.root))
        self.document: Document = {}
        self.home: dict[tuple[Path, str], str] = {}
        self.sections: dict[str, Document] = {}

    def build(self) -> Document:
        """The root document with everything it needs, its own components first."""
        source = self.source
        for section, members in source.get("components", {}).items():
            self.sections[section] = dict.fromkeys(members)
            for name in members:
                self.home[self.root, f"/components/{section}/{name}"] = f"#/components/{section}/{name}"
        for section, members in source.get("components", {}).items():
            for name, member in members.items():
                self.sections[section][name] = self.copy(member, self.root)
        self.document = {
            key: self.copy(value, self.root, inline=key == "paths")
            for key, value in source.items()
            if key != "components"
        }
        if self.sections:
            self.document["components"] = self.sections
        return self.document

    def adopt(self, path: Path, pointer: str = "", name: str = "") -> str:
        """Bring in what `path#pointer` names; gives the local reference to it."""
        path, pointer = path.resolve(), unquote(pointer)
        known = self.home.get((path, pointer))
        if known:
            return known
        parts = pointer.strip("/").split("/")
        section = parts[1] if parts[0] == "components" and len(parts) > 2 else "schemas"
        wanted = name or (parts[-1] if pointer else path.stem)
        members = self.sections.setdefault(section, {})
        chosen, count = wanted, 1
        while chosen in members:
            count += 1
            chosen = f"{wanted}.{count}"
        members[chosen] = None
        here = self.home[path, pointer] = f"#/components/{section}/{chosen}"
        members[chosen] = self.copy(follow(self._read(path), pointer), path)
        return here

    def copy(self, node: Any, path: Path, *, inline: bool = False) -> Any:
        """A node of the file `path`, its references made local; `inline` writes out references of path items."""
        if isinstance(node, list):
            return [self.copy(element, path) for element in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            file, _, pointer = reference.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            return {"$ref": self.adopt(target, pointer)}
        copied = {str(key): self.copy(value, path) for key, value in node.items()}
        mapping = node["discriminator"].get("mapping") if isinstance(node.get("discriminator"), dict) else None
        if mapping:
            copied["discriminator"]["mapping"] = {tag: self._mapped(target, path) for tag, target in mapping.items()}
        if inline:
            for name, item in node.items():
                if isinstance(item, dict) and "$ref" in item:
                    copied[name] = self._written_out(item["$ref"], path)
        return copied

    def _mapped(self, target: str, path: Path) -> str:
        file, found, pointer = target.partition("#")
        if not found:
            pointer, file = f"/components/schemas/{target}", ""
        return self.adopt((path.parent / unquote(file)) if file else path, pointer)

    def _written_out(self, reference: str, path: Path) -> Any:
        file, _, pointer = reference.partition("#")
        target = (path.parent / unquote(file)).resolve() if file else path
        return self.copy(follow(self._read(target), pointer), target)

    def _read(self, path: Path) -> Document:
        return self.source if path == self.root else read(path)
