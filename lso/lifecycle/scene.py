"""What is examined, and by what: the order with what is known beside it, what holds for kinds of products, and what a
check is. The checks themselves are in `verbs.py`, `product.py`, `relation.py` and `choice.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lso.lifecycle.known import Known

Document = dict[str, Any]
Found = tuple[str, str, str]
"""Pointer, code, what is wrong."""
Check = Callable[["Scene", Document, str], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What a kind of relation leads to; `existing`: only a product that is already there will do; of those with the
    same `choice` one is needed."""

    to: str
    existing: bool
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class ProductRule:
    """What a kind of product stands on, where it stands, its smallest configuration, and whether it can be ordered."""

    place: str | None
    relations: Mapping[str, RelationRule]
    least: Mapping[str, Any]
    ordered: bool = True
    choices: Sequence[Sequence[str]] = field(init=False, repr=False, compare=False)
    """The kinds of relations that are needed; those of which one will do stand together."""

    def __post_init__(self) -> None:
        choices: dict[str, list[str]] = {}
        for kind, relation in self.relations.items():
            choices.setdefault(relation.choice or kind, []).append(kind)
        object.__setattr__(self, "choices", tuple(map(tuple, choices.values())))


@dataclass(slots=True)
class Scene:
    """The order under examination, and what is known beside it. Made for each: a frozen one would take longer."""

    items: Sequence[tuple[int, Document]]
    by_id: Mapping[str, Document]
    products: Mapping[str, ProductRule]
    known: Known
    _rules: dict[int, ProductRule | None] = field(default_factory=dict, repr=False)

    def schema(self, product: Any) -> str | None:
        """The URN of a product, as its specification spells it."""
        urn = product.get("schema") if type(product) is dict else None
        return self.known.aliases.get(urn, urn) if type(urn) is str else None

    def rule(self, item: Document) -> ProductRule | None:
        """What holds for products of this item's kind; None for a kind we know nothing about. Many checks ask."""
        try:
            return self._rules[id(item)]
        except KeyError:
            rule = self._rules[id(item)] = self.products.get(self.schema(item.get("product")) or "")
            return rule
