"""From a change of an order or a resource to the event that tells of it, and what it was like at that moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lso.lifecycle.order import Change
from lso.lifecycle.quote_states import QUOTE_ITEM_MEMBERS, QUOTE_MEMBERS
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS, QUALIFICATION_ITEM_MEMBERS, QUALIFICATION_MEMBERS
from lso.store import outbox
from lso.store.identifier import new_id
from lso.store.instant import seconds
from lso.store.order import StoredOrder
from lso.store.resource import StoredResource

Document = dict[str, Any]
LATER: Mapping[str, tuple[str, ...]] = {  # members that a task gets only after it was in that state
    "acknowledged": ("charge_id", "denied_reason", "cancelled_at"),
    "in_progress": ("charge_id", "denied_reason", "cancelled_at"),
    "assessing_charge": ("denied_reason", "cancelled_at"),
}

BEGINNING = -math.inf  # seconds since the epoch: before all that a history tells of
UNDER_WAY = ("acknowledged", "in_progress", "draft")
LATER_OF_QUERIES = dict.fromkeys(("acknowledged", "in_progress"), ("items", "effective_at", "expires_at"))
MEMBERS = {"order": (ORDER_MEMBERS, ITEM_MEMBERS), "qualification": (QUALIFICATION_MEMBERS, QUALIFICATION_ITEM_MEMBERS),
           "quote": (QUOTE_MEMBERS, QUOTE_ITEM_MEMBERS)}
"""What has a history, by kind: the members that the states of whole and items demand and bar."""


def event_of(order: StoredOrder, change: Change) -> outbox.Event:
    """The event of one change, with an id that stays."""
    return _event(order, change.kind, change.at, resource="order", item_id=change.item_id, state=change.state,
                  previous_state=change.previous, milestone=change.milestone,
                  external_id=order.document.get("external_id"))


def resource_event(resource: StoredResource, kind: str, *, at: str, state: str | None = None,
                   previous: str | None = None) -> outbox.Event:
    """The event of one change of a resource: `state` is the new one, where the change was one of state."""
    return _event(resource, kind, at, resource=resource.kind, order_id=resource.order_id, state=state,
                  previous_state=previous)


def resource_change(resource: StoredResource, change: Change) -> outbox.Event:
    """The event of one change of a resource that has items, or of one of these."""
    return _event(resource, change.kind, change.at, resource=resource.kind, item_id=change.item_id, state=change.state,
                  previous_state=change.previous, external_id=resource.document.get("external_id"))


def _event(of: StoredOrder | StoredResource, kind: str, at: str, **members: str | None) -> outbox.Event:
    id = new_id()
    document = {"id": id, "at": at, "kind": kind, "subject_id": of.id}
    if of.buyer_id is not None:
        document["buyer_id"] = of.buyer_id
    if of.seller_id is not None:
        document["seller_id"] = of.seller_id
    for name, value in members.items():
        if value is not None:
            document[name] = value
    return outbox.Event(of.tenant, id, kind, of.id, of.buyer_id, seconds(at) or 0.0, document)


def as_of(document: Document, event: Document) -> Document:
    """An order or a resource as it was when an event told of it: what a subscriber that is told late of an early change
    is to see. An event of its making tells of its first state, however soon another one came."""
    kind = event.get("resource", "")
    if kind not in MEMBERS:
        return _task_as_of(document, event)
    until = BEGINNING if event["kind"] == f"{kind}_created" else seconds(event["at"])
    return document if until is None else _as_of(document, until, kind)


def _as_of(document: Document, until: float, kind: str) -> Document:
    whole, of_item = MEMBERS[kind]
    then = _rewound(document, until, whole)
    then["items"] = [_rewound(item, until, of_item) for item in document.get("items") or ()]
    if kind == "quote" and then.get("state") in UNDER_WAY and then["state"] != document.get("state"):
        barred = of_item[then["state"]][1]  # items of quotes have no history: they were as far as the whole
        then["items"] = [{name: value for name, value in item.items() if name not in barred} | {"state": then["state"]}
                         for item in then["items"]]
    for item in then["items"]:
        product = item.get("product")
        if item.get("action") == "add" and item.get("state") != "completed" and product and "id" in product:
            item["product"] = {name: value for name, value in product.items() if name != "id"}
    return then


def _task_as_of(document: Document, event: Document) -> Document:
    """A task as it was when an event told of it; a query likewise."""
    state = event.get("state")
    if state is None or state == document.get("state"):
        return document
    later = LATER_OF_QUERIES if event.get("resource") == "qualification_query" else LATER
    return {name: value for name, value in document.items() if name not in later.get(state, ())} | {"state": state}


def _rewound(document: Document, until: float, members: Any) -> Document:
    """State and history cut at a moment, without the members that the state of that moment bars. What was not there yet
    is as it was first."""
    every = document.get("history") or []
    history = [entry for entry in every if (seconds(entry.get("at")) or 0.0) <= until] or every[:1]
    if len(history) == len(every):
        return dict(document)
    state = history[-1].get("state")
    barred = members[state][1] if state in members else frozenset()
    kept = {name: value for name, value in document.items() if name not in barred}
    return kept | {"state": state, "history": history}
