"""Documents drafted from a rewritten schema: mostly what it asks for, so that spoiling them tells something."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from lso.gateway.schema import HERE

TEXTS = {
    "date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02", "uri": "https://a.example/b", "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}  # fmt: skip
HARDWARE_ADDRESS = "00-1b-63-84-45-e6"
DEEP = 12
MENDINGS = 60


class Drafter:
    """Drafts documents; members that are not required ever more seldom, the deeper they stand."""

    def __init__(self, draw: random.Random, schemas: Mapping[str, Any]) -> None:
        self.draw = draw
        self.schemas = schemas

    def document(self, schema: Any, depth: int = 0) -> Any:
        """One for a schema; what the conditions in it ask for depends on the tags drawn before."""
        found = None
        for part in self._parts(schema):
            if "if" in part:
                found = _together(self._conditional(part, found, depth), found)
            else:
                found = _together(found, self._plain(part, depth))
        return found

    def _conditional(self, part: dict[str, Any], found: Any, depth: int) -> Any:
        wanted = part["if"].get("properties", {}) if isinstance(found, dict) else {}
        holds = all(found.get(name) in rule.get("enum", [rule.get("const")]) for name, rule in wanted.items())
        return self.document(part.get("then" if holds else "else", {}), depth)

    def _parts(self, schema: Any) -> list[dict[str, Any]]:
        """A schema, those that it refers to, and one of each choice; conditions last."""
        if not isinstance(schema, dict):
            return []
        if "$ref" in schema:
            return self._parts(self.schemas[schema["$ref"].removeprefix(HERE)])
        own = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf")}
        inner = [*schema.get("allOf", ())]
        inner += [self.draw.choice(schema[key]) for key in ("anyOf", "oneOf") if key in schema]
        found = [own, *(found for part in inner for found in self._parts(part))]
        return sorted(found, key=lambda part: "if" in part)

    def _plain(self, schema: dict[str, Any], depth: int) -> Any:
        if "const" in schema or "enum" in schema:
            return self.draw.choice(schema.get("enum", [schema.get("const")]))
        kind = schema.get("type", "object" if schema.keys() & {"properties", "required"} else None)
        kind = self.draw.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            least = schema.get("minItems", 0)
            most = max(least, min(schema.get("maxItems", 2), 2))
            return [self.document(schema.get("items", {}), depth + 1) for _ in range(self.draw.randint(least, most))]
        return self._single(kind, schema)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        members, needed = schema.get("properties", {}), schema.get("required", [])
        chance = 0.8 * (1 - depth / DEEP)
        wanted = [name for name in members if name in needed or "enum" in members[name] or self.draw.random() < chance]
        return {name: self.document(members.get(name, {"type": "string"}), depth + 1) for name in {*wanted, *needed}}

    def _single(self, kind: str | None, schema: dict[str, Any]) -> Any:
        if kind in ("integer", "number"):
            least = schema.get("minimum", 0)
            return self.draw.choice([least, schema.get("maximum", least + 1), least + 1])
        if kind == "boolean":
            return self.draw.random() < 0.5
        if kind == "string":
            text = HARDWARE_ADDRESS if "{5}" in schema.get("pattern", "") else f"text {self.draw.randrange(9)}"
            return TEXTS.get(schema.get("format", ""), text)
        return None


def _together(one: Any, other: Any) -> Any:
    """Members of both, those of the other before those of the one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    return one if other is None else other


def mended(document: Any, judge: Any) -> Any:
    """A document without what is wrong with it, so far as what is wrong may be left out."""
    for _ in range(MENDINGS):
        faults = sorted((error.instance_path for error in judge.iter_errors(document)), key=len, reverse=True)
        if not faults or not faults[0]:
            break
        *way, last = faults[0]
        here = document
        for key in way:
            here = here[key]
        del here[last]
    return document
