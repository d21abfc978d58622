"""Who sees what: by the products that an edition knows, and by the buyers that a caller speaks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.dialects.spelling import aliases
from lso.store.product import StoredProduct

Document = dict[str, Any]
NONE = ""
"""Stands for the schema of what has none."""


def knows(edition: Edition, schemas: Collection[str]) -> bool:
    """Whether an edition knows all these kinds of products, however their URNs are spelled."""
    return edition.products is None or _spelled(edition.products).issuperset(schemas)


def schemas_of(document: Document, products: Mapping[str, StoredProduct]) -> tuple[str, ...]:
    """The kinds of all products that the items of an order are about: new ones, and existing ones that they name."""
    found = set()
    for item in document.get("items", ()):
        product = item.get("product") or {}
        existing = products.get(product.get("id") or "")
        found.add(product.get("schema") or (existing and existing.schema) or NONE)
    return tuple(sorted(found))


def buyers(caller: Caller) -> tuple[str | None, ...] | None:
    """The buyers whose orders a caller may see, None among them for orders in nobody's name; without any: all orders.

    A caller that speaks for one buyer of several sees the orders of that one only.
    """
    named = caller.buyer_ids
    if not named:
        return None
    return named if len(named) == 1 and not set(caller.profile.buyer_ids) <= set(named) else (*named, None)


def sees(caller: Caller, buyer_id: str | None) -> bool:
    """Whether a caller may see what is in this buyer's name."""
    allowed = buyers(caller)
    return allowed is None or buyer_id in allowed


def speaks_for(caller: Caller) -> str | None:
    """The one buyer in whose name a caller acts, if it is one."""
    return only(caller.buyer_ids)


def only(ids: tuple[str, ...]) -> str | None:
    """The one of several ids that need not be named, if it is one."""
    return ids[0] if len(ids) == 1 else None


@lru_cache(maxsize=64)
def _spelled(products: frozenset[str]) -> frozenset[str]:
    return products | {spelled for spelled, urn in aliases().items() if urn in products} | {NONE}
