"""Turns what a schema validator complains about into findings: a pointer, a MEF code and one sentence.

A sentence is made from the schema's own words, never from the caller's values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jsonschema_rs import ValidationError

from lso.errors import Finding

INVALID, FORMAT, OTHER = "invalidValue", "invalidFormat", "otherIssue"
LISTED_MOST = 12


def findings(errors: Iterable[ValidationError]) -> tuple[Finding, ...]:
    """All findings, in document order of discovery, each once."""
    return tuple(dict.fromkeys(finding for error in errors for finding in _of(error)))


def pointer(path: Iterable[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _of(error: ValidationError) -> Iterator[Finding]:
    kind: Any = error.kind
    path = list(error.instance_path)
    if kind.name == "required":
        yield Finding(pointer([*path, kind.property]), "missingProperty", f"{_shown(kind.property)} is required.")
    elif kind.name in {"additionalProperties", "unevaluatedProperties"}:
        for name in kind.unexpected:
            yield Finding(pointer([*path, name]), "unexpectedProperty", "This member is not allowed here.")
    elif kind.name in {"oneOf", "anyOf"}:
        yield from _of_union(kind, path)
    else:
        code, sentence = _SENTENCES.get(kind.name, _ANYTHING)
        yield Finding(pointer(path), code, sentence(kind)[:255])


def _of_union(kind: Any, path: list[str | int]) -> Iterator[Finding]:
    """Of several alternatives, the complaints about the one that was most likely meant.

    That is one of the right type, whose errors lie deepest, because then its outer shape fits; among equals, the one
    with the fewest.
    """
    branches = [branch for branch in getattr(kind, "context", ()) if branch]
    if not branches:
        yield Finding(pointer(path), INVALID, "It must fit exactly one of the alternatives.")
        return
    typed = [branch for branch in branches if not any(_wrong_type(error, path) for error in branch)]
    if not typed:
        yield Finding(pointer(path), FORMAT, "It has the type of none of the alternatives.")
        return
    for error in min(typed, key=lambda branch: (-min(len(error.instance_path) for error in branch), len(branch))):
        yield from _of(error)


def _wrong_type(error: Any, path: list[str | int]) -> bool:
    return error.kind.name == "type" and len(error.instance_path) == len(path)


def _shown(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:100]}…"


def _types(kind: Any) -> str:
    return f"It must be of type {' or '.join(kind.types)}."


def _enum(kind: Any) -> str:
    options = [str(option) for option in kind.options if option is not None]
    if len(options) > LISTED_MOST:
        return "It must be one of the values that the document lists."
    return f"It must be one of: {', '.join(options)}."


def _count(bound: str, limit: int, what: str) -> str:
    return f"It must have at {bound} {limit} {what}{'' if limit == 1 else 's'}."


Sentence = Callable[[Any], str]
_ANYTHING: tuple[str, Sentence] = (OTHER, lambda kind: f"It breaks the rule '{kind.name}' of the document.")
_SENTENCES: dict[str, tuple[str, Sentence]] = {
    "type": (FORMAT, _types),
    "format": (FORMAT, lambda kind: f"It must be a valid {kind.format}."),
    "pattern": (FORMAT, lambda _: "It does not have the form that the document prescribes."),
    "enum": (INVALID, _enum),
    "const": (INVALID, lambda kind: f"It must be {_shown(str(kind.expected_value))}."),
    "minimum": (INVALID, lambda kind: f"It must be at least {kind.limit}."),
    "maximum": (INVALID, lambda kind: f"It must be at most {kind.limit}."),
    "exclusiveMinimum": (INVALID, lambda kind: f"It must be more than {kind.limit}."),
    "exclusiveMaximum": (INVALID, lambda kind: f"It must be less than {kind.limit}."),
    "multipleOf": (INVALID, lambda kind: f"It must be a multiple of {kind.multiple_of}."),
    "minLength": (INVALID, lambda kind: _count("least", kind.limit, "character")),
    "maxLength": (INVALID, lambda kind: _count("most", kind.limit, "character")),
    "minItems": (INVALID, lambda kind: _count("least", kind.limit, "element")),
    "maxItems": (INVALID, lambda kind: _count("most", kind.limit, "element")),
    "uniqueItems": (INVALID, lambda _: "Its elements must differ."),
    "minProperties": (INVALID, lambda kind: _count("least", kind.limit, "member")),
    "maxProperties": (INVALID, lambda kind: _count("most", kind.limit, "member")),
    "falseSchema": (OTHER, lambda _: "Nothing is allowed here."),
}
