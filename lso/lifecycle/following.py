"""Whether an order may follow the quotes that its items name: they can be ordered by, what is ordered is what was
quoted, and no quoted item is ordered twice (MEF 123 R38, section 4.5 of the guide; MEF 80). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lso.errors import Finding
from lso.lifecycle.commitment import QUOTED
from lso.lifecycle.deviation import Ground, deviations, told
from lso.lifecycle.named import Follower
from lso.lifecycle.quote import overdue
from lso.lifecycle.quote_states import ORDERABLE

Document = dict[str, Any]
OVER = "the quote cannot be ordered by, or not any more"
TWICE = "another item of the order follows that item already"


def unfit(followers: Sequence[Follower], quotes: Mapping[str, Document], ground: Ground) -> tuple[Finding, ...]:
    """What stands against an order. quotes: those named that are the buyer's; of others nothing is said here."""
    found, followed = list[Finding](), set[tuple[str, str]]()
    for one in followers:
        if one.id not in quotes:
            continue
        base, name = f"/items/{one.index}/quote_item", one.item["quote_item"].get("item_id")
        found += _against(one, name, quotes[one.id], ground)
        if type(name) is str:
            if (one.id, name) in followed:
                found.append(Finding(f"{base}/item_id", "invalidValue", TWICE))
            followed.add((one.id, name))
    return tuple(found)


def bound(order: Document, followers: Sequence[Follower], quotes: Mapping[str, Document]) -> Document:
    """The order, where nothing stands against it, its items bound as was quoted in what they do not say themselves."""
    items = list(order.get("items", ()))
    for one in followers:
        quoted = _item(quotes.get(one.id, {}), one.item["quote_item"].get("item_id")) or {}
        term = one.item.get("requested_term", {})
        if offer := next((offer for offer in quoted.get("terms") or () if _agree(term, offer)), None):
            items[one.index] = {**one.item, "requested_term": {**offer, **term}}
    return {**order, "items": items} if followers else order


def _agree(term: Document, offer: Document) -> bool:
    """Whether a term says nothing otherwise than the one that was offered."""
    return all(term[name] == offer[name] for name in QUOTED if name in term and name in offer)


def _against(one: Follower, name: Any, quote: Document, ground: Ground) -> Iterator[Finding]:
    base = f"/items/{one.index}"
    if quote.get("state") not in ORDERABLE or overdue(quote, ground.at):
        yield Finding(f"{base}/quote_item/quote_id", "invalidValue", OVER)
    if name is None:
        return
    quoted = _item(quote, name)
    if quoted is None:
        yield Finding(f"{base}/quote_item/item_id", "referenceNotFound", "the quote has no item of that id")
        return
    if differences := tuple(deviations(one.item, quoted.get("action"), quoted.get("product") or {}, ground)):
        yield Finding(f"{base}/quote_item/item_id", "invalidValue", f"the quoted item has {told(differences)}")
    term, terms = one.item.get("requested_term"), quoted.get("terms")
    if type(term) is dict and terms and not any(_agree(term, offer) for offer in terms):
        yield Finding(f"{base}/requested_term", "invalidValue", "the quoted item has another term (MEF 123 R38)")


def _item(quote: Document, name: Any) -> Document | None:
    items: list[Document] = quote.get("items", [])
    return next((one for one in items if one.get("id") == name), None)
