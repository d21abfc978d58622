"""Rewrites the schemas of an OpenAPI 3.0 document into JSON Schema 2020-12 that also honours discriminators.

For a schema with subtypes there is a second one, `<name>__poly`: the schema itself, a tag that must be one of the
known, and for each tag the subtype that it selects. References lead there, except inside the `allOf` by which a subtype
extends it. The host of product configurations, a discriminator without subtypes, is open: its tag names a product
schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]
HERE = "#/components/schemas/"
POLY = "__poly"
_ONE = {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
_MANY = {"allOf", "anyOf", "oneOf"}
_NAMED = {"properties", "patternProperties", "definitions", "$defs"}
_SAME = {
    "type", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "const",
}  # fmt: skip
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class Rewriter:
    """The schemas of one document, rewritten.

    configurations: product schemas by URN, already local references (`#/components/schemas/…`); None where product
        configurations are not to be looked into.
    """

    def __init__(self, schemas: Mapping[str, Any], configurations: Mapping[str, str] | None = None) -> None:
        self.schemas = schemas
        self.configurations = configurations
        self.subtypes = {
            name: found
            for name, schema in schemas.items()
            if isinstance(schema, dict) and "discriminator" in schema
            and (found := self._subtypes(name, schema)) is not None
        }  # fmt: skip

    def rewritten(self) -> Document:
        """Every schema, and the polymorphic ones a second time."""
        done = {name: self.rewrite(schema) for name, schema in self.schemas.items()}
        for name, cases in self.subtypes.items():
            tag = self.schemas[name]["discriminator"]["propertyName"]
            done[name + POLY] = _selecting(name, tag, cases)
        return done

    def rewrite(self, schema: Any, *, extending: bool = False) -> Any:
        """One schema; `extending` when it stands in an allOf, where a reference means the schema itself."""
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            name = reference.removeprefix(HERE)
            return {"$ref": reference if extending or name not in self.subtypes else reference + POLY}
        new: Document = {}
        for key, value in schema.items():
            if key in _SAME:
                new[key] = value
            elif key in _MANY:
                new[key] = [self.rewrite(part, extending=key == "allOf" and "$ref" in part) for part in value]
            elif key in _NAMED:
                new[key] = {name: self.rewrite(part) for name, part in value.items()}
            elif key in _ONE:
                new[key] = self.rewrite(value)
            elif key == "enum":
                new[key] = _both_spellings(value)
        _bound(new)
        if schema.get("nullable") is True:
            _allow_null(new)
        return new

    def _subtypes(self, name: str, schema: Document) -> dict[str, str] | None:
        """Tag value -> reference to the schema it selects; None where the discriminator selects nothing we know."""
        mapping = schema["discriminator"].get("mapping")
        if mapping:
            return {tag: target if target.startswith("#") else HERE + target for tag, target in mapping.items()}
        children = {child: HERE + child for child, body in self.schemas.items() if _extends(body, HERE + name)}
        if children:
            return {name: "", **children}
        return dict(self.configurations) if self.configurations is not None else None


def _selecting(name: str, tag: str, cases: Mapping[str, str]) -> Document:
    """The schema, a known tag, and per tag its subtype."""
    chosen: list[Document] = [
        {"if": {"properties": {tag: {"const": value}}, "required": [tag]}, "then": {"$ref": target}}
        for value, target in cases.items()
        if target and target != HERE + name
    ]
    return {"allOf": [{"$ref": HERE + name}, {"properties": {tag: {"enum": sorted(cases)}}}, *chosen]}


def _extends(schema: Any, reference: str) -> bool:
    parts = schema.get("allOf", ()) if isinstance(schema, dict) else ()
    return any(isinstance(part, dict) and part.get("$ref") == reference for part in parts)


def _both_spellings(values: list[Any]) -> list[Any]:
    """TM Forum lists `"aborted "` with a trailing blank: what is listed is accepted, and so is what was meant."""
    meant = [value.strip() for value in values if isinstance(value, str) and value.strip() not in values]
    return [*values, *meant]


def _bound(schema: Document) -> None:
    """Boolean exclusive bounds become numbers, and integer formats bounds."""
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and inclusive in schema:
            schema[exclusive] = schema.pop(inclusive)
    lowest_highest = _RANGES.get(schema.get("format", "")) if schema.get("type") == "integer" else None
    if lowest_highest:
        schema.setdefault("minimum", lowest_highest[0])
        schema.setdefault("maximum", lowest_highest[1])


def _allow_null(schema: Document) -> None:
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]


def reachable(node: Any, schemas: Document) -> Document:
    """The component schemas that a node refers to, and those that they refer to."""
    found: Document = {}
    waiting = list(references(node))
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found[name] = schemas[name]
            waiting += references(schemas[name])
    return found


def references(node: Any) -> Iterator[str]:
    """The names of component schemas that a node refers to, as often as it does."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(HERE):
            yield reference.removeprefix(HERE)
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for element in node:
            yield from references(element)
