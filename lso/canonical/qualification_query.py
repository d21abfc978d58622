"""The query: what can be had at a place at all? TM Forum's question; MEF asks product by product (`qualification.py`).

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, StrictBool

from lso.canonical.contact import Contact
from lso.canonical.model import Instant, Model, Text
from lso.canonical.qualification import QualificationState, QualifiedProduct


class QueryItem(Model):
    """What is looked for, or one thing that was found."""

    id: Text | None = None
    product: QualifiedProduct | None = None
    wanted_by: Instant | None = Field(None, description="when the buyer wants it available")
    expected_activation_at: Instant | None = Field(None, description="when the buyer wants it activated")
    category_id: Text | None = Field(None, description="category of services, where a dialect has one")
    guaranteed_until: Instant | None = Field(None, description="until when the seller stands by it")


class QualificationQuery(Model):
    """What is looked for, and all that was found."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    external_id: Text | None = Field(None, description="number given by the buyer")
    description: Text | None = None
    state: QualificationState | None = None
    instant: StrictBool | None = Field(None, description="the result has to be in the answer itself")
    asked_at: Instant | None = None
    requested_completion_at: Instant | None = Field(None, description="when the buyer wants the result")
    expected_completion_at: Instant | None = Field(None, description="when the seller expects to have one")
    effective_at: Instant | None = Field(None, description="when the result was ready")
    expires_at: Instant | None = Field(None, description="until when the result holds")
    contacts: tuple[Contact, ...] | None = None
    criteria: QueryItem | None = Field(None, description="what is looked for")
    items: tuple[QueryItem, ...] | None = Field(None, description="what was found; none is an empty list")


def dump(query: QualificationQuery) -> dict[str, Any]:
    """What was set, and nothing else."""
    return query.model_dump(mode="json", by_alias=True, exclude_unset=True)
