"""Flattens a rewritten schema for the one question that is asked of nearly every body: is it valid?

What comes out accepts exactly what went in accepts, but says less well what is wrong, so errors still come from the
faithful schema. References that do not lead back to themselves are written out, `allOf` of plain objects becomes one
object, and the cases of a discriminator become one chain, which stops at the first that holds.
"""

from __future__ import annotations

from typing import Any

from lso.gateway.schema import HERE

Document = dict[str, Any]
PLAIN = {"type", "properties", "required"}
CASE = {"if", "then"}
CLOSING = {"additionalProperties", "patternProperties"}
_ONE = {"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
_MANY = {"allOf", "anyOf", "oneOf"}
_NAMED = {"properties", "patternProperties"}


def flat(schema: Any, schemas: Document, within: tuple[str, ...] = ()) -> Any:
    """A schema, flattened; `within` names the schemas that it stands in, whose references stay."""
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.removeprefix(HERE)
        return schema if name in within else flat(schemas[name], schemas, (*within, name))
    new: Document = {}
    for key, value in schema.items():
        if key in _MANY:
            new[key] = [flat(part, schemas, within) for part in value]
        elif key in _NAMED:
            new[key] = {name: flat(part, schemas, within) for name, part in value.items()}
        elif key in _ONE:
            new[key] = flat(value, schemas, within)
        else:
            new[key] = value
    return _plainer(_merged(new) if "allOf" in new else new)


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
    constants = [_constant(case["if"]) for case in cases]
    tags = {constant[0] for constant in constants if constant}
    if None in constants or len(tags) != 1 or len(set(constants)) < len(constants) or whole.get("type") != "object":
        return cases
    chain: Document = {}
    for case in reversed(cases):
        condition = case["if"]
        if tags <= set(whole.get("required", ())):  # without the tag the object is refused, whatever the case
            condition = {"properties": condition["properties"]}
        chain = {"if": condition, "then": case["then"], **({"else": chain} if chain else {})}
    return [chain]


def _constant(condition: Document) -> tuple[str, str] | None:
    """The member that a condition wants and the text it compares it with, where that is all it does."""
    properties = condition.get("properties", {})
    if len(properties) != 1 or condition.keys() - PLAIN or condition.get("required") != list(properties):
        return None
    name, rule = next(iter(properties.items()))
    value = rule.get("const") if isinstance(rule, dict) and rule.keys() == {"const"} else None
    return (name, value) if isinstance(value, str) else None


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
