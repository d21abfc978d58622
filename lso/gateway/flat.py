"""Flattens a rewritten schema for the one question that is asked of nearly every body: is it valid?

What comes out accepts exactly what went in accepts, but says less well what is wrong, so errors still come from the
faithful schema. `allOf` of plain objects becomes one object, of the cases of a discriminator only the one is looked at
that its tag names, and references to what is slight or used once are written out; to write out all of them would take
many times the memory for little more speed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from lso.gateway.case import CASE, CLOSING, PLAIN, TEXT, about_objects, chained, grouped, is_open, words
from lso.gateway.schema import HERE, reachable, references

Document = dict[str, Any]
LISTED = 16  # longer lists are not written out a second time
PASSING = 2
_ONE = {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
_MANY = {"allOf", "anyOf", "oneOf"}
_NAMED = {"properties", "patternProperties"}
_APART = {"definitions", "$defs"}  # what is referred to stands among the components


def flat(schema: Document, schemas: Document) -> Document:
    """A schema that stands on its own, flattened; `schemas` are the component schemas it may refer to."""
    flattening = _Flattening(schemas, Counter(references([schema, reachable(schema, schemas)])))
    top = _sooner(flattening.flat(schema, ()))
    parts = {name: _sooner(part) for name, part in flattening.parts.items()}
    return {**top, "components": {"schemas": parts}} if parts else top


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
        schema = {key: value for key, value in schema.items() if key not in _APART}
        if "allOf" in schema:
            schema["allOf"] = grouped(schema["allOf"])
        new = _with_parts(schema, lambda part, key: self.flat(part, within, merging=key == "allOf"))
        return _plainer(_merged(new) if "allOf" in new else new)

    def referred(self, name: str, within: tuple[str, ...], *, merging: bool) -> Any:
        """What a reference means, written out unless it leads back to itself or is used again and more than slight."""
        if name not in within and (merging or self.uses[name] == 1 or _slight(self.schemas[name])):
            return self.flat(self.schemas[name], (*within, name))
        if name not in self.parts:
            self.parts[name] = {}
            self.parts[name] = self.flat(self.schemas[name], (name,))
        return {"$ref": HERE + name}


def _with_parts(schema: Document, changed: Callable[[Any, str], Any]) -> Document:
    """A schema whose parts are changed, each told of the keyword that it stands under."""
    new: Document = {}
    for key, value in schema.items():
        if key in _MANY:
            new[key] = [changed(part, key) for part in value]
        elif key in _NAMED:
            new[key] = {name: changed(part, key) for name, part in value.items()}
        else:
            new[key] = changed(value, key) if key in _ONE else value
    return new


def _merged(schema: Document) -> Document:
    """Plain objects of an `allOf` become part of the schema, its cases a chain; what else there is stays."""
    whole = {key: value for key, value in schema.items() if key != "allOf"}
    waiting, cases, others = list(schema["allOf"]), [], []
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict) and "allOf" in part and part.keys() <= {*PLAIN, "allOf"}:
            waiting[:0] = [{key: value for key, value in part.items() if key != "allOf"}, *part["allOf"]]
        elif isinstance(part, dict) and part.keys() <= PLAIN and about_objects(part) and is_open(whole):
            _absorb(whole, part)
        elif isinstance(part, dict) and part.keys() == CASE:
            cases.append(part)
        else:
            others.append(part)
    others += chained(cases, whole)
    return {**whole, "allOf": others} if others else whole


def _absorb(whole: Document, part: Document) -> None:
    """Both at once, in one object."""
    if "type" in part:
        whole["type"] = "object"
    if "properties" in part:
        known = dict(whole.get("properties", {}))
        for name, schema in part["properties"].items():
            known[name] = _both(known[name], schema) if name in known else schema
        whole["properties"] = known
    if "required" in part:
        whole["required"] = list(dict.fromkeys([*whole.get("required", ()), *part["required"]]))


def _both(one: Any, other: Any) -> Any:
    """What both say of a member; that it is a text goes without saying beside the texts it may be."""
    if one == other or (one == TEXT and words(other)):
        return other
    return one if other == TEXT and words(one) else {"allOf": [one, other]}


def _plainer(schema: Document) -> Document:
    """Without what goes without saying: the type beside an enum of texts, and schemas that say nothing."""
    listed = schema.get("enum")
    if listed and schema.get("type") == "string" and all(isinstance(word, str) for word in listed):
        schema = {key: value for key, value in schema.items() if key != "type"}
    if schema.get("items") == {}:
        schema = {key: value for key, value in schema.items() if key != "items"}
    if "properties" in schema and not schema.keys() & CLOSING:
        telling = {name: part for name, part in schema["properties"].items() if part != {}}
        schema = {key: value for key, value in schema.items() if key != "properties"}
        schema |= {"properties": telling} if telling else {}
    return schema


def _slight(schema: Document) -> bool:
    """Whether a schema takes no more room than a reference to it, about: it has no parts and lists little."""
    return not schema.keys() & {"$ref", *_ONE, *_MANY, *_NAMED} and len(schema.get("enum", ())) <= LISTED


def _sooner(schema: Any, _key: str = "") -> Any:
    """What says the same and is judged sooner, as measured, in all parts of a schema."""
    if not isinstance(schema, dict):
        return schema
    new = _with_parts(schema, _sooner)
    if new.get("maxItems", 2) < 2 or new.get("uniqueItems") is False:
        new.pop("uniqueItems", None)  # there are no two to compare
    if new.get("minItems") == 0:
        del new["minItems"]
    if new.get("required") == []:
        del new["required"]
    others = new.get("allOf", [])
    if len(others) == 1 and isinstance(others[0], dict) and others[0].keys() == {"anyOf"} and "anyOf" not in new:
        new = {**{key: value for key, value in new.items() if key != "allOf"}, **others[0]}
    return _choosing(new) if _is_choice(new) else _in_passing(new)


def _in_passing(schema: Document) -> Document:
    """Two required members the library looks for while it goes through them all, more of them one by one."""
    required = schema.get("required", [])
    if len(required) <= PASSING or "properties" not in schema:
        return schema
    others = [*schema.get("allOf", ()), {"required": required[PASSING:]}]
    return {**schema, "required": required[:PASSING], "allOf": others}


def _is_choice(schema: Document) -> bool:
    """Whether an object is to have exactly one of its members, each a reference."""
    cases, members = schema.get("oneOf", []), schema.get("properties", {})
    return (
        schema.keys() == {"type", "oneOf", "properties"}
        and schema["type"] == "object"
        and all(isinstance(part, dict) and part.keys() == {"$ref"} for part in members.values())
        and sorted(map(str, cases)) == sorted(str({"required": [name]}) for name in members)
    )


def _choosing(schema: Document) -> Document:
    """A choice, for an object of a single member without looking for the others."""
    single = {"minProperties": 1, "properties": schema["properties"], "additionalProperties": False}
    rest = {key: value for key, value in schema.items() if key != "type"}
    return {"type": "object", "if": {"maxProperties": 1}, "then": single, "else": rest}
