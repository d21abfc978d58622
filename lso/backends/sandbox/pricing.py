"""What the pretend network says to the question for a price; pure. It has prices only where a product asks for them,
as rules.yaml says; for the rest it has none, and whoever asks looks into a price book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lso.backends.sandbox.rules import Reading, Rules
from lso.canonical.price import number
from lso.lifecycle.ports.back_end import ServiceRequest
from lso.lifecycle.ports.question import Quotation

Document = dict[str, Any]


def quote(request: ServiceRequest, item: Document, reading: Reading, rules: Rules, now: float) -> Quotation | None:
    """The answer; None when the network has no price. reading: of the product."""
    demands, asked_at = reading.demands, request.asked_at or now
    if not demands:
        return None
    if (left := asked_at + demands.get("slow_price", 0.0) - now) > 0:
        return Quotation(look_again_seconds=left)
    if "unpriced" in demands:
        return Quotation(refused=rules.demands.reason("unpriced"))
    if demands.keys().isdisjoint({"priced", "draft_price", "lengthy", "doubtful"}):
        return None
    kept, moving = rules.demands.pricing, asked_at + demands.get("draft_price", 0.0) - now
    mbps = Decimal(str(reading.need.mbps))
    wished = item.get("requested_term")
    return Quotation(
        prices=tuple(_price(row, mbps) for row in kept["prices"]), terms=(wished,) if wished else (),
        interval=dict(kept["lengthy" if "lengthy" in demands else "interval"]),
        subject_to_feasibility="doubtful" in demands, draft=moving > 0,
        look_again_seconds=moving if moving > 0 else None, source=kept["source"])


def _price(row: Document, mbps: Decimal) -> Document:
    """A price of rules.yaml: so much, and so much more a Mbit/s."""
    amount = Decimal(row["amount"]) + Decimal(row.get("per_mbps", "0")) * mbps
    named: Document = {name: row[name] for name in ("name", "kind", "per") if name in row}
    return {**named, "net": {"value": number(amount), "currency": row["currency"]}}
