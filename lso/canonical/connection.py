"""A connection of the native API: what was asked for of it, one order each. What became of it is told by its product
and by these orders; nothing of that is repeated here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lso.canonical.model import Instant, Model, Text

WishState = Literal["wanted", "placed", "refused", "withdrawn", "stopping"]
"""withdrawn: not to be met any more, as the connection is to end. stopping: and its order is being cancelled."""


class WishError(Model):
    """Why a wish cannot be met. `pointer` leads into what the developer sent."""

    code: Text
    pointer: Text
    reason: Text


class Wish(Model):
    """Something asked for: a first order, a change, or the end."""

    order_id: Text = Field(description="id that the order gets: known beforehand, so that asking twice is asking once")
    action: Literal["add", "modify", "delete"]
    state: WishState = "wanted"
    asked_at: Instant
    effective_at: Instant | None = Field(None, description="when a change is to take effect")
    said: dict[str, Any] = Field(description="what the developer sent")
    body: dict[str, Any] | None = Field(None, description="the order as it is to be placed, complete, in the words of "
                                        "TMF622; gone once it is placed")
    errors: tuple[WishError, ...] = ()


class Connection(Model):
    """Its id is that of the product that it becomes."""

    id: Text
    created_at: Instant
    place_id: Text | None = Field(None, description="where it ends, until there is a product to tell it")
    description: Text | None = None
    wishes: tuple[Wish, ...] = Field((), description="the oldest first; of those that are over, only the last is kept")
