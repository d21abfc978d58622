"""What product schemas have to say against the configurations of items, for dialects whose own door has no place for a
product schema. Pointers are canonical.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lso.errors import Finding
from lso.lifecycle.enrichment import Source, product_of
from lso.lifecycle.verbs import elements

Document = dict[str, Any]
Judge = Callable[[str, Document, bool], Iterable[Finding]]
"""What the product schema of a URN has to say against a configuration, and, to the strict, against members that it does
not know; pointers into the configuration."""
_READ = (("id", str), ("offering_id", str), ("schema", str), ("configuration", dict))


def nobody(_urn: str, _configuration: Document, _strict: bool) -> tuple[Finding, ...]:
    """Where the door knows product schemas by itself."""
    return ()


def judged(document: Document, judge: Judge, *, strict: bool = False) -> tuple[Finding, ...]:
    """What is wrong with the configurations of a sound document."""
    return tuple(found for index, item in enumerate(document.get("items", ()))
                 for found in _judged(index, item.get("product") or {}, judge, strict))


def judged_so_far(document: Document, source: Source, judge: Judge, *, strict: bool = False) -> tuple[Finding, ...]:
    """The same of a document with which something else is wrong, its products completed as far as they can be read: a
    caller mends everything in one go."""
    return tuple(found for index, item in elements(document.get("items"))
                 for found in _judged(index, _completed(item, source), judge, strict))


def _completed(item: Document, source: Source) -> Document:
    """The product of an item; of one that is changed and not there, nothing can be told."""
    product, action = item.get("product"), item.get("action")
    if type(product) is not dict or type(action) is not str:
        return {}
    told = {name: product[name] for name, kind in _READ if type(product.get(name)) is kind}
    if action == "modify" and told.get("id") not in source.known.products:
        return {}
    completed: Document = product_of({"action": action, "product": told}, source)["product"]
    return completed


def _judged(index: int, product: Document, judge: Judge, strict: bool) -> list[Finding]:
    if "schema" not in product or "configuration" not in product:
        return []
    base = f"/items/{index}/product/configuration"
    return [finding._replace(pointer=base + finding.pointer)
            for finding in judge(product["schema"], product["configuration"], strict)]
