"""The quote: what products would cost, for how long, how soon, and how binding that is.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from lso.canonical.contact import Contact, Note
from lso.canonical.item import Action, ItemError, ItemRelation, QualificationItem
from lso.canonical.model import Instant, Model, Text
from lso.canonical.price import ProductPrice
from lso.canonical.product import Product
from lso.canonical.term import Duration, Term

QuoteState = Literal[
    "acknowledged", "in_progress", "pending", "draft", "answered", "orderable", "orderable_alternate", "accepted",
    "declined", "cancelled", "expired", "rejected", "unable_to_provide"]
"""draft: prices that may still change. answered: not to be ordered by. orderable_alternate: term or interval are not as
wished. declined: the buyer did not want it. rejected: the seller refused the request. pending: TM Forum only."""
ItemState = Literal[
    "acknowledged", "in_progress", "draft", "answered", "orderable", "orderable_alternate", "rejected", "abandoned",
    "unable_to_provide"]
"""abandoned: given up because of another item."""
RequestedLevel = Literal["budgetary", "firm"]
Level = Literal["budgetary", "firm_subject_to_feasibility", "firm"]


class QuoteChange(Model):
    """An entry in the history of a quote."""

    state: QuoteState | None = None
    at: Instant | None = None
    reason: Text | None = None


class Item(Model):
    """One product, what is to be done to it, and its prices."""

    id: Text | None = Field(None, description="chosen by the buyer, unique within the quote")
    action: Action | None = None
    state: ItemState | None = None
    product: Product | None = None
    agreement: Text | None = Field(None, description="name of the frame contract")
    agreement_id: Text | None = Field(None, description="its id, where a dialect has one")
    deal: Text | None = Field(None, description="price conditions agreed before")
    requested_term: Term | None = Field(None, description="what the buyer asks for")
    terms: tuple[Term, ...] | None = Field(None, description="what is offered; at most one in MEF")
    requested_interval: Duration | None = Field(None, description="within which the buyer wants it installed")
    interval: Duration | None = Field(None, description="within which the seller would install it")
    subject_to_feasibility: StrictBool | None = Field(None, description="one-off prices may change during delivery")
    prices: tuple[ProductPrice, ...] | None = None
    relations: tuple[ItemRelation, ...] | None = None
    qualification_item: QualificationItem | None = None
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    errors: tuple[ItemError, ...] | None = None


class Quote(Model):
    """A request for prices, and the answer."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    external_id: Text | None = Field(None, description="number given by the buyer")
    project_id: Text | None = Field(None, description="groups what belongs to one project of the buyer")
    description: Text | None = None
    category: Text | None = Field(None, description="kind of quote, B2B")
    version: Text | None = Field(None, description="counts the rounds of a negotiation")
    state: QuoteState | None = None
    history: tuple[QuoteChange, ...] | None = None
    quoted_at: Instant | None = Field(None, description="when it came into being")
    instant: StrictBool | None = Field(None, description="prices have to be in the answer itself")
    requested_level: RequestedLevel | None = Field(None, description="how binding the buyer wants it")
    level: Level | None = Field(None, description="how binding it is: as its least binding item")
    requested_completion_at: Instant | None = Field(None, description="when the buyer wants prices")
    expected_completion_at: Instant | None = Field(None, description="when the seller expects to have them")
    completed_at: Instant | None = Field(None, description="when it came to a result")
    wanted_by: Instant | None = Field(None, description="when the buyer would want delivery")
    valid_from: Instant | None = None
    valid_until: Instant | None = Field(None, description="then it expires")
    total_prices: tuple[ProductPrice, ...] | None = Field(None, description="prices of the whole")
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    items: tuple[Item, ...] = ()


def dump(quote: Quote) -> dict[str, Any]:
    """What was set, and nothing else."""
    return quote.model_dump(mode="json", by_alias=True, exclude_unset=True)
