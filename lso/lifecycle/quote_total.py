"""What a quote as a whole says of its prices: how binding they are, and what they come to. Pure, and exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lso.canonical.price import number
from lso.lifecycle.quote_states import BUDGETARY

Document = dict[str, Any]
SUMMED = ("recurring", "non_recurring")


def summed(quote: Document) -> Document:
    """How binding the whole is, as its least binding item (MEF 115 R33-R35), and what it costs where sums make sense:
    once, and per period, in one currency each."""
    doubtful = False
    amounts: dict[tuple[str, str, str], list[int | float]] = {}
    for item in quote["items"]:
        doubtful = doubtful or bool(item.get("subject_to_feasibility"))
        for price in item.get("prices", ()):
            kind, net = price.get("kind"), price.get("net")
            if kind in SUMMED and net and "value" in net and "currency" in net:
                amounts.setdefault((kind, price.get("per") or "", net["currency"]), []).append(net["value"])
    found: Document = {"level": BUDGETARY if quote.get("requested_level") == BUDGETARY else
                       "firm_subject_to_feasibility" if doubtful else "firm"}
    if amounts:
        found["total_prices"] = [_total(*sorts, amounts[sorts]) for sorts in sorted(amounts)]
    return found


def _total(kind: str, per: str, currency: str, amounts: Sequence[int | float]) -> Document:
    total: Document = {"name": "Total", "kind": kind}
    if per:
        total["per"] = per
    total["net"] = {"value": _sum(tuple(amounts)), "currency": currency}
    return total


@lru_cache(maxsize=1024)
def _sum(amounts: tuple[int | float, ...]) -> int | float:
    """Exact. Amounts are those of a price book, mostly, and have been added up before."""
    return number(sum((Decimal(str(one)) for one in amounts), Decimal()))
