"""Demands of the pretend network: what it wants to be paid, what it refuses later, what it tells on the way.

Which there are, and how a product asks for them, is in rules.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]


class Demands:
    """That part of rules.yaml."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._where: dict[str, str] = data["demands"]["where"]
        self._words = tuple((re.compile(rf"{row['word']}(-|$)"), row.get("demand")) for row in data["demands"]["words"])
        self._says: dict[str, str] = data["says"]
        self._charges: dict[str, Document] = data["charges"]
        self.survey: Document = data["survey"]
        self.pricing: Document = data["pricing"]
        self.milestones = tuple((row["name"], float(row["after"])) for row in data["milestones"])

    def of(self, product: Mapping[str, Any]) -> dict[str, float]:
        """Which demands a product asks for, each with its amount."""
        found: dict[str, float] = {}
        for where, prefix in self._where.items():
            for text in texts(product, where.split("/")):
                if text.startswith(prefix):
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


def texts(value: Any, path: list[str]) -> Iterator[str]:
    """The texts at a path of a product, through lists; `**` is every text below."""
    if isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, path)
    elif path == ["**"] and isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner, path)
    elif isinstance(value, str):
        if path in ([], ["**"]):
            yield value
    elif isinstance(value, dict) and path and path[0] in value:
        yield from texts(value[path[0]], path[1:])
