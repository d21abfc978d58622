"""The change of a requested delivery date: one item is to be done sooner than usual, or on another day.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, StrictBool

from lso.canonical.model import Instant, Model, Text
from lso.canonical.task import TaskState


class DeliveryDate(Model):
    """A request to expedite or move one item; the item waits while it is assessed."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    order_id: Text | None = Field(None, description="the order of the item")
    item_id: Text | None = Field(None, description="the item concerned")
    state: TaskState | None = None
    created_at: Instant | None = None
    expedite: StrictBool | None = Field(None, description="wanted sooner than usual")
    requested_completion_at: Instant | None = Field(None, description="the new date; may be left out to expedite")


def dump(delivery_date: DeliveryDate) -> dict[str, Any]:
    """What was set, and nothing else."""
    return delivery_date.model_dump(mode="json", by_alias=True, exclude_unset=True)
