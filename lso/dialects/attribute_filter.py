"""TM Forum's attribute filters (TMF630): `a.b.c=value`, operators, quotes, alternatives; read, and put to documents.

    state=held,pending      any of the values           orderDate.gte=2024-01-01T00:00:00Z, or with > >= < <=
    note.text.regex=^A      or note.text=~^A            a=1;b=2                 one of several conditions holds

A dotted path goes through lists. Values may stand in double quotes. Parameters are joined by AND.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from lso.canonical.criteria import Operator
from lso.errors import NotUnderstood
from lso.lens import Document

SUFFIXES: dict[str, Operator] = {"gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte", "eq": "eq", "ne": "ne",
                                 "regex": "regex"}
SIGNS: tuple[tuple[str, Operator], ...] = (("=~", "regex"), (">=", "gte"), ("<=", "lte"), ("!=", "ne"), ("==", "eq"),
                                           (">", "gt"), ("<", "lt"), ("=", "eq"))
ORDERED: dict[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
PIECE = re.compile(r'"[^"]*"|[^,;"]+|[,;"]')
PATTERN_MOST, TEXT_MOST = 100, 1000


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of whatever the path leads to."""

    path: tuple[str, ...]
    operator: Operator
    values: tuple[str, ...]

    @property
    def attribute(self) -> str:
        """The path as the caller wrote it."""
        return ".".join(self.path)

    def holds(self, document: Document) -> bool:
        """Whether it is true of a document as the caller sees it."""
        leaves = list(_leaves(document, self.path))
        if self.operator == "ne":
            return not any(_equal(leaf, value) for leaf in leaves for value in self.values)
        if self.operator == "regex":
            patterns = [re.compile(value) for value in self.values]
            return any(pattern.search(_text(leaf)[:TEXT_MOST]) for leaf in leaves for pattern in patterns)
        if self.operator in ("eq", "in"):
            return any(_equal(leaf, value) for leaf in leaves for value in self.values)
        return any(_ordered(leaf, value, self.operator) for leaf in leaves for value in self.values)


def parse(name: str, value: str) -> tuple[Test, ...]:
    """The alternatives that one query parameter states; raises NotUnderstood (invalidQuery)."""
    first, *others = _split(f"{name}={value}" if value or not any(sign in name for sign in "<>") else name, ";")
    tests = [_test(first)]
    for other in others:
        if any(sign in _unquoted(other) for sign in "=<>"):
            tests.append(_test(other))
        else:                                           # a=1;2 is read as a=1;a=2
            tests.append(Test(tests[-1].path, tests[-1].operator, _values(other)))
    return tuple(tests)


def _test(text: str) -> Test:
    at, sign, operator = min(((text.index(sign), sign, operator) for sign, operator in SIGNS if sign in text),
                             key=lambda found: (found[0], -len(found[1])), default=(0, "", "eq"))
    attribute, value = text[:at].strip(), text[at + len(sign):]
    stem, _, suffix = attribute.rpartition(".")
    if stem and suffix in SUFFIXES and sign == "=":
        attribute, operator = stem, SUFFIXES[suffix]
    if not attribute or len(attribute) > 200:
        raise NotUnderstood("a filter needs the name of an attribute", code="invalidQuery")
    values = (value.strip().strip('"'),) if operator == "regex" else _values(value)
    for pattern in values if operator == "regex" else ():
        _affordable(pattern)
    return Test(tuple(attribute.split(".")), operator, values)


def _values(text: str) -> tuple[str, ...]:
    """Comma-separated, each perhaps in double quotes."""
    return tuple(part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part
                 for part in (one.strip() for one in _split(text, ",")))


def _split(text: str, separator: str) -> list[str]:
    """At the separator, outside of double quotes."""
    parts = [""]
    for piece in PIECE.findall(text):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _unquoted(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def _affordable(pattern: str) -> None:
    """Refuses patterns that could take forever: repeated groups, back references, many repetitions."""
    plain = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    if (len(pattern) > PATTERN_MOST or len(re.findall(r"[*+{]", plain)) > 2 or re.search(r"\)[*+?{]", plain)
            or "(?" in plain or re.search(r"\\[1-9]", pattern)):
        raise NotUnderstood("this regular expression is too costly", code="invalidQuery")
    try:
        re.compile(pattern)
    except re.error:
        raise NotUnderstood("not a regular expression", code="invalidQuery") from None


def _leaves(node: Any, path: tuple[str, ...]) -> list[Any]:
    if type(node) is list:
        return [leaf for one in node for leaf in _leaves(one, path)]
    if not path:
        return [node]
    return _leaves(node[path[0]], path[1:]) if type(node) is dict and path[0] in node else []


def _text(leaf: Any) -> str:
    return ("true" if leaf else "false") if type(leaf) is bool else leaf if type(leaf) is str else str(leaf)


def _equal(leaf: Any, value: str) -> bool:
    if _text(leaf) == value:
        return True
    pair = _comparable(leaf, value)
    return pair is not None and pair[0] == pair[1]


def _ordered(leaf: Any, value: str, operator: str) -> bool:
    pair = _comparable(leaf, value) or (_text(leaf), value)
    return bool(ORDERED[operator](*pair))


def _comparable(leaf: Any, value: str) -> tuple[Any, Any] | None:
    """Both as numbers, or both as moments; None when they are neither."""
    try:
        if type(leaf) in (int, float):
            return leaf, float(value)
        one, other = datetime.fromisoformat(_text(leaf)), datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        return None
    return (one, other) if (one.tzinfo is None) == (other.tzinfo is None) else None
