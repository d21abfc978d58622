"""Values are never evaluated, parsed again or interpolated: text that other engines trip over comes back unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from lso.lens.schema import SchemaNode
from tests.laws.difference import difference, leaves, same
from tests.laws.direction import Direction, directions

HOSTILE = ["${x}", "((x))", "{{x}}", "%s", "<!ENTITY a>", "{0.__class__}", "$(id)", "`id`", "#{x}", "=1+1", "\\u0000",
           "\x00", "'; DROP TABLE", "../../x", "{% x %}", "&a;", "!!python/object", "*", "~", "__import__('os')"]


def filled(node: SchemaNode, text: str, above: tuple[str, ...] = ()) -> Any:
    """A document in which every string says the text: listed words, dates and tags too; one element of every case."""
    if above.count(node.identity) > 1:
        return text
    below = (*above, node.identity)
    if node.cases:
        return {**filled(next(iter(node.cases.values())), text, below)}
    if node.members:
        return {name: node.fixed.get(name, filled(one, text, below)) for name, one in node.members.items()}
    if node.items is not None:
        items = node.items
        cases = [{**filled(one, text, below), items.tag: tag} for tag, one in items.cases.items()]
        return cases or [filled(items, text, below)]
    kinds: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "object": {text: text}}
    return next((value for kind, value in kinds.items() if kind in node.types), text)


@pytest.mark.parametrize("direction", directions(), ids=str)
def test_hostile_text_comes_back_unchanged(direction: Direction) -> None:
    for text in HOSTILE:
        document = filled(direction.source, text)
        made, complement, _ = direction.forth(document)
        returned = direction.back(made, complement).document
        assert same(returned, document), "\n".join(difference(document, returned))


@pytest.mark.parametrize("direction", directions(), ids=str)
def test_hostile_text_arrives_as_it_is_or_stays_in_the_complement(direction: Direction) -> None:
    for text in HOSTILE:
        document = filled(direction.source, text)
        made, complement, _ = direction.forth(document)
        sent = {value for _, value in leaves(document) if isinstance(value, str)}
        for whole in (made, complement):
            for pointer, value in leaves(whole):
                if isinstance(value, str) and len(text) > 1 and text in value:
                    assert value in sent, f"{pointer}: {value!r}"
