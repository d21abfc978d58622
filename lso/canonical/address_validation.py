"""The validation of an address: how does the seller know it? Answered at once, and not kept.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, StrictBool

from lso.canonical.address import Address
from lso.canonical.model import Model

ValidationResult = Literal["success", "partial", "fail"]


class AddressValidation(Model):
    """An address as submitted, and what the seller knows of it."""

    submitted: Address | None = None
    alternatives_wanted: StrictBool | None = Field(None, description="others that may be meant are to be shown")
    result: ValidationResult | None = Field(None, description="found; something like it; nothing")
    best_match: Address | None = None
    alternatives: tuple[Address, ...] | None = Field(None, description="others that may be meant, in no order")


def dump(validation: AddressValidation) -> dict[str, Any]:
    """What was set, and nothing else."""
    return validation.model_dump(mode="json", by_alias=True, exclude_unset=True)
