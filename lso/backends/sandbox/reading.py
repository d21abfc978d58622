"""A product as the pretend network reads it: once, whatever is to be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os.path import commonprefix
from typing import Any

Document = dict[str, Any]
Way = tuple[str, ...]
LISTS = (list, tuple)
GROUP = re.compile(r"\([^()]*\)")
PLAIN = re.compile(r"([\w-]*).*", re.ASCII | re.DOTALL)
REPEATS = ("?", "*", "{")


def way(path: str) -> Way:
    """The steps of a path."""
    return tuple(path.split("/"))


def find(product: Mapping[str, Any], way: Way) -> list[str]:
    """The texts at a path of a product, through lists; `**` is all that is below."""
    at: list[Any] = [product]
    for name in way:
        if name == "**":
            return _below(at)
        at = [one[name] for one in _members(at) if type(one) is dict and name in one]
    return [one for one in _members(at) if type(one) is str]


def hint(patterns: Iterable[str]) -> re.Pattern[str]:
    """Finds in texts, each behind the beginning of a line, that one may begin as a pattern says; its groups have no
    names. That most texts say nothing is so seen at a glance."""
    unnamed = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in patterns)
    return re.compile(f"\n(?:{unnamed})", re.MULTILINE)


def beginning(patterns: Iterable[str]) -> str:
    """The letters, digits and hyphens that every text begins with which one of the patterns fits; there may be none."""
    plain = [pattern.removeprefix("^").replace(r"\-", "-") for pattern in patterns]
    if any("|" in GROUP.sub("", one) for one in plain):
        return ""
    common = PLAIN.sub(r"\1", commonprefix(plain))  # noqa: RUF071 - of texts, as it is meant here
    repeated = any(one[len(common):len(common) + 1] in REPEATS for one in plain)
    return common[:-1] if repeated else common


def lines(texts: Sequence[str]) -> str:
    """Texts as `hint` finds something in them."""
    return "\n".join(("", *texts))


def _below(values: Iterable[Any]) -> list[str]:
    texts = list[str]()
    ahead: list[Iterable[Any]] = [values]
    for members in ahead:  # grows on the way
        for one in members:
            kind = type(one)
            if kind is str:
                texts.append(one)
            elif kind is dict:
                ahead.append(one.values())
            elif kind is list or kind is tuple:
                ahead.append(one)
    return texts


def _members(values: list[Any]) -> list[Any]:
    """The values, with the elements of lists in place of these."""
    for one in values:
        if type(one) in LISTS:
            return [member for one in values for member in (_members(list(one)) if type(one) in LISTS else (one,))]
    return values
