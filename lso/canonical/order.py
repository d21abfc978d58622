"""The order: the union of what the releases and dialects can say, each member once. What members have in common is said
in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from lso.canonical.contact import Contact, Note
from lso.canonical.item import Action, ItemError, ItemRelation, QualificationItem, QuoteItem
from lso.canonical.model import Instant, Model, Reference, Text
from lso.canonical.product import Product
from lso.canonical.term import Duration, Term

OrderState = Literal[
    "acknowledged", "in_progress", "pending", "assessing_modification", "held", "assessing_charge",
    "assessing_cancellation", "cancelling", "cancelled", "completed", "partial", "failed", "rejected"]
ItemState = Literal[
    "acknowledged", "in_progress", "pending", "held", "assessing_cancellation", "cancelling", "cancelled", "completed",
    "failed", "rejected", "rejected_validated", "rejected_unassessed"]


class OrderChange(Model):
    """An entry in the history of an order."""

    state: OrderState | None = None
    at: Instant | None = None
    reason: Text | None = None


class ItemChange(Model):
    """An entry in the history of an item."""

    state: ItemState | None = None
    at: Instant | None = None
    reason: Text | None = None


class Coordination(Model):
    """When an item begins or ends in relation to another item."""

    item_id: Text | None = None
    delay: Duration | None = None
    dependency: Literal["start_to_start", "start_to_finish", "finish_to_start", "finish_to_finish"] | None = None


class Milestone(Model):
    """A product-specific step that was reached."""

    name: Text | None = None
    at: Instant | None = None
    note: Text | None = None


class Item(Model):
    """One product that the order adds, changes or removes."""

    id: Text | None = Field(None, description="chosen by the buyer, unique within the order")
    action: Action | None = None
    state: ItemState | None = None
    history: tuple[ItemChange, ...] | None = None
    product: Product | None = None
    agreement: Text | None = Field(None, description="name of the frame contract")
    agreement_id: Text | None = Field(None, description="its id, where a dialect has one")
    billing_account_id: Text | None = None
    end_customer: Text | None = Field(None, description="customer of the buyer, where the buyer resells")
    buyer_pon: Text | None = Field(None, description="purchase order number of the buyer")
    tsp_priority: Text | None = Field(None, description="code of the Telecommunications Service Priority programme")
    expedite: StrictBool | None = Field(None, description="wanted sooner than usual")
    expedite_accepted: StrictBool | None = Field(None, description="the seller agreed to hurry")
    requested_completion_at: Instant | None = None
    expected_completion_at: Instant | None = None
    completed_at: Instant | None = None
    requested_term: Term | None = Field(None, description="what the buyer asks for")
    terms: tuple[Term, ...] | None = Field(None, description="what was agreed; at most one in MEF")
    quote_item: QuoteItem | None = None
    qualification_item: QualificationItem | None = None
    relations: tuple[ItemRelation, ...] | None = None
    coordination: tuple[Coordination, ...] | None = None
    charges: tuple[Reference, ...] | None = None
    milestones: tuple[Milestone, ...] | None = None
    errors: tuple[ItemError, ...] | None = None
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None


class Order(Model):
    """A request to add, change or remove products, and how it fares."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    external_id: Text | None = Field(None, description="order number of the buyer")
    project_id: Text | None = Field(None, description="groups orders of one project of the buyer")
    description: Text | None = None
    category: Text | None = Field(None, description="kind of order, B2B")
    priority: Text | None = Field(None, description="0 is highest, 4 lowest")
    state: OrderState | None = None
    history: tuple[OrderChange, ...] | None = None
    ordered_at: Instant | None = None
    requested_start_at: Instant | None = None
    requested_completion_at: Instant | None = Field(None, description="for all items that name none of their own")
    expected_completion_at: Instant | None = None
    completed_at: Instant | None = None
    cancelled_at: Instant | None = None
    cancellation_reason: Text | None = None
    cancellation_charges: tuple[Reference, ...] | None = None
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    items: tuple[Item, ...] = ()


def dump(order: Order) -> dict[str, Any]:
    """The document the order was made from, with the changes since: what was set, and nothing else."""
    return order.model_dump(mode="json", by_alias=True, exclude_unset=True)
