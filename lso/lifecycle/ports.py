"""What the life cycle needs from the outside world: somebody to wake, somebody to fulfil, and the time.

Only Protocols and the plain data they exchange; no code. Implemented in `lso.workflow` and `lso.backends`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Document = dict[str, Any]

ProgressState = Literal["working", "done", "refused", "failed", "postponed", "parked"]


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One order item, as a back end is asked to fulfil it.

    external_id: ours and stable: asking twice with the same one is asking once.
    product: the canonical product of the item: offering, schema, configuration, places.
    depends_on: service ids of what must exist before, in the back end's own words.
    service_id: what the back end calls the service to modify or delete; None for an add, and for what it never made.
    asked_at: when it was last written down that this would be asked, in seconds since the epoch; None: it never was.
    their_id: what the back end called the request when it said that it has it.
    """

    external_id: str
    tenant: str
    order_id: str
    item_id: str
    action: str
    product: Document
    depends_on: tuple[str, ...] = ()
    requested_completion_at: str | None = None
    service_id: str | None = None
    asked_at: float | None = None
    their_id: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back end is with a request.

    refused: it will not do this (feasibility, capacity); failed: it tried. Both are final, as is done.
    postponed: it surely has not begun and wants to be asked again later. parked: what became of the request cannot be
    told without a person; it must not be asked again.
    service_id: what the back end calls the thing it made, once done; before that, what it calls the request.
    look_again_seconds: when asking again makes sense, while working or postponed.
    """

    state: ProgressState
    reason: str = ""
    service_id: str | None = None
    look_again_seconds: float | None = None


class BackEnd(Protocol):
    """Somebody who fulfils. Every call may block, may raise UpstreamError and is never made inside a transaction."""

    def feasible(self, request: ServiceRequest) -> str | None:
        """Why it would not do this, in one sentence for the buyer; None when it would. Promises and changes nothing."""
        ...

    def submit(self, request: ServiceRequest) -> Progress:
        """Start, or continue, the request of that external id."""
        ...

    def look(self, request: ServiceRequest) -> Progress | None:
        """How far a request is that was asked before; None when the back end has never heard of it."""
        ...


class Waker(Protocol):
    """Told after a commit that jobs are due; must never block, may lose everything (the sweeper finds it)."""

    def wake(self, job_ids: Sequence[str]) -> None:
        """These jobs are ready."""
        ...

    def wake_deliveries(self) -> None:
        """There are events to deliver."""
        ...


class Clock(Protocol):
    """The time, in UTC, aware."""

    def __call__(self) -> datetime:
        """Now."""
        ...
