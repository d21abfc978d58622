"""Whether an order may follow the quotes that its items name: they can be ordered by, and what is ordered is what was
quoted (MEF 123 R38, section 4.5 of the guide; MEF 80). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lso.errors import Finding
from lso.lifecycle.commitment import QUOTED
from lso.lifecycle.pricing import bandwidth
from lso.lifecycle.quote import overdue
from lso.lifecycle.quote_states import ORDERABLE

Document = dict[str, Any]
OVER = "the quote cannot be ordered by, or not any more"


def named(document: Document) -> list[str]:
    """Ids of the quotes that items of an order name; the document may be malformed."""
    return list(dict.fromkeys(id for _, _, id in _references(document)))


def unfit(order: Document, quotes: Mapping[str, Document], *, at: datetime) -> tuple[Finding, ...]:
    """What stands against the order. quotes: those named that are the buyer's; of others nothing is said here."""
    found = list[Finding]()
    for index, item, id in _references(order):
        if id in quotes:
            found += _against(f"/items/{index}/quote_item", item, quotes[id], at)
    return tuple(found)


def bound(order: Document, quotes: Mapping[str, Document]) -> Document:
    """The order, where nothing stands against it, its items bound as was quoted in what they do not say themselves."""
    items = list(order.get("items", ()))
    for index, item, id in _references(order):
        offered: list[Document] = quotes.get(id, {}).get("items", [])
        quoted = next((one for one in offered if one.get("id") == item["quote_item"].get("item_id")), {})
        term = item.get("requested_term", {})
        if offer := next((offer for offer in quoted.get("terms") or () if _agree(term, offer)), None):
            items[index] = {**item, "requested_term": {**offer, **term}}
    return {**order, "items": items} if items else order


def _agree(term: Document, offer: Document) -> bool:
    """Whether a term says nothing otherwise than the one that was offered."""
    return all(term[name] == offer[name] for name in QUOTED if name in term and name in offer)


def _against(base: str, item: Document, quote: Document, at: datetime) -> Iterator[Finding]:
    if quote.get("state") not in ORDERABLE or overdue(quote, at):
        yield Finding(f"{base}/quote_id", "invalidValue", OVER)
    if (name := item["quote_item"].get("item_id")) is None:
        return
    quoted = next((one for one in quote.get("items", ()) if one.get("id") == name), None)
    if quoted is None:
        yield Finding(f"{base}/item_id", "referenceNotFound", "the quote has no item of that id")
    elif differences := tuple(_differences(item, quoted)):
        reason = f"the quoted item has another {' and another '.join(differences)} (MEF 123 R38)"
        yield Finding(f"{base}/item_id", "invalidValue", reason)


def _differences(item: Document, quoted: Document) -> Iterator[str]:
    """What the price was for, and is not what is ordered. What an order does not say, it does not say otherwise."""
    product, was = _product(item), _product(quoted)
    if item.get("action") not in (None, quoted.get("action")):
        yield "action"
    for name, told in (("id", "product"), ("offering_id", "offering"), ("schema", "kind of product")):
        if product.get(name) is not None and was.get(name) is not None and product[name] != was[name]:
            yield told
    rates = bandwidth(product.get("configuration")), bandwidth(was.get("configuration"))
    if rates[0] is not None and rates[1] is not None and rates[0] > rates[1]:
        yield "bandwidth"
    term, terms = item.get("requested_term"), quoted.get("terms")
    if type(term) is dict and terms and not any(_agree(term, offer) for offer in terms):
        yield "term"
    if (places := _places(product)) and (stood := _places(was)) and places != stood:
        yield "place"


def _product(item: Document) -> Document:
    product = item.get("product")
    return product if isinstance(product, dict) else {}


def _places(product: Document) -> set[str]:
    """Ids of the places where a product stands, where these are all named by id."""
    places = product.get("places")
    ids = [place.get("id") for place in places if type(place) is dict] if type(places) is list else []
    return {id for id in ids if type(id) is str} if all(type(id) is str for id in ids) else set()


def _references(document: Document) -> Iterator[tuple[int, Document, str]]:
    items = document.get("items")
    for index, item in enumerate(items if type(items) is list else ()):
        reference = item.get("quote_item") if type(item) is dict else None
        if type(reference) is dict and type(id := reference.get("quote_id")) is str:
            yield index, item, id
