"""What interrupts the work on an order, and how it goes on: charges on items, and items that wait for a task. Pure.

While an order is interrupted nobody asks back ends how far they are; what they have begun goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lso.canonical.model import Reference
from lso.canonical.order import Item, Order
from lso.lifecycle.charge import listed, result
from lso.lifecycle.order import Outcome, settle
from lso.lifecycle.sequence import Existing
from lso.lifecycle.step import Change, Moved, moved_item, moved_order, then, told, with_, with_items

Document = dict[str, Any]
WAITING = frozenset({"held", "pending"})
UNPAID = {"completed": "The charge was declined.", "timed_out": "The charge was not answered in time."}


def hold(order: Order, charge: Document, *, at: str) -> Moved:
    """The order with an item that waits for its charge to be answered. IllegalTransition unless both are under way.

    One charge at a time: an order that waits for one is not in progress, and cannot be held for another (R81-R85).
    """
    held = with_items(order, lambda item: listing(moved_item(item, "hold", at), charge)
                      if item.id == charge["item_id"] else item)
    after = moved_order(held, "assess_charge", at)
    return told(order, after, at, Change("order_information_required", charge["item_id"], after.state or "", at))


def go_on(order: Order, charge: Document, *, at: str, existing: Existing | None = None) -> Moved:
    """The order after the end of a charge on one of its items: it goes on, or the item fails with its dependants.

    A charge that nobody pays is not listed with its item any more.
    """
    def resumed(item: Item) -> Item:
        if item.id != charge["item_id"]:
            return item
        return listing(item if blocked else moved_item(item, "resume", at), charge)

    blocked = result(charge) == "blocked"
    after = told(order, moved_order(with_items(order, resumed), "resume", at), at)
    if not blocked:
        return after
    index = next(index for index, item in enumerate(order.items) if item.id == charge["item_id"])
    outcome = Outcome("failed", UNPAID[charge["state"]], pointer=f"/items/{index}")
    return then(after, lambda order: settle(order, charge["item_id"], outcome, at=at, existing=existing))


def suspend(order: Order, move: str, item_ids: Collection[str | None], *, at: str) -> Order:
    """The order while a task on these items is assessed; `move` says which kind of task."""
    waiting = with_items(order, lambda item: moved_item(item, "suspend", at) if item.id in item_ids else item)
    return moved_order(waiting, move, at)


def resume(order: Order, *, at: str) -> Order:
    """The order in progress again, with all its items that waited."""
    going = with_items(order, lambda item: moved_item(item, "resume", at) if item.state in WAITING else item)
    return moved_order(going, "resume", at)


def listing(item: Item, charge: Document) -> Item:
    """The item with the charge among its own, if it is to be shown."""
    others = tuple(one for one in item.charges or () if one.id != charge["id"])
    if listed(charge):
        return with_(item, charges=(*others, Reference.model_validate({"id": charge["id"]})))
    return with_(item, charges=others) if item.charges else item
