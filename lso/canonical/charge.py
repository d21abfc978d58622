"""The charge: extra cost that the seller proposes for an order or one of its items, for the buyer to accept or decline.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from lso.canonical.contact import Note
from lso.canonical.model import Instant, Model, Text
from lso.canonical.price import ChargePeriod, Price, PriceKind

ChargeState = Literal["awaiting_response", "completed", "timed_out", "withdrawn"]
ChargeItemState = Literal["awaiting_response", "accepted", "declined", "withdrawn"]
Verdict = Literal["accepted", "declined"]


class ChargeItem(Model):
    """One position, answered by itself."""

    id: Text | None = None
    activity: Literal["new", "change"] | None = Field(None, description="new, or amends what was agreed")
    blocking: StrictBool | None = Field(None, description="the work stops when it is declined")
    kind: PriceKind | None = None
    category: Literal["cancellation", "construction", "connection", "disconnect", "expedite", "other"] | None = \
        Field(None, description="what the buyer pays for")
    price: Price | None = None
    per: ChargePeriod | None = Field(None, description="how often a recurring price falls due")
    unit_of_measure: Text | None = Field(None, description="what a price by usage counts")
    verdict: Verdict | None = Field(None, description="what the buyer said")
    state: ChargeItemState | None = Field(None, description="what came of it")
    notes: tuple[Note, ...] | None = None


class Charge(Model):
    """Put on an order, or on one of its items; silence until it is due counts as no."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    order_id: Text | None = Field(None, description="the order concerned, as a whole or in one item")
    item_id: Text | None = Field(None, description="the item concerned; absent when it is the order as a whole")
    state: ChargeState | None = None
    created_at: Instant | None = None
    response_due_at: Instant | None = Field(None, description="without an answer by then, the charge times out")
    cancellation_id: Text | None = Field(None, description="the cancellation that causes it")
    delivery_date_id: Text | None = Field(None, description="the change of date that causes it")
    items: tuple[ChargeItem, ...] = ()


def dump(charge: Charge) -> dict[str, Any]:
    """What was set, and nothing else."""
    return charge.model_dump(mode="json", by_alias=True, exclude_unset=True)
