"""Whether the terms that items ask for are ones that the seller has, and those of the quotes that they follow.

MEF 123 R37 and R38, which speak of products that are added; what is changed is bound by a term just as well. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from lso.canonical.order import Item, Order
from lso.canonical.term import Term
from lso.lifecycle.enrichment import Defaults
from lso.lifecycle.order import Refusal

BOUND = ("add", "modify")
QUOTED = ("duration", "at_end", "roll")
"""What a term has in common with that of its quote; its name and description are for people."""


def unmet(order: Order, agreed: Defaults) -> Iterator[Refusal]:
    """What stands against the terms of the items; at most one reason each member, for an item without a term none."""
    for index, item in enumerate(order.items):
        term, base = item.requested_term, f"/items/{index}/requested_term"
        if item.id is None or item.action not in BOUND or term is None:
            continue
        if agreed.terms and term.duration not in agreed.terms:
            yield Refusal(item.id, "invalidValue", "Products are not bound for this long (MEF 123 R37).",
                          f"{base}/duration")
        elif (quoted := _quoted(item, agreed)) is not None:
            for name in QUOTED:
                had = getattr(quoted, name)
                if had is not None and getattr(term, name) != had:
                    reason = f"The quote has another term: its {name.replace('_', ' ')} differs (MEF 123 R38)."
                    yield Refusal(item.id, "invalidValue", reason, f"{base}/{name}")


def _quoted(item: Item, agreed: Defaults) -> Term | None:
    """The term of the quote that an item follows, where we know it."""
    return agreed.quoted.get(item.quote_item.quote_id or "") if item.quote_item else None
