"""What a back end is asked to do, and what it says of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

Document = dict[str, Any]

ProgressState = Literal["working", "done", "refused", "failed", "postponed", "parked"]


@dataclass(slots=True)
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
class Reached:
    """A product-specific milestone: its name, when it was reached, and what is to be said of it."""

    name: str
    at: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Extra cost, to be accepted or declined by the buyer.

    key: what the back end knows it by, different for each charge on a request.
    items: canonical charge items (blocking, kind, category, price, notes); ids and states are given by us.
    """

    key: str
    items: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back end is with a request.

    refused: it will not do this (feasibility, capacity); failed: it tried. Both are final, as is done.
    postponed: it surely has not begun and wants to be asked again later. parked: what became of the request cannot be
    told without a person; it must not be asked again.
    service_id: what the back end calls the thing it made, once done; before that, what it calls the request.
    look_again_seconds: when asking again makes sense, while working or postponed.
    milestones: all that were reached so far. expected_completion_at: when it will be done, where the back end tells;
    expected_reason: why that is another moment than before.
    charge: what it waits to be paid for, while working.
    """

    state: ProgressState
    reason: str = ""
    service_id: str | None = None
    look_again_seconds: float | None = None
    milestones: tuple[Reached, ...] = ()
    expected_completion_at: str | None = None
    expected_reason: str = ""
    charge: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Another date for an item. key: the same whenever the same is asked. None: as soon as it can be."""

    key: str
    requested_completion_at: str | None = None
    expedite: bool = False


@dataclass(frozen=True, slots=True)
class Willing:
    """Whether a back end would do what was asked: not for the reason given; or yes, perhaps for a charge."""

    reason: str | None = None
    charge: Proposal | None = None


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


@runtime_checkable
class Flexible(Protocol):
    """A back end that can also change its mind. One that is not is never asked to: what it has begun, it does.

    What it says it would do binds it: whatever it has done between the question and the request, it takes back.
    """

    def would_cancel(self, request: ServiceRequest) -> Willing:
        """Whether it would stop the request, and what that costs. Changes nothing."""
        ...

    def cancel(self, request: ServiceRequest) -> None:
        """Stop the request and take back what came of it; once done, and for what was never asked, this does nothing.

        A request that was cancelled before it came is not begun when it comes.
        """
        ...

    def would_reschedule(self, request: ServiceRequest, wish: Wish) -> Willing:
        """Whether it would do the request sooner or on another day, and what that costs. Changes nothing."""
        ...

    def reschedule(self, request: ServiceRequest, wish: Wish) -> str | None:
        """Do so; the same wish again changes nothing. Answers when the request will be done, if it can tell."""
        ...

    def charge_answered(self, request: ServiceRequest, key: str, verdicts: Mapping[str, str]) -> None:
        """The buyer's word on a charge: accepted or declined by the number of the item, from "1".

        A blocking item that is declined ends the request. Answers to charges that were answered change nothing.
        """
        ...
