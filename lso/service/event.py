"""From a change of an order to the event that tells of it, and the order as it was at that moment."""

from __future__ import annotations

from typing import Any

from lso.lifecycle.order import Change
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS
from lso.store import outbox
from lso.store.identifier import new_id
from lso.store.instant import seconds
from lso.store.order import StoredOrder

Document = dict[str, Any]


def event_of(order: StoredOrder, change: Change) -> outbox.Event:
    """The event of one change, with an id that stays."""
    said: Document = {
        "id": new_id(), "at": change.at, "kind": change.kind, "resource": "order", "subject_id": order.id,
        "item_id": change.item_id, "state": change.state, "previous_state": change.previous,
        "external_id": order.document.get("external_id"), "buyer_id": order.buyer_id, "seller_id": order.seller_id,
    }
    document = {name: value for name, value in said.items() if value is not None}
    return outbox.Event(tenant=order.tenant, id=document["id"], kind=change.kind, resource_id=order.id,
                        buyer_id=order.buyer_id, created_at=seconds(change.at) or 0.0, document=document)


def as_of(document: Document, at: str) -> Document:
    """The order as it was, by its history: what a subscriber that is told late of an early change is to see."""
    until = seconds(at)
    if until is None:
        return document
    then = _rewound(document, until, ORDER_MEMBERS)
    then["items"] = [_rewound(item, until, ITEM_MEMBERS) for item in document.get("items") or ()]
    for item in then["items"]:
        product = item.get("product")
        if item.get("action") == "add" and item.get("state") != "completed" and product and "id" in product:
            item["product"] = {name: value for name, value in product.items() if name != "id"}
    return then


def _rewound(document: Document, until: float, members: Any) -> Document:
    """State and history cut at a moment, without the members that the state of that moment bars."""
    history = [entry for entry in document.get("history") or () if (seconds(entry.get("at")) or 0.0) <= until]
    if not history or len(history) == len(document["history"]):
        return dict(document)
    state = history[-1].get("state")
    barred = members[state][1] if state in members else frozenset()
    kept = {name: value for name, value in document.items() if name not in barred}
    return kept | {"state": state, "history": history}
