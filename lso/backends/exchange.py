"""What was said to a back end and what it answered: as it is recorded, never as it was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answered", "timed out", "unreachable", "broken off", "too large", "paused", "busy"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Both legs, redacted. order_id and item_id are empty where it was about none, such as for a token.

    outcome: paused and busy are exchanges that did not take place.
    """

    backend: str
    tenant: str
    order_id: str
    item_id: str
    at: float
    seconds: float
    request_line: str
    request: str | None
    status: int | None
    response: str | None
    outcome: Outcome
    trace_id: str | None = None


Record = Callable[[Exchange], None]


def unrecorded(_exchange: Exchange) -> None:
    """For those who keep no record."""
