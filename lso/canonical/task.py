"""A task on an order under way, such as a cancellation or a change of date: it is assessed, and may cost extra."""

from __future__ import annotations

from typing import Literal

TaskState = Literal["acknowledged", "in_progress", "assessing_charge", "done", "declined", "rejected"]
"""declined: the buyer did not accept the charge. rejected: the seller refuses, or it came too late."""

TASKS = frozenset({"cancellation", "delivery_date"})
OPEN = frozenset({"acknowledged", "in_progress", "assessing_charge"})


def occupied(kind: str, state: object) -> bool:
    """Whether a resource is a task that is not over: an order bears one at a time."""
    return kind in TASKS and state in OPEN
