"""Lengths of time and commitments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lso.canonical.model import Model, Number, Text


class Duration(Model):
    """A length of time."""

    amount: Number | None = Field(None, description="how many units; MEF knows integers only")
    unit: Text | None = Field(None, description="calendar_months, _days, _hours, _minutes, business_days, _hours, "
                              "_minutes; else free text of a TM Forum client")


class Term(Model):
    """A commitment and what follows it."""

    name: Text | None = Field(None, description="name agreed with the buyer")
    description: Text | None = Field(None, description="for people")
    duration: Duration | None = Field(None, description="how long it binds")
    at_end: Literal["roll", "disconnect", "renew"] | None = Field(None, description="what happens when it runs out")
    roll: Duration | None = Field(None, description="length of each further stretch, with at_end roll")
