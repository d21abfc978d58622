"""A task on an order under way, such as a cancellation or a change of date: it is assessed, and may cost extra."""

from __future__ import annotations

from typing import Literal

TaskState = Literal["acknowledged", "in_progress", "assessing_charge", "done", "declined", "rejected"]
"""declined: the buyer did not accept the charge. rejected: the seller refuses, or it came too late."""
