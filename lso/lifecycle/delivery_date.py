"""What may become of a change of a requested delivery date (MEF 123 R63-R68): an item sooner, or on another day. Pure.

    acknowledged -> in_progress: item and order wait, the back end is asked whether it would
                 -> rejected | assessing_charge -> declined: nothing is changed
                 -> done: the item has the new date
In each case the order goes on. MEF has no member that says why a change was rejected: the item says it, in a note.
"""

from __future__ import annotations

from lso.canonical.contact import Note
from lso.canonical.order import Item, Order
from lso.lifecycle.interruption import listing, resume, suspend
from lso.lifecycle.machine import ORDER_MACHINE
from lso.lifecycle.report import expect
from lso.lifecycle.step import Change, Moved, told, with_, with_items
from lso.lifecycle.task import Decided, Document, declined, moved_task, turned_down

REFUSED = "The date stays as it was."
CHANGED = "The buyer asked for another date."
HURRIED = "The buyer asked for an earlier delivery."


def obstacle(order: Order, task: Document) -> str | None:
    """Why the date cannot be changed, whatever the back end says."""
    item = next((item for item in order.items if item.id == task.get("item_id")), None)
    if item is None:
        return "The order has no such item."
    if order.state != "in_progress" or item.state != "in_progress":
        return "The item is not being worked on."
    return None


def turn_down(order: Order, task: Document, reason: str, *, at: str, author: str) -> Decided:
    """The date is not changed, and nobody need be asked. An order that has ended takes no notes any more (O6)."""
    if order.state in ORDER_MACHINE.ends:
        return turned_down(task)
    return _refused(order, order, task, reason, at=at, author=author)


def refuse(order: Order, task: Document, reason: str, *, at: str, author: str) -> Decided:
    """Somebody does not do it on another day: nothing is changed."""
    return _refused(order, resume(order, at=at), task, reason, at=at, author=author)


def assess(order: Order, task: Document, *, at: str) -> Decided:
    """The item and its order wait while the back end is asked."""
    after = suspend(order, "assess_modification", {task.get("item_id")}, at=at)
    return Decided(moved_task(task, "assess"), told(order, after, at))


def ask(order: Order, task: Document, charge: Document) -> Decided:
    """The date has a price, which is shown with the item."""
    return Decided(moved_task(task, "ask_charge"), Moved(_shown(order, charge), ()))


def decline(order: Order, task: Document, charge: Document, *, at: str) -> Decided:
    """The buyer does not pay for it: nothing is changed, and the charge is not shown any more."""
    return declined(_shown(order, charge), task, at=at)


def grant(order: Order, task: Document, expected_at: str | None, *, at: str, author: str) -> Decided:
    """The item has the new date, and goes on.

    expected_at: when the back end says that it will be done; without that, the date that was asked for is expected.
    """
    item_id = task.get("item_id")
    before = next(item for item in order.items if item.id == item_id)
    expected = expected_at or task.get("requested_completion_at") or before.expected_completion_at
    going = resume(with_items(order, lambda item: _dated(item, task) if item.id == item_id else item), at=at)
    more = [Change("order_changed", None, going.state or "", at)]
    if expected and expected != before.expected_completion_at:
        going = expect(going, item_id, expected, HURRIED if task.get("expedite") else CHANGED, at=at, author=author)
        more.append(Change("item_expected_completion", item_id, "in_progress", at))
    return Decided(moved_task(task, "finish"), told(order, going, at, *more))


def _refused(before: Order, going: Order, task: Document, reason: str, *, at: str, author: str) -> Decided:
    note = Note.model_validate({"id": f"refused-{task['id']}", "author": author, "at": at, "side": "seller",
                                "text": f"{REFUSED} {reason}"})
    after = with_items(going, lambda item: with_(item, notes=(*(item.notes or ()), note))
                       if item.id == task.get("item_id") else item)
    changed = Change("order_changed", None, after.state or "", at)
    return Decided(moved_task(task, "reject"), told(before, after, at, changed))


def _shown(order: Order, charge: Document) -> Order:
    return with_items(order, lambda item: listing(item, charge) if item.id == charge["item_id"] else item)


def _dated(item: Item, task: Document) -> Item:
    if requested := task.get("requested_completion_at"):
        item = with_(item, requested_completion_at=requested)
    return with_(item, expedite=True, expedite_accepted=True) if task.get("expedite") else item
