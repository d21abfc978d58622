"""The event: something happened to a resource. Says what and when; what it looks like now is fetched or shown beside.

Events are kept in the words of no dialect; each subscriber receives them in its own. The kinds are told apart by the
API whose subscribers hear of them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lso.canonical.model import Instant, Model, Text

OrderEventKind = Literal[
    "order_created", "order_state", "order_changed", "order_information_required", "order_deleted",
    "item_state", "item_expected_completion", "item_milestone",
    "cancellation_created", "cancellation_state", "cancellation_information_required",
    "charge_created", "charge_state", "charge_timed_out", "delivery_date_state"]
QualificationEventKind = Literal[
    "qualification_created", "qualification_state", "qualification_changed", "qualification_item_state",
    "qualification_information_required", "qualification_deleted",
    "qualification_query_created", "qualification_query_state", "qualification_query_deleted"]
QuoteEventKind = Literal[
    "quote_created", "quote_state", "quote_changed", "quote_item_state", "quote_information_required", "quote_deleted"]
EventKind = Literal[OrderEventKind, QualificationEventKind, QuoteEventKind]
Resource = Literal["order", "cancellation", "charge", "delivery_date", "qualification", "qualification_query", "quote"]


class Event(Model):
    """One happening. `id` is stable: a repeated delivery carries the same."""

    id: Text = Field(description="stable over deliveries and retries")
    at: Instant = Field(description="when it happened")
    kind: EventKind
    resource: Resource = "order"
    subject_id: Text = Field(description="id of the resource: of the order, for events of its items")
    order_id: Text | None = Field(None, description="the order that the resource belongs to")
    item_id: Text | None = Field(None, description="the item concerned")
    milestone: Text | None = Field(None, description="name of the milestone reached")
    state: Text | None = Field(None, description="the new state, canonical word")
    previous_state: Text | None = Field(None, description="the state before, canonical word")
    external_id: Text | None = Field(None, description="order number of the buyer")
    buyer_id: Text | None = Field(None, description="as named when the resource was made")
    seller_id: Text | None = Field(None, description="as named when the resource was made")
    href: Text | None = Field(None, description="link for the one it is delivered to; minted then, never stored")


class OrderEvent(Event):
    """About an order, or what is asked of one."""

    kind: OrderEventKind


class QualificationEvent(Event):
    """About a qualification, or a query."""

    kind: QualificationEventKind


class QuoteEvent(Event):
    """About a quote."""

    kind: QuoteEventKind


def resource_of(kind: EventKind) -> Resource:
    """What an event of this kind is about; items are parts of their order."""
    about: tuple[Resource, ...] = ("cancellation", "charge", "delivery_date", "qualification_query", "qualification",
                                   "quote")
    return next((resource for resource in about if kind.startswith(resource)), "order")


def dump(event: Event) -> dict[str, Any]:
    """What was set, and nothing else."""
    return event.model_dump(mode="json", by_alias=True, exclude_unset=True)
