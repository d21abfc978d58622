"""What an item of a quote is offered at: from what a back end says, or from the price book, to the members of the item.

An offer is an alternate when its term is another than was wished, or its installation takes longer (MEF 80 R47, R48,
R60, R69). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.postal import country_of, fold
from lso.lifecycle.pricing import Priced, months
from lso.lifecycle.spot import Spot

Document = dict[str, Any]
BOOK = "Prices are those of the price book."
DAY = 1440
# What a business day or hour is, both sides agree on (MEF 115 R65); here five days of eight hours a week.
MINUTES = {"calendar_months": 30 * DAY, "calendar_days": DAY, "calendar_hours": 60, "calendar_minutes": 1,
           "business_days": 7 * DAY / 5, "business_hours": 7 * DAY / 40, "business_minutes": 7 * DAY / 2400}


class PlaceClass(BaseModel):
    """A class of places, for their prices: those whose id begins so, or which lie there. The first that fits counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    prefix: str | None = None
    country: str | None = None
    city: str | None = None

    def holds(self, spot: Spot) -> bool:
        """Whether what is known of a place makes it one of this class; the prefix is that of its own id, or of the
        address where it is."""
        tests = ((self.prefix, any(id.startswith(self.prefix or "") for id in (spot.id, spot.address) if id)),
                 (self.country, country_of(self.country) == spot.postal.country != ""),
                 (self.city, fold(self.city) == spot.postal.town != ""))
        return all(fits for wanted, fits in tests if wanted is not None)


class QuoteTerms(BaseModel):
    """What was agreed with a tenant about quotes: the member `quote` of the settings of its profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_seconds: float = Field(30 * 86400, gt=0, description="for how long a quote can be ordered by")
    expected_seconds: float = Field(3600, ge=0, description="when a deferred quote is expected")
    place_classes: tuple[PlaceClass, ...] = ()
    qualification_required: bool = Field(False, description="items follow a qualification (MEF 115 O1)")

    def class_of(self, spots: Iterable[Spot]) -> str | None:
        """The class of the place where a product stands."""
        there = tuple(spots)
        return next((one.name for one in self.place_classes for spot in there if one.holds(spot)), None)


def from_book(priced: Priced, item: Mapping[str, Any]) -> Quotation:
    """What the book says, as a back end would."""
    wanted = item.get("requested_term")
    terms: tuple[Document, ...] = ()
    if priced.term_months is not None and priced.term_months != months((wanted or {}).get("duration")):
        duration = {"amount": priced.term_months, "unit": "calendar_months"}
        kept = {name: wanted[name] for name in ("at_end", "roll") if name in wanted} if wanted else {}
        terms = ({"at_end": "disconnect", **kept, "name": f"{priced.term_months} months", "duration": duration},)
    elif wanted:
        terms = (wanted,)
    interval = None if priced.interval_days is None else {"amount": priced.interval_days, "unit": "calendar_days"}
    return Quotation(prices=priced.prices, terms=terms, interval=interval,
                     subject_to_feasibility=priced.subject_to_feasibility, source=BOOK)


def later(offered: Mapping[str, Any] | None, wished: Mapping[str, Any] | None) -> bool:
    """Whether an offered interval is longer than the one that was wished for."""
    most = _minutes(wished)
    if most is None:
        return False
    length = _minutes(offered)
    return length is not None and length > most


def another(offered: tuple[Document, ...], wished: Mapping[str, Any] | None) -> bool:
    """Whether the term on offer is not the one that was wished for."""
    if not offered or wished is None or "duration" not in wished:
        return False
    if offered[0] is wished:
        return False
    length = _length(wished["duration"])
    return all(_length(term.get("duration")) != length for term in offered)


def _length(duration: Mapping[str, Any] | None) -> tuple[Any, Any]:
    return ((duration or {}).get("amount"), (duration or {}).get("unit"))


def _minutes(duration: Mapping[str, Any] | None) -> float | None:
    if not duration:
        return None
    unit, amount = duration.get("unit"), duration.get("amount")
    return amount * MINUTES[unit] if isinstance(amount, int | float) and unit in MINUTES else None
