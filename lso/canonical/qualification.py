"""The qualification: whether products can be had where they are wanted, how sure that is, and what else there is.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from lso.canonical.contact import Contact
from lso.canonical.item import Action, ItemError, ItemRelation
from lso.canonical.model import Instant, Model, Text
from lso.canonical.product import Product
from lso.canonical.term import Duration

QualificationState = Literal["acknowledged", "in_progress", "ready", "unable_to_provide", "failed"]
"""ready: there is a result, favourable or not. failed: an item could not be judged for what the buyer said of it."""
ItemState = Literal["acknowledged", "in_progress", "ready", "abandoned", "failed"]
"""abandoned: given up because of another item."""
Confidence = Literal["high", "low", "none", "alternate"]
"""alternate: not as asked for, but there is something else."""
Result = Literal["qualified", "alternate", "unqualified"]


class QualifiedProduct(Product):
    """A product in question; whose offering it is may be left open."""

    specification_id: Text | None = Field(None, description="a product specification, where no offering is named")


class QualificationChange(Model):
    """An entry in the history of a qualification."""

    state: QualificationState | None = None
    at: Instant | None = None
    reason: Text | None = None


class ItemChange(Model):
    """An entry in the history of an item."""

    state: ItemState | None = None
    at: Instant | None = None
    reason: Text | None = None


class Alternative(Model):
    """Something else that can be had instead."""

    id: Text | None = Field(None, description="to be named by the quote or order that follows it")
    product: QualifiedProduct | None = Field(None, description="complete, ready to be ordered")
    installation_interval: Duration | None = None
    available_at: Instant | None = None


class Item(Model):
    """One product, what is to be done to it, and the verdict."""

    id: Text | None = Field(None, description="chosen by the buyer, unique within the qualification")
    action: Action | None = None
    state: ItemState | None = None
    history: tuple[ItemChange, ...] | None = None
    product: QualifiedProduct | None = None
    relations: tuple[ItemRelation, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    wanted_by: Instant | None = Field(None, description="when the buyer wants it available")
    expected_activation_at: Instant | None = Field(None, description="when the buyer wants it activated")
    category_id: Text | None = Field(None, description="category of services, where a dialect has one")
    confidence: Confidence | None = Field(None, description="how sure the seller is that it can be had")
    confidence_reason: Text | None = Field(None, description="what that rests on, for people")
    alternatives: tuple[Alternative, ...] | None = None
    installation_interval: Duration | None = None
    guaranteed_until: Instant | None = Field(None, description="until when the seller stands by it")
    errors: tuple[ItemError, ...] | None = None


class Qualification(Model):
    """A question to the seller, and the answer."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    external_id: Text | None = Field(None, description="number given by the buyer")
    project_id: Text | None = Field(None, description="groups what belongs to one project of the buyer")
    description: Text | None = None
    state: QualificationState | None = None
    history: tuple[QualificationChange, ...] | None = None
    result: Result | None = Field(None, description="the worst of the items; derived from them")
    instant: StrictBool | None = Field(None, description="the result has to be in the answer itself")
    alternatives_wanted: StrictBool | None = Field(None, description="other products may be proposed")
    reasons_wanted: StrictBool | None = Field(None, description="to be told why something cannot be had")
    asked_at: Instant | None = None
    requested_completion_at: Instant | None = Field(None, description="when the buyer wants the result")
    expected_completion_at: Instant | None = Field(None, description="when the seller expects to have one")
    effective_at: Instant | None = Field(None, description="when the result was ready")
    expires_at: Instant | None = Field(None, description="until when the result holds as a whole")
    contacts: tuple[Contact, ...] | None = None
    items: tuple[Item, ...] = ()


def dump(qualification: Qualification) -> dict[str, Any]:
    """What was set, and nothing else."""
    return qualification.model_dump(mode="json", by_alias=True, exclude_unset=True)
