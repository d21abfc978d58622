"""Whether items follow what was qualified: the item that they name is there, has a verdict that still holds, and is
about the same offering, or one that was proposed instead (MEF 123 O4, CR5; MEF 115 O1); and a quote is not asked to be
installed sooner than that was said to take (MEF 80 R22, R32). Pure; of orders and of quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lso.errors import Finding
from lso.lifecycle.quotation import later
from lso.lifecycle.verbs import elements

Document = dict[str, Any]


def named(document: Document) -> list[str]:
    """Ids of the qualifications that items follow; the document may be malformed."""
    return list(dict.fromkeys(id for _, _, id in _references(document)))


def astray(document: Document, qualifications: Mapping[str, Document], given: frozenset[str], *,
           at: datetime) -> tuple[Finding, ...]:
    """What stands against items that follow qualifications.

    qualifications: those named that are the buyer's. given: ids of those given by other means, of which no more is
        known.
    """
    found = list[Finding]()
    for index, item, id in _references(document):
        base = f"/items/{index}/qualification_item"
        if id in qualifications:
            found += _against(base, item, qualifications[id], at)
        elif id not in given:
            reason = "no qualification of that id is known"
            found.append(Finding(f"{base}/qualification_id", "referenceNotFound", reason))
    return tuple(found)


def _against(base: str, item: Document, qualification: Document, at: datetime) -> Iterator[Finding]:
    reference, product = item["qualification_item"], item.get("product")
    if qualification.get("state") != "ready":
        yield Finding(f"{base}/qualification_id", "invalidValue", "the qualification has come to no verdict")
        return
    if (name := reference.get("item_id")) is None:
        return
    judged = next((one for one in qualification["items"] if one.get("id") == name), None)
    if judged is None:
        yield Finding(f"{base}/item_id", "referenceNotFound", "the qualification has no item of that id")
        return
    until = judged.get("guaranteed_until")
    if until is not None and datetime.fromisoformat(until) < at:
        yield Finding(f"{base}/item_id", "invalidValue", "the verdict on the item holds no longer")
    about, where, takes = judged.get("product") or {}, f"{base}/item_id", judged.get("installation_interval")
    if (chosen := reference.get("alternate_id")) is not None:
        other = next((one for one in judged.get("alternatives", ()) if one.get("id") == chosen), None)
        if other is None:
            yield Finding(f"{base}/alternate_id", "referenceNotFound", "nothing of that id was proposed instead")
            return
        about, where, takes = other.get("product") or {}, f"{base}/alternate_id", other.get("installation_interval")
    offering = product.get("offering_id") if type(product) is dict else None
    if offering is not None and about.get("offering_id", offering) != offering:
        yield Finding(where, "invalidValue", "what was qualified is another offering")
    if later(takes, item.get("requested_interval")):
        wished = f"{base.removesuffix('/qualification_item')}/requested_interval"
        yield Finding(wished, "invalidValue", "what was qualified takes longer to install")


def _references(document: Document) -> Iterator[tuple[int, Document, str]]:
    for index, item in elements(document.get("items")):
        reference = item.get("qualification_item")
        if type(reference) is dict and type(id := reference.get("qualification_id")) is str:
            yield index, item, id
