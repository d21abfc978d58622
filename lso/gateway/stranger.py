"""Finds members that no schema knows, for tenants who want them refused.

No MEF or TM Forum schema closes its objects, so a validator lets unknown members pass; this walk follows the schemas
along the document and names what it meets without a counterpart. An object about which no schema says anything is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lso.errors import Finding
from lso.gateway.schema import HERE
from lso.gateway.violation import pointer

Document = dict[str, Any]


class Strangers:
    """Walks documents along the rewritten schemas of one specification.

    aliases: respelled tag -> the one meant; using one is a finding, too.
    """

    def __init__(self, schemas: Mapping[str, Any], aliases: Mapping[str, str]) -> None:
        self.schemas = schemas
        self.aliases = aliases

    def findings(self, document: Any, schema: Document) -> tuple[Finding, ...]:
        """Every unknown member and every respelled tag."""
        return tuple(self._walk(document, [schema], []))

    def _walk(self, value: Any, schemas: list[Document], path: list[str | int]) -> Iterator[Finding]:
        if isinstance(value, dict):
            yield from self._walk_object(value, schemas, path)
        elif isinstance(value, list):
            inner = [part["items"] for schema in schemas for part in self._parts(schema, value) if "items" in part]
            if inner:
                for index, element in enumerate(value):
                    yield from self._walk(element, inner, [*path, index])

    def _walk_object(self, value: Document, schemas: list[Document], path: list[str | int]) -> Iterator[Finding]:
        parts = [part for schema in schemas for part in self._parts(schema, value)]
        described = any("properties" in part for part in parts)
        others = [part.get("additionalProperties") for part in parts]
        open_to = [other for other in others if other not in (None, False)]
        for name, member in value.items():
            known = [part["properties"][name] for part in parts if name in part.get("properties", {})]
            if known:
                yield from self._walk(member, known, [*path, name])
            elif described and not open_to:
                yield Finding(pointer([*path, name]), "unexpectedProperty", "The document does not know this member.")
            else:
                yield from self._walk(member, [schema for schema in open_to if isinstance(schema, dict)], [*path, name])
        tag = value.get("@type")
        if isinstance(tag, str) and tag in self.aliases:
            yield Finding(
                pointer([*path, "@type"]), "invalidValue", f"This respelling is not accepted; use {self.aliases[tag]}."
            )

    def _parts(self, schema: Any, value: Any) -> Iterator[Document]:
        """The schema and all that it brings with it for this value: references, alternatives, the case selected."""
        if not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield from self._parts(self.schemas.get(reference.removeprefix(HERE)), value)
            return
        yield schema
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                yield from self._parts(part, value)
        condition = schema.get("if")
        if isinstance(condition, dict) and isinstance(value, dict) and _holds(condition, value):
            yield from self._parts(schema.get("then"), value)


def _holds(condition: Document, value: Document) -> bool:
    """Whether a value meets a condition of the form we write: members that equal constants."""
    constants = {name: rule.get("const") for name, rule in condition.get("properties", {}).items()}
    return all(name in value and value[name] == constant for name, constant in constants.items())
