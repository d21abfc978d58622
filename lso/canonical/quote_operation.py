"""What a buyer says to cancel a quote under way, or to decline a finished one. Nothing is kept of it but its effect.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from pydantic import Field

from lso.canonical.model import Model, Text


class QuoteOperation(Model):
    """Which quote, and why; the operation itself says what."""

    quote_id: Text | None = None
    reason: Text | None = Field(None, description="for people")
