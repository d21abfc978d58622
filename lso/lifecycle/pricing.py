"""From the rows of a price book to what an item costs. Pure, and exact: amounts are decimals until they are written.

Terms first: the one nearest to what was asked for (MEF 115 R40), the shorter of two that are equally near. Then each
line of the quote by the row that fits most narrowly: of the tenant before everybody's, of the class of the place before
any place, the lowest tier that holds the bandwidth before a higher one, of the term before any term.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from lso.canonical.glance import Glance
from lso.canonical.price import number
from lso.canonical.price_row import EVERYBODY, PriceList, PriceRow

Document = dict[str, Any]
MBPS = {"BPS": Decimal("0.000001"), "KBPS": Decimal("0.001"), "MBPS": Decimal(1), "GBPS": Decimal(1000),
        "TBPS": Decimal(1_000_000)}
ON_CHANGE = ("add", "modify")
ENDLESS = Decimal("Infinity")
CENT = Decimal("0.01")


class Sought(NamedTuple):
    """What is to be priced. term_months: None when any will do."""

    action: str = "add"
    place_class: str | None = None
    mbps: Decimal | None = None
    term_months: int | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What it costs; prices are canonical. term_months, interval_days: None where the book leaves them open."""

    prices: tuple[Document, ...]
    term_months: int | None
    interval_days: int | None
    subject_to_feasibility: bool


def price(rows: Sequence[PriceRow], sought: Sought) -> Priced | None:
    """What is sought, priced; None when the book has nothing that fits, or has a line whose tiers all end below it: who
    has no price for so much would give it away."""
    there = [row for row in rows if _there(row, sought)]
    fitting = [row for row in there if _holds(row, sought)]
    term = _term(fitting, sought.term_months)
    chosen: dict[tuple[str, ...], PriceRow] = {}
    for row in sorted((row for row in fitting if row.term_months in (None, term)), key=_breadth):
        chosen.setdefault(row.line, row)
    if not chosen or {row.line for row in there if row.term_months in (None, term)} - set(chosen):
        return None
    lines = sorted(chosen.values(), key=lambda row: (row.kind != "recurring", row.kind, row.name))
    days = [row.interval_days for row in lines if row.interval_days is not None]
    return Priced(tuple(map(written, lines)), term, max(days, default=None),
                  any(row.subject_to_feasibility for row in lines))


@lru_cache(maxsize=4096)
def listed(prices: PriceList, sought: Sought) -> Priced | None:
    """The same by a list that is kept: most of what is asked for has been asked for before."""
    return price(prices.rows, sought)


def written(row: PriceRow) -> Document:
    """The canonical price of a row."""
    said: Document = {"name": row.name, "kind": row.kind, "net": _money(row.amount, row.currency)}
    if row.tax_rate is not None:
        gross = row.amount + row.amount * row.tax_rate / 100
        rounded = gross if gross == gross.quantize(CENT) else gross.quantize(CENT, ROUND_HALF_EVEN)
        said |= {"tax_rate": number(row.tax_rate), "gross": _money(rounded, row.currency)}
    return said | {name: value for name, value in (("per", row.per), ("unit_of_measure", row.unit)) if value}


def bandwidth(configuration: Any) -> Decimal | None:
    """The largest information rate of a configuration, in Mbit/s; None where there is none."""
    rates = {(one["irValue"], unit) for one in Glance(configuration).holding("irValue")
             if type(one["irValue"]) in (int, float) and type(unit := one.get("irUnits")) is str and unit in MBPS}
    return max([_mbps(value, unit) for value, unit in rates], default=None)


@lru_cache(maxsize=1024)
def _mbps(value: float, unit: str) -> Decimal:
    """A rate in Mbit/s. Lines come in few sizes."""
    return Decimal(str(value)) * MBPS[unit]


def months(duration: Mapping[str, Any] | None) -> int | None:
    """A duration in months; None for what no number of months is."""
    if duration is None or duration.get("unit") != "calendar_months":
        return None
    amount = duration.get("amount")
    return int(amount) if isinstance(amount, int | float) and amount == int(amount) else None


def _there(row: PriceRow, sought: Sought) -> bool:
    """Whether a row is about such an action at such a place."""
    return (sought.action in ((row.action,) if row.action else ON_CHANGE)
            and row.place_class in (None, sought.place_class))


def _holds(row: PriceRow, sought: Sought) -> bool:
    """Whether the tier of a row is wide enough."""
    return row.up_to_mbps is None or (sought.mbps is not None and sought.mbps <= row.up_to_mbps)


def _term(rows: Iterable[PriceRow], wanted: int | None) -> int | None:
    """The term of those rows that is nearest to the one wanted; what holds for every term holds for that one."""
    rows = tuple(rows)
    terms = {row.term_months for row in rows if row.term_months is not None}
    if not terms or (wanted in terms):
        return wanted
    return min(terms) if wanted is None else min(terms, key=lambda term: (abs(term - wanted), term))


def _breadth(row: PriceRow) -> tuple[bool, bool, Decimal, bool, bool]:
    tier = ENDLESS if row.up_to_mbps is None else row.up_to_mbps
    return row.tenant == EVERYBODY, row.place_class is None, tier, row.term_months is None, row.action is None


def _money(amount: Decimal, currency: str) -> Document:
    return {"value": number(amount), "currency": currency}
