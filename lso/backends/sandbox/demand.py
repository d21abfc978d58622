"""Demands of the pretend network: what it wants to be paid, what it refuses later, what it tells on the way.

Which there are, and how a product asks for them, is in rules.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Document = dict[str, Any]
LISTS = (list, tuple)


class Demands:
    """That part of rules.yaml."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._where = tuple((tuple(where.split("/")), prefix) for where, prefix in data["demands"]["where"].items())
        self._words = tuple((re.compile(rf"{row['word']}(-|$)"), row.get("demand")) for row in data["demands"]["words"])
        self._any = anything(word.pattern for word, _ in self._words)
        self._says: dict[str, str] = data["says"]
        self._charges: dict[str, Document] = data["charges"]
        self.survey: Document = data["survey"]
        self.pricing: Document = data["pricing"]
        self.milestones = tuple((row["name"], float(row["after"])) for row in data["milestones"])

    def of(self, product: Mapping[str, Any]) -> dict[str, float]:
        """Which demands a product asks for, each with its amount."""
        found: dict[str, float] = {}
        for where, prefix in self._where:
            for text in texts(product, where):
                if text.startswith(prefix) and self._any.match(text, len(prefix)):
                    found.update(self._spelled(text, len(prefix)))
        return found

    def reason(self, demand: str) -> str:
        """What the network says with it."""
        return self._says[demand]

    def items(self, *demands: str) -> tuple[Document, ...]:
        """What is charged for these."""
        return tuple(dict(self._charges[demand]) for demand in demands)

    def _spelled(self, text: str, begin: int) -> Iterator[tuple[str, float]]:
        """The words at the beginning of a text, one after the other."""
        while True:
            for word, demand in self._words:
                if match := word.match(text, begin):
                    begin = match.end()
                    if demand:
                        yield demand, float(match.groupdict().get("amount") or 0)
                    break
            else:
                return


def anything(patterns: Iterable[str]) -> re.Pattern[str]:
    """What finds at once that a text has nothing of some patterns, whose groups it does not name."""
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in patterns))


def texts(value: Any, path: Iterable[str]) -> list[str]:
    """The texts at a path of a product, through lists; `**` is every text below."""
    found = _members([value])
    for name in path:
        if name == "**":
            below = list[str]()
            _gather(found, below)
            return below
        found = _members([one[name] for one in found if type(one) is dict and name in one])
    return [one for one in found if type(one) is str]


def _members(values: list[Any]) -> list[Any]:
    """The values, with the elements of lists in place of these."""
    for one in values:
        if type(one) in LISTS:
            return [member for one in values for member in (_members(list(one)) if type(one) in LISTS else (one,))]
    return values


def _gather(values: Iterable[Any], found: list[str]) -> None:
    for value in values:
        kind = type(value)
        if kind is str:
            found.append(value)
        elif kind is dict:
            _gather(value.values(), found)
        elif kind is list or kind is tuple:
            _gather(value, found)
