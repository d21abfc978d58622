"""What the pretend network says to questions that come before an order; pure. Which places and products make it answer
so is in rules.yaml."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lso.backends.sandbox.rules import Reading, Rules
from lso.lifecycle.ports.back_end import ServiceRequest
from lso.lifecycle.ports.question import Alternate, Feasibility

Document = dict[str, Any]
NAMED = ("offering_id", "specification_id", "schema")


def refusal(request: ServiceRequest, reading: Reading, rules: Rules) -> str | None:
    """Why so much cannot be done where less could; None where that is not the matter, or not sure."""
    if request.action == "delete" or "yellow" in reading.demands or not _too_much(reading):
        return None
    return rules.demands.reason("alternate")


def survey(request: ServiceRequest, refused: str | None, reading: Reading, rules: Rules, now: float) -> Feasibility:
    """The answer to a question; refused: why it would not do this, if it would not. reading: of its product."""
    demands = reading.demands
    if (left := (request.asked_at or now) + demands.get("think", 0.0) - now) > 0:
        return Feasibility(look_again_seconds=left)
    alternates = (_slower(request, demands["alternate"], rules),) if _too_much(reading) else ()
    if refused is not None:
        return Feasibility("none", refused, alternates=alternates)
    until = datetime.fromtimestamp(now, UTC) + timedelta(days=rules.demands.survey["guaranteed_days"])
    unsure, stands = "yellow" in demands, until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Feasibility("low" if unsure else "high", rules.demands.reason("yellow") if unsure else "",
                       dict(rules.demands.survey["interval"]), stands, alternates)


def _too_much(reading: Reading) -> bool:
    return "alternate" in reading.demands and reading.need.mbps > reading.demands["alternate"]


def _slower(request: ServiceRequest, mbps: float, rules: Rules) -> Alternate:
    """The same product, as fast as it can be there."""
    product = request.product
    slower: Document = {name: product[name] for name in NAMED if name in product}
    return Alternate(slower | {"configuration": rules.capped(product.get("configuration", {}), mbps)},
                     dict(rules.demands.survey["interval"]))
