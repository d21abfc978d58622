"""What the items of a request name: products and places that exist, and the quotes and qualifications that they
follow. Gathered in one walk; the document may be malformed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lso.lifecycle.verbs import elements

Document = dict[str, Any]
FOLLOWING = (("quote_item", "quote_id"), ("qualification_item", "qualification_id"))


@dataclass(frozen=True, slots=True)
class Follower:
    """An item that follows something. index: its position; id: of what it follows."""

    index: int
    item: Document
    id: str


@dataclass(frozen=True, slots=True)
class Named:
    """products, places: ids, each once. quotes, qualifications: the items that follow such."""

    products: list[str]
    places: list[str]
    quotes: list[Follower]
    qualifications: list[Follower]


def names(document: Document) -> Named:
    """All that items name."""
    products, places = dict[str, None](), dict[str, None]()
    followers: tuple[list[Follower], list[Follower]] = ([], [])
    for index, item in elements(document.get("items")):
        product = item.get("product")
        if type(product) is dict:
            related = (one.get("product_id") for _, one in elements(product.get("relations")))
            products.update((id, None) for id in (product.get("id"), *related) if type(id) is str)
            there = (one.get("id") for _, one in elements(product.get("places")))
            places.update((id, None) for id in there if type(id) is str)
        for (member, name), found in zip(FOLLOWING, followers, strict=True):
            reference = item.get(member)
            if type(reference) is dict and type(id := reference.get(name)) is str:
                found.append(Follower(index, item, id))
    return Named(list(products), list(places), *followers)


def ids(followers: Iterable[Follower]) -> list[str]:
    """Of what is followed, each once."""
    return list(dict.fromkeys(one.id for one in followers))
