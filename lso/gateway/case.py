"""The cases of a discriminator, in the form that is judged soonest: which one holds for an object, its tag says."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
CASE = {"if", "then"}
PLAIN = {"type", "properties", "required"}
TEXT = {"type": "string"}
CLOSING = {"additionalProperties", "patternProperties"}


def grouped(parts: list[Any]) -> list[Any]:
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


def chained(cases: list[Document], whole: Document) -> list[Document]:
    """Cases of one tag exclude each other in an object, so the rest need not be looked at once one holds."""
    wanted = [_wanted(case["if"]) for case in cases]
    tags = {one[0] for one in wanted if one}
    values = [value for one in wanted if one for value in one[1]]
    if None in wanted or len(tags) != 1 or len(set(values)) < len(values) or whole.get("type") != "object":
        return cases
    known = words(whole.get("properties", {}).get(*tags)) if tags <= set(whole.get("required", ())) else None
    if known and is_open(whole):
        return [{"anyOf": _branches(tags.pop(), known, cases, whole)}]
    chain: Document = {}
    for case in reversed(cases):
        condition = case["if"]
        if tags <= set(whole.get("required", ())):  # without the tag the object is refused, whatever the case
            condition = {"properties": condition["properties"]}
        chain = {"if": condition, "then": case["then"], **({"else": chain} if chain else {})}
    return [chain]


def _branches(tag: str, known: list[str], cases: list[Document], whole: Document) -> list[Document]:
    """What holds for each text that a tag may be; it is no longer looked for in the whole.

    The library goes straight to the branch of a tag where every branch requires it and has one text for it.
    """
    then = {word: case["then"] for case in cases for word in (_wanted(case["if"]) or ("", ()))[1]}
    branches = [_branch(tag, word, then.get(word, {}), whole) for word in known]
    whole["properties"] = {name: part for name, part in whole["properties"].items() if name != tag}
    whole["required"] = [name for name in whole["required"] if name != tag]
    return branches


def _branch(tag: str, word: str, then: Document, whole: Document) -> Document:
    """A case, less what the whole says already."""
    members = then.get("properties", {})
    if then.keys() & CLOSING or members.get(tag, TEXT) != TEXT:
        return {"properties": {tag: {"const": word}}, "required": [tag], "allOf": [then]}
    own = {name: part for name, part in members.items() if name != tag and whole["properties"].get(name) != part}
    required = [name for name in then.get("required", ()) if name not in whole["required"]]
    rest = {key: value for key, value in then.items() if key not in PLAIN or (key == "type" and value != "object")}
    return {**rest, "properties": {tag: {"const": word}, **own}, "required": [tag, *required]}


def words(rule: Any) -> list[str] | None:
    """The texts that a value may be, where that is all a rule says."""
    if not isinstance(rule, dict) or rule.keys() != {"enum"} or not all(isinstance(word, str) for word in rule["enum"]):
        return None
    return list(rule["enum"])


def about_objects(schema: Document) -> bool:
    return bool(schema.get("type", "object") == "object")


def is_open(schema: Document) -> bool:
    """Whether more properties may be put in without changing what a keyword beside them means."""
    return about_objects(schema) and not schema.keys() & CLOSING


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
