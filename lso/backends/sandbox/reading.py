"""A product as the pretend network reads it: once, whatever is to be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Document = dict[str, Any]
Way = tuple[str, ...]
LISTS = (list, tuple)


class Found(NamedTuple):
    """What is at a path: texts, and objects."""

    texts: list[str]
    objects: list[Document]


def way(path: str) -> Way:
    """The steps of a path."""
    return tuple(path.split("/"))


def find(product: Mapping[str, Any], way: Way) -> Found:
    """What is at a path of a product, through lists; `**` is all that is below."""
    at: list[Any] = [product]
    for name in way:
        if name == "**":
            return _below(at)
        at = [one[name] for one in _members(at) if type(one) is dict and name in one]
    members = _members(at)
    return Found([one for one in members if type(one) is str], [one for one in members if type(one) is dict])


def hint(patterns: Iterable[str]) -> re.Pattern[str]:
    """Finds in texts, each behind the beginning of a line, that one may begin as a pattern says; its groups have no
    names. That most texts say nothing is so seen at a glance."""
    unnamed = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in patterns)
    return re.compile(f"\n(?:{unnamed})", re.MULTILINE)


def lines(texts: Sequence[str]) -> str:
    """Texts as `hint` finds something in them."""
    return "\n".join(("", *texts))


def _below(values: Iterable[Any]) -> Found:
    texts, objects = list[str](), list[Document]()
    ahead: list[Iterable[Any]] = [values]
    for members in ahead:  # grows on the way
        for one in members:
            kind = type(one)
            if kind is str:
                texts.append(one)
            elif kind is dict:
                objects.append(one)
                ahead.append(one.values())
            elif kind is list or kind is tuple:
                ahead.append(one)
    return Found(texts, objects)


def _members(values: list[Any]) -> list[Any]:
    """The values, with the elements of lists in place of these."""
    for one in values:
        if type(one) in LISTS:
            return [member for one in values for member in (_members(list(one)) if type(one) in LISTS else (one,))]
    return values
