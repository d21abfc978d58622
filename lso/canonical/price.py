"""What something costs: amounts of money, with and without tax, and how often they fall due."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from lso.canonical.model import Model, Number, Text

PriceKind = Literal["recurring", "non_recurring", "usage"]
ChargePeriod = Literal["hour", "day", "week", "month", "year"]


class Money(Model):
    """An amount in a currency."""

    value: Number | None = None
    currency: Text | None = Field(None, description="ISO 4217")


class Price(Model):
    """One price; what it is paid for and how often stands beside it."""

    net: Money | None = Field(None, description="without tax; for usage, of one unit")
    gross: Money | None = Field(None, description="with tax")
    tax_rate: Number | None = Field(None, description="per cent")


class ProductPrice(Price):
    """A price of a product or part of one: what it is for, and how often it falls due."""

    name: Text | None = None
    description: Text | None = Field(None, description="for people")
    kind: PriceKind | None = None
    per: ChargePeriod | None = Field(None, description="how often a recurring price falls due")
    unit_of_measure: Text | None = Field(None, description="what a price by usage counts")


def number(amount: Decimal) -> int | float:
    """A decimal as JSON spells it; of fifteen digits none is lost."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
