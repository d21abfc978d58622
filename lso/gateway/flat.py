"""Flattens a rewritten schema for the one question that is asked of nearly every body: is it valid?

What comes out accepts exactly what went in accepts, but says less well what is wrong, so errors still come from the
faithful schema. `allOf` of plain objects becomes one object, the cases of a discriminator become one chain, which stops
at the first that holds, and references to what is used once are written out; to write out all of them would take many
times the memory for little more speed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lso.gateway.schema import HERE, reachable, references

Document = dict[str, Any]
PLAIN = {"type", "properties", "required"}
CASE = {"if", "then"}
CLOSING = {"additionalProperties", "patternProperties"}
_ONE = {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
_MANY = {"allOf", "anyOf", "oneOf"}
_NAMED = {"properties", "patternProperties"}


def flat(schema: Document, schemas: Document) -> Document:
    """A schema that stands on its own, flattened; `schemas` are the component schemas it may refer to."""
    flattening = _Flattening(schemas, Counter(references([schema, reachable(schema, schemas)])))
    top = flattening.flat(schema, ())
    return {**top, "components": {"schemas": flattening.parts}} if flattening.parts else top


class _Flattening:
    """parts: the component schemas that are still referred to, flattened as well."""

    def __init__(self, schemas: Document, uses: Counter[str]) -> None:
        self.schemas = schemas
        self.uses = uses
        self.parts: Document = {}

    def flat(self, schema: Any, within: tuple[str, ...], *, merging: bool = False) -> Any:
        """A schema that stands in others, whose names are `within`; merging: what it says becomes part of them."""
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            return self.referred(schema["$ref"].removeprefix(HERE), within, merging=merging)
        new: Document = {}
        for key, value in schema.items():
            if key in _MANY:
                parts = _grouped(value) if key == "allOf" else value
                new[key] = [self.flat(part, within, merging=key == "allOf") for part in parts]
            elif key in _NAMED:
                new[key] = {name: self.flat(part, within) for name, part in value.items()}
            elif key in _ONE:
                new[key] = self.flat(value, within)
            else:
                new[key] = value
        return _plainer(_merged(new) if "allOf" in new else new)

    def referred(self, name: str, within: tuple[str, ...], *, merging: bool) -> Any:
        """What a reference means, written out unless it leads back to itself or is used again."""
        if name not in within and (merging or self.uses[name] == 1):
            return self.flat(self.schemas[name], (*within, name))
        if name not in self.parts:
            self.parts[name] = {}
            self.parts[name] = self.flat(self.schemas[name], (name,))
        return {"$ref": HERE + name}


def _grouped(parts: list[Any]) -> list[Any]:
    """Cases with the same consequence made one: a product schema has several spellings of its name."""
    groups: dict[tuple[str, str], list[str]] = {}
    others: list[Any] = []
    for part in parts:
        case = isinstance(part, dict) and part.keys() == CASE and part["then"].keys() == {"$ref"}
        constant = _constant(part["if"]) if case else None
        if constant is None:
            others.append(part)
        else:
            groups.setdefault((constant[0], part["then"]["$ref"]), []).append(constant[1])
    return others + [
        {"if": {"properties": {name: {"enum": values}}, "required": [name]}, "then": {"$ref": target}}
        for (name, target), values in groups.items()
    ]


def _merged(schema: Document) -> Document:
    """Plain objects of an `allOf` become part of the schema, its cases a chain; what else there is stays."""
    whole = {key: value for key, value in schema.items() if key != "allOf"}
    waiting, cases, others = list(schema["allOf"]), [], []
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict) and "allOf" in part and part.keys() <= {*PLAIN, "allOf"}:
            waiting[:0] = [{key: value for key, value in part.items() if key != "allOf"}, *part["allOf"]]
        elif isinstance(part, dict) and part.keys() <= PLAIN and _about_objects(part) and _open(whole):
            _absorb(whole, part)
        elif isinstance(part, dict) and part.keys() == CASE:
            cases.append(part)
        else:
            others.append(part)
    others += _chained(cases, whole)
    return {**whole, "allOf": others} if others else whole


def _about_objects(schema: Document) -> bool:
    return bool(schema.get("type", "object") == "object")


def _open(schema: Document) -> bool:
    """Whether more properties may be put in without changing what a keyword beside them means."""
    return _about_objects(schema) and not schema.keys() & CLOSING


def _absorb(whole: Document, part: Document) -> None:
    """Both at once, in one object."""
    if "type" in part:
        whole["type"] = "object"
    if "properties" in part:
        known = dict(whole.get("properties", {}))
        for name, schema in part["properties"].items():
            known[name] = {"allOf": [known[name], schema]} if known.get(name, schema) != schema else schema
        whole["properties"] = known
    if "required" in part:
        whole["required"] = list(dict.fromkeys([*whole.get("required", ()), *part["required"]]))


def _chained(cases: list[Document], whole: Document) -> list[Document]:
    """Cases of one tag exclude each other in an object, so the rest need not be looked at once one holds."""
    wanted = [_wanted(case["if"]) for case in cases]
    tags = {one[0] for one in wanted if one}
    values = [value for one in wanted if one for value in one[1]]
    if None in wanted or len(tags) != 1 or len(set(values)) < len(values) or whole.get("type") != "object":
        return cases
    chain: Document = {}
    for case in reversed(cases):
        condition = case["if"]
        if tags <= set(whole.get("required", ())):  # without the tag the object is refused, whatever the case
            condition = {"properties": condition["properties"]}
        chain = {"if": condition, "then": case["then"], **({"else": chain} if chain else {})}
    return [chain]


def _wanted(condition: Document) -> tuple[str, tuple[str, ...]] | None:
    """The member that a condition wants and the texts it may be, where that is all it says."""
    properties = condition.get("properties", {})
    if len(properties) != 1 or condition.keys() - PLAIN or condition.get("required") != list(properties):
        return None
    name, rule = next(iter(properties.items()))
    if not isinstance(rule, dict) or rule.keys() not in ({"const"}, {"enum"}):
        return None
    values = tuple(rule.get("enum", [rule.get("const")]))
    return (name, values) if all(isinstance(value, str) for value in values) else None


def _constant(condition: Document) -> tuple[str, str] | None:
    """The same for a single text."""
    wanted = _wanted(condition)
    return (wanted[0], wanted[1][0]) if wanted and len(wanted[1]) == 1 else None


def _plainer(schema: Document) -> Document:
    """Without what goes without saying: the type beside an enum of texts, and schemas that say nothing."""
    words = schema.get("enum")
    if words and schema.get("type") == "string" and all(isinstance(word, str) for word in words):
        schema = {key: value for key, value in schema.items() if key != "type"}
    if schema.get("items") == {}:
        schema = {key: value for key, value in schema.items() if key != "items"}
    if "properties" in schema and not schema.keys() & CLOSING:
        telling = {name: part for name, part in schema["properties"].items() if part != {}}
        schema = {key: value for key, value in schema.items() if key != "properties"}
        schema |= {"properties": telling} if telling else {}
    return schema
