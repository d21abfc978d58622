"""What items of orders, quotes and qualifications have in common: what each follows, what ties them, why one failed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lso.canonical.model import Model, Text

Action = Literal["add", "modify", "delete", "no_change"]


class ItemRelation(Model):
    """A tie to another item of the same request."""

    item_id: Text | None = None
    kind: Text | None = Field(None, description="from the vocabulary of the product: CONNECTS_TO_UNI")


class QuoteItem(Model):
    """The quoted item that an item follows."""

    quote_id: Text | None = None
    item_id: Text | None = None


class QualificationItem(Model):
    """The qualified item that an item follows."""

    qualification_id: Text | None = None
    item_id: Text | None = None
    alternate_id: Text | None = Field(None, description="the alternative chosen, where one was offered")


class ItemError(Model):
    """Why an item that had been accepted was given up."""

    code: Text | None = Field(None, description="an Error422 code")
    pointer: Text | None = Field(None, description="JSON Pointer into the document as it was submitted")
    reason: Text | None = None
