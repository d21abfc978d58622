"""What the items of a request name: products and places that exist, and the quotes and qualifications that they
follow. Gathered in one walk; the document may be malformed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Follower:
    """An item that follows something. index: its position; id: of what it follows."""

    index: int
    item: Document
    id: str


class Named(NamedTuple):
    """products, places: ids, each once. quotes, qualifications: the items that follow such."""

    products: list[str]
    places: list[str]
    quotes: list[Follower]
    qualifications: list[Follower]


def names(document: Document) -> Named:
    """All that items name."""
    products: dict[str, None] = {}
    places: dict[str, None] = {}
    quotes: list[Follower] = []
    qualifications: list[Follower] = []
    given = document.get("items")
    for index, item in enumerate(given if type(given) is list else ()):
        if type(item) is not dict:
            continue
        product = item.get("product")
        if type(product) is dict:
            if type(id := product.get("id")) is str:
                products[id] = None
            if "relations" in product:
                _gather(products, product["relations"], "product_id")
            if "places" in product:
                _gather(places, product["places"], "id")
        if "quote_item" in item:
            quotes += _followers(index, item, item["quote_item"], "quote_id")
        if "qualification_item" in item:
            qualifications += _followers(index, item, item["qualification_item"], "qualification_id")
    return Named(list(products), list(places), quotes, qualifications)


def _gather(found: dict[str, None], given: Any, name: str) -> None:
    for one in given if type(given) is list else ():
        if type(one) is dict and type(id := one.get(name)) is str:
            found[id] = None


def _followers(index: int, item: Document, reference: Any, name: str) -> list[Follower]:
    id = reference.get(name) if type(reference) is dict else None
    return [Follower(index, item, id)] if type(id) is str else []


def ids(followers: Iterable[Follower]) -> list[str]:
    """Of what is followed, each once."""
    return list(dict.fromkeys(one.id for one in followers))
