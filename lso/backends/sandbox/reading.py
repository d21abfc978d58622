"""A product as the pretend network reads it: once, whatever is to be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os.path import commonprefix
from typing import Any

from lso.canonical.glance import Glance

Document = dict[str, Any]
Way = tuple[str, ...]
CONFIGURATION = "configuration/**"
LISTS = (list, tuple)
GROUP = re.compile(r"\([^()]*\)")
PLAIN = re.compile(r"([\w-]*).*", re.ASCII | re.DOTALL)
REPEATS = ("?", "*", "{")


def way(path: str) -> Way:
    """The steps of a path."""
    return tuple(path.split("/"))


def find(product: Mapping[str, Any], way: Way) -> list[str]:
    """The texts at a path of a product, through lists; `**` is all that is below."""
    if way[0] not in product:
        return []
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


class Hint:
    """Finds the texts at a path where one of them may ask for something, as one of the patterns says."""

    __slots__ = ("_begins", "_everywhere", "_first", "_way", "where")

    def __init__(self, where: str, patterns: Sequence[str]) -> None:
        self.where = where
        self._way = way(where)
        self._everywhere = where == CONFIGURATION
        self._first = beginning(patterns)
        self._begins = hint(patterns)

    def texts(self, product: Document, configured: Glance) -> Sequence[str]:
        """The texts; none where all of them ask for nothing. configured: at the configuration of the product."""
        way = self._way
        if self._first:
            if self._everywhere and not configured.may_begin(self._first):
                return ()
            if len(way) == 1 and type(said := product.get(way[0])) is str and not said.startswith(self._first):
                return ()
        texts = find(product, way)
        return texts if texts and self._begins.search(lines(texts)) else ()


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
