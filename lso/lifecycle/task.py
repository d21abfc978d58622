"""A task on an order, such as a cancellation or a change of date, and the order, as one decision leaves both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lso.canonical.order import Order
from lso.lifecycle.interruption import resume
from lso.lifecycle.machine import TASK_MACHINE
from lso.lifecycle.step import Moved, told

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """moved: None when the order stays as it is."""

    task: Document
    moved: Moved | None = None


def moved_task(task: Document, move: str, **members: Any) -> Document:
    """The task after a move. Raises IllegalTransition for one that there is not."""
    return {**task, **members, "state": TASK_MACHINE.after(task.get("state"), move)}


def turned_down(task: Document, **members: Any) -> Decided:
    """The task that comes to nothing before it was begun."""
    return Decided(moved_task(task, "reject", **members))


def charged(task: Document, **members: Any) -> Decided:
    """The task that waits for the answer to a charge; so does the order."""
    return Decided(moved_task(task, "ask_charge", **members))


def refused(order: Order, task: Document, *, at: str, **members: Any) -> Decided:
    """The task that somebody does not carry out: all goes on as before."""
    return Decided(moved_task(task, "reject", **members), told(order, resume(order, at=at), at))


def declined(order: Order, task: Document, *, at: str) -> Decided:
    """The task whose charge the buyer did not accept: all goes on as before."""
    return Decided(moved_task(task, "decline"), told(order, resume(order, at=at), at))
