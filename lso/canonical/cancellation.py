"""The cancellation: a request to take back a whole order, and what became of it.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lso.canonical.contact import Contact
from lso.canonical.model import Instant, Model, Text
from lso.canonical.task import TaskState


class Cancellation(Model):
    """A request to cancel; the order waits while it is assessed."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    order_id: Text | None = Field(None, description="the order to be cancelled")
    state: TaskState | None = None
    reason: Text | None = Field(None, description="in the buyer's words")
    reason_kind: Literal["technical", "commercial"] | None = None
    denied_reason: Text | None = Field(None, description="why the seller refuses")
    requested_cancellation_at: Instant | None = Field(None, description="when the buyer wants it cancelled")
    cancelled_at: Instant | None = Field(None, description="when the order was cancelled")
    charge_id: Text | None = Field(None, description="what the cancellation costs")
    contacts: tuple[Contact, ...] | None = None


def dump(cancellation: Cancellation) -> dict[str, Any]:
    """What was set, and nothing else."""
    return cancellation.model_dump(mode="json", by_alias=True, exclude_unset=True)
