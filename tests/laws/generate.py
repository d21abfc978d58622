"""Documents made from a specification, never from a table: from a seed, or as a hypothesis strategy.

A document is mostly what its specification says, and here and there not: a word that is not listed, a date in an odd
spelling, a polymorphic object of unknown type, a member nobody knows. `disturb` does the rest.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from lso.lens.schema import SchemaNode
from tests.laws.disturb import disturb, junk

Document = dict[str, Any]

NAMES = ["INSTALL_LOCATION", "productOrderContact", "buyerTechnicalContact", "item-1", "item-2", "item-3", "A-17"]
TEXTS = [*NAMES, "", " ", "Zürich", "1.10", "on", "null", "0", "#0", "#1", "a/b", "a~1b", "~", "${x}", "((x))", "{{x}}",
         "%s", "<!ENTITY a>", "{0}", "日本", "add", "true", "line\nbreak", '"', "'", "\\", "100 Mbps", "FieldedAddress"]
DATES = ["2024-03-01T10:00:00Z", "2024-03-01T10:00:00.000Z", "2024-03-01T10:00:00.123456Z", "2024-03-01T12:00:00+02:00",
         "2024-03-01T10:00:00+00:00", "2024-03-01t10:00:00z", "2024-03-01 10:00:00Z", "2024-03-01T10:00:00-00:00",
         "2024-02-30T10:00:00Z", "2024-03-01T10:00:00", "2024-03-01", "20240301T100000Z", "2024-12-31T23:59:60Z",
         "2024-03-01T10:00Z", "2024-03-01T10:00:00.1234567Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
         "2024-03-01T10:00:00.5Z", "2024-W09-5T10:00:00Z", "2024-03-01T10:00:00,5Z", "2024-03-01T10:00:00+0200",
         "1711929600", "2024-03-01T24:00:00Z", "２０２４-03-01T10:00:00Z", "2024-03-01T10:00:00Z "]
NUMBERS = [0, 1, -1, 2, 12, 100, 1.0, 0.5, 1e3, 2**63, 12345678901234567890, -0.0, 1e-7]
RATES = ["100 Mbps", "0.1 Gbps", "10mbps", " 5 Mbps", "1e3 Mbps", "5 Mb/s"]


class Generator:
    """Draws documents of one specification.

    density: how likely an optional member is present.
    room: how many values a document may hold before it thins out.
    """

    def __init__(self, draw: random.Random, density: float | None = None) -> None:
        self.draw = draw
        self.density = density if density is not None else draw.choice((0.95, 0.7, 0.45, 0.15))
        self.room = draw.choice((40, 120, 250))

    def document(self, node: SchemaNode) -> Document:
        """One document; always an object."""
        found = self.value(node, 0)
        return found if isinstance(found, dict) else {}

    def value(self, node: SchemaNode, depth: int) -> Any:
        """Something that may stand at a place, now and then something that may not."""
        draw = self.draw
        self.room -= 1
        if node.cases and node.tag is not None:
            return self.case(node, node.tag, depth)
        if node.opaque and "object" not in node.types:
            return junk(draw, 3)
        kind = draw.choice(sorted(node.types)) if node.types else "object"
        make: Callable[[SchemaNode, int], Any] = {
            "object": self.object, "array": self.list, "integer": self.number, "number": self.number,
            "boolean": self.truth, "string": self.text}[kind]
        return make(node, depth)

    def object(self, node: SchemaNode, depth: int) -> Document:
        """Required members nearly always, others by density, and thinner the deeper."""
        draw = self.draw
        found: Document = {}
        members = list(node.members.items())
        draw.shuffle(members)
        for name, member in members:
            chance = 0.02 if depth > 12 or self.room < 0 else self.density if depth < 6 else self.density * 0.3
            if draw.random() < (0.97 if name in node.required and depth <= 12 else chance):
                tag = node.fixed.get(name)
                found[name] = tag if tag is not None and draw.random() < 0.9 else self.value(member, depth + 1)
        if len(node.members) < 2 and (node.opaque or "@type" in node.members):
            for _ in range(draw.randrange(4)):
                found[draw.choice(("ipvc", "ipUni", "cos", "@type", "maxIr", "id", "rest"))] = junk(draw, 3)
        return found

    def case(self, node: SchemaNode, tag: str, depth: int) -> Document:
        """A polymorphic object: one of the cases, an unknown one, or one that does not say."""
        draw = self.draw
        value = draw.choice(list(node.cases))
        found = self.object(node.cases[value], depth)
        found[tag] = value
        chance = draw.random()
        if chance < 0.06:
            found[tag] = draw.choice((*TEXTS, *node.cases))
        elif chance < 0.1:
            found.pop(tag)
        return found

    def list(self, node: SchemaNode, depth: int) -> list[Any]:
        """Up to four elements."""
        length = self.draw.choice((0, 1, 1, 2, 2, 3, 4)) if depth < 4 else self.draw.choice((0, 1, 1, 2))
        if depth > 10 or self.room < 0:
            length = min(length, 1)
        return [self.value(node.items, depth + 1) if node.items else junk(self.draw, 2) for _ in range(length)]

    def number(self, node: SchemaNode, depth: int) -> Any:
        if "integer" in node.types and self.draw.random() < 0.8:
            return self.draw.randrange(100)
        return self.draw.choice(NUMBERS)

    def truth(self, node: SchemaNode, depth: int) -> bool:
        return self.draw.random() < 0.5

    def text(self, node: SchemaNode, depth: int) -> str:
        """A listed word, a date in some spelling, or free text of which a good part is unique."""
        draw = self.draw
        chance = draw.random()
        if node.words is not None and chance < 0.93:
            word = str(draw.choice(node.words))
            return word if chance < 0.88 else draw.choice((word.upper(), f"{word} ", f"no{word}"))
        if node.format == "date-time" and chance < 0.97:
            return draw.choice(DATES)
        if chance < 0.55:
            return f"t{draw.randrange(10**6)}"
        return draw.choice(TEXTS) if chance < 0.97 else draw.choice(DATES + RATES)


def document(node: SchemaNode, seed: int | str) -> Document:
    """The document of a seed: generated, then disturbed."""
    draw = random.Random(f"{seed}")
    return disturb(draw, Generator(draw).document(node))


def documents(node: SchemaNode) -> st.SearchStrategy[Document]:
    """The same for hypothesis, which then shrinks what it finds."""
    return st.randoms(use_true_random=False).map(
        lambda draw: disturb(draw, Generator(draw, density=draw.choice((0.1, 0.5))).document(node)))
