"""Demands of the pretend network: what it wants to be paid, what it refuses later, what it tells on the way.

Which there are, and how a product asks for them, is in rules.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Document = dict[str, Any]


class Demands:
    """That part of rules.yaml. patterns: by path, how a text that asks for something begins."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._prefixes: dict[str, str] = data["demands"]["where"]
        self._words = tuple((re.compile(rf"{row['word']}(-|$)"), row.get("demand")) for row in data["demands"]["words"])
        self.patterns = {where: [f"{re.escape(prefix)}(?:{word.pattern})" for word, _demand in self._words]
                         for where, prefix in self._prefixes.items()}
        self._says: dict[str, str] = data["says"]
        self._charges: dict[str, Document] = data["charges"]
        self.survey: Document = data["survey"]
        self.pricing: Document = data["pricing"]
        self.milestones = tuple((row["name"], float(row["after"])) for row in data["milestones"])

    def of(self, said: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """Which demands a product asks for by its texts, which are given by their paths; each with its amount."""
        found: dict[str, float] = {}
        for where, prefix in self._prefixes.items():
            for text in said.get(where, ()):
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
