"""Whether items follow what was qualified: the item that they name is there, its verdict still holds and is no refusal,
and what is asked for is what it is about, or what was proposed instead (MEF 123 O4, CR5; MEF 115 O1; MEF 80 R25, R26);
and a quote is not asked to be installed sooner than that was said to take (MEF 80 R22, R32). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lso.errors import Finding
from lso.lifecycle.deviation import Ground, deviations, told
from lso.lifecycle.named import Follower
from lso.lifecycle.quotation import later

Document = dict[str, Any]
REFUSED = frozenset({"none", "alternate"})
"""Confidences of an item that cannot be had as it stands."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """What may be followed: a product, and how long its installation takes. named: by which member of a reference."""

    named: str
    product: Document
    takes: Document | None


def astray(followers: Sequence[Follower], qualifications: Mapping[str, Document], given: frozenset[str],
           ground: Ground, *, tacit: bool = False) -> tuple[Finding, ...]:
    """What stands against items that follow qualifications.

    qualifications: those named that are the buyer's. given: ids of those given by other means, of which no more is
    known. tacit: the dialect has no word for what was proposed instead, so that items name it by being like it.
    """
    found = list[Finding]()
    for one in followers:
        if one.id in qualifications:
            found += _against(one, qualifications[one.id], ground, tacit)
        elif one.id not in given:
            reason = "no qualification of that id is known"
            found.append(Finding(f"{_base(one)}/qualification_id", "referenceNotFound", reason))
    return tuple(found)


def _against(one: Follower, qualification: Document, ground: Ground, tacit: bool) -> Iterator[Finding]:
    base, reference = _base(one), one.item["qualification_item"]
    if qualification.get("state") != "ready":
        yield Finding(f"{base}/qualification_id", "invalidValue", "the qualification has come to no verdict")
        return
    if (name := reference.get("item_id")) is None:
        return
    judged = next((item for item in qualification["items"] if item.get("id") == name), None)
    if judged is None:
        yield Finding(f"{base}/item_id", "referenceNotFound", "the qualification has no item of that id")
        return
    until = judged.get("guaranteed_until")
    if until is not None and datetime.fromisoformat(until) < ground.at:
        yield Finding(f"{base}/item_id", "invalidValue", "the verdict on the item holds no longer")
    chosen = reference.get("alternate_id")
    offers = list(_offers(judged, chosen, tacit))
    if not offers and chosen is not None:
        yield Finding(f"{base}/alternate_id", "referenceNotFound", "nothing of that id was proposed instead")
    elif not offers:
        yield Finding(f"{base}/item_id", "invalidValue", "what was asked about cannot be had")
    else:
        yield from _unlike(one, judged, offers, ground)


def _unlike(one: Follower, judged: Document, offers: list[_Offer], ground: Ground) -> Iterator[Finding]:
    """What stands against an item that is like none of the offers: held against the first; else against its own."""
    compared = [(offer, tuple(deviations(one.item, judged.get("action"), offer.product, ground))) for offer in offers]
    offer, differences = next((pair for pair in compared if not pair[1]), compared[0])
    if differences:
        reason = f"what was qualified has {told(differences)}"
        yield Finding(f"{_base(one)}/{offer.named}", "invalidValue", reason)
    if later(offer.takes, one.item.get("requested_interval")):
        wished = f"/items/{one.index}/requested_interval"
        yield Finding(wished, "invalidValue", "what was qualified takes longer to install")


def _offers(judged: Document, chosen: Any, tacit: bool) -> Iterator[_Offer]:
    """What of a judged item may be followed: itself unless it was refused, or what was proposed instead and chosen."""
    product = judged.get("product") or {}
    if chosen is None and judged.get("confidence") not in REFUSED:
        yield _Offer("item_id", product, judged.get("installation_interval"))
    for other in judged.get("alternatives") or ():
        if other.get("id") == chosen or (chosen is None and tacit):
            named = "alternate_id" if chosen is not None else "item_id"
            yield _Offer(named, {**product, **(other.get("product") or {})}, other.get("installation_interval"))


def _base(one: Follower) -> str:
    return f"/items/{one.index}/qualification_item"
