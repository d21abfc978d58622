"""How an order becomes ours: the one decision that is made on a document.

It comes in as one and goes out as one, and nothing of it is looked at here: making a model of it only to take it apart
again would cost more than anything else on the way in. Every later decision is in `order.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lso.lifecycle.machine import ITEM_MACHINE, ORDER_MACHINE, Machine
from lso.lifecycle.order import Change
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS

Document = dict[str, Any]
MOVE = "acknowledge"


class Acknowledged(NamedTuple):
    """The order as accepted, and what happened. Shares with the document it was made from what is alike in both."""

    document: Document
    changes: tuple[Change, ...]


def acknowledge(document: Document, *, id: str, at: str, contacts: Sequence[Document] = ()) -> Acknowledged:
    """The order as accepted at the door: id, date, states, and the seller's contacts behind the buyer's (R17, R19)."""
    accepted = _moved(document, ORDER_MACHINE, ORDER_MEMBERS, at)
    accepted |= {"id": id, "ordered_at": at}
    accepted["items"] = [_moved(item, ITEM_MACHINE, ITEM_MEMBERS, at) for item in document.get("items", ())]
    if contacts:
        given = document.get("contacts", [])
        accepted["contacts"] = [*given, *(contact for contact in contacts if contact not in given)]
    return Acknowledged(accepted, (Change("order_created", None, accepted["state"], at),))


def _moved(document: Document, machine: Machine, members: Any, at: str) -> Document:
    state = machine.after(document.get("state"), MOVE)
    barred = members[state][1]
    kept = document if barred.isdisjoint(document) else {
        name: value for name, value in document.items() if name not in barred}
    return {**kept, "state": state, "history": [*document.get("history", ()), {"state": state, "at": at}]}
