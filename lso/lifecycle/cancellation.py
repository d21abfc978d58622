"""What may become of a cancellation (MEF 123 R73-R76): of whole orders, and only while nothing of them is done. Pure.

    acknowledged -> in_progress: the order waits, back ends are asked whether they would stop
                 -> rejected | assessing_charge -> declined: the order goes on
                 -> done: the order is cancelling, its items are cancelled; when back ends have stopped it is cancelled
"""

from __future__ import annotations

from lso.canonical.model import Reference
from lso.canonical.order import Order
from lso.lifecycle.interruption import suspend
from lso.lifecycle.machine import ORDER_MACHINE
from lso.lifecycle.step import moved_item, moved_order, told, with_, with_items
from lso.lifecycle.task import Decided, Document, moved_task

UNSAID = "Cancelled at the request of the buyer."


def obstacle(order: Order) -> str | None:
    """Why the order cannot be cancelled, whatever back ends say."""
    if order.state in ORDER_MACHINE.ends:
        return f"The order is {order.state} already."
    if order.state != "in_progress":
        return "The order is waiting for the end of something else."
    done = next((item.id for item in order.items if item.state == "completed"), None)
    return None if done is None else f"Item {done} has been completed."


def assess(order: Order, task: Document, *, at: str) -> Decided:
    """The order and its open items wait while back ends are asked."""
    open_ids = {item.id for item in order.items if item.state == "in_progress"}
    return Decided(moved_task(task, "assess"), told(order, suspend(order, "assess_cancellation", open_ids, at=at), at))


def grant(order: Order, task: Document, *, at: str) -> Decided:
    """It is settled that the order is cancelled: its items are, and the work comes to its end."""
    stopped = with_items(order, lambda item: moved_item(item, "cancel", at) if item.state == "pending" else item)
    after = moved_order(stopped, "cancel", at)
    if charge_id := task.get("charge_id"):
        charges = (*(after.cancellation_charges or ()), Reference.model_validate({"id": charge_id}))
        after = with_(after, cancellation_charges=charges)
    return Decided(moved_task(task, "finish"), told(order, after, at))


def finish(order: Order, task: Document, *, at: str) -> Decided:
    """All work has stopped."""
    after = with_(moved_order(order, "finish_cancelling", at), completed_at=at, cancelled_at=at,
                  cancellation_reason=task.get("reason") or UNSAID)
    return Decided({**task, "cancelled_at": at}, told(order, after, at))
