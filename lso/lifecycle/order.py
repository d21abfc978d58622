"""What may happen to an order: each decision takes one and returns the next, with the changes that were made.

Pure: no clock, no store. A decision either succeeds as a whole or raises IllegalTransition before anything is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import orjson

from lso.canonical.item import ItemError
from lso.canonical.order import Item, Order, dump
from lso.canonical.product import Product
from lso.lifecycle.machine import ITEM_MACHINE, IllegalTransition
from lso.lifecycle.rules import catalogue
from lso.lifecycle.sequence import Existing, dependants, ready
from lso.lifecycle.step import Change, Moved, moved_item, moved_order, told, with_
from lso.lifecycle.tangle import tangled

__all__ = ["Change", "Moved", "Outcome", "Refusal", "begin", "conclude", "instant", "ready", "settle"]

LEAD = timedelta(days=30)
OFFSET = "+00:00"
QUOTED = slice(1, len('"2026-01-31T12:00:00.000'))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an item cannot be done. `pointer` is canonical; whoever shows it translates it."""

    item_id: str
    code: str
    reason: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How work on an item ended. `product_id` is the id of what was made, by an add."""

    state: Literal["completed", "failed"]
    reason: str = ""
    code: str = "otherIssue"
    pointer: str = ""
    product_id: str | None = None


def begin(order: Order, refusals: Iterable[Refusal] = (), *, at: str, lead: timedelta = LEAD,
          assessed: Collection[str] | None = None) -> Moved:
    """Either every item is begun, with the date we expect to be done (R28), which is told, or none is and the order is
    rejected.

    assessed: ids of the items that were looked at, where that ended before all were; None when all were.
    """
    refused: dict[str, list[ItemError]] = {}
    for refusal in (*refusals, *_hopeless(order)):
        error = {"code": refusal.code, "pointer": refusal.pointer, "reason": refusal.reason}
        refused.setdefault(refusal.item_id, []).append(ItemError(**{k: v for k, v in error.items() if v}))
    if unknown := set(refused) - {item.id for item in order.items}:
        raise ValueError(f"refusals of items that the order does not have: {sorted(unknown)}")
    if not refused:
        started = tuple(with_(moved_item(item, "begin", at), expected_completion_at=_expected(order, item, at, lead))
                        for item in order.items)
        latest = max((item.expected_completion_at or "" for item in started), key=datetime.fromisoformat, default=at)
        begun = moved_order(with_(order, items=started, expected_completion_at=latest), "begin", at)
        dated = (Change("item_expected_completion", item.id, item.state or "", at) for item in started)
        return told(order, begun, at, *dated)
    ended = []
    for item in order.items:
        if item.id in refused:
            ended.append(with_(moved_item(item, "reject", at), errors=tuple(refused[item.id])))
        else:
            ended.append(moved_item(item, "pass_over" if assessed is None or item.id in assessed else "leave", at))
    rejected = with_(moved_order(with_(order, items=tuple(ended)), "reject", at), completed_at=at)
    return told(order, rejected, at)


def settle(order: Order, item_id: str, outcome: Outcome, *, at: str, existing: Existing | None = None) -> Moved:
    """The end of one item, of those that cannot be without it, and of the order when it was the last (R48, R61)."""
    lost = dependants(order, item_id, existing) if outcome.state == "failed" else frozenset()
    if item_id not in {item.id for item in order.items}:
        raise IllegalTransition("item", "", outcome.state)
    items = []
    for item in order.items:
        if item.id == item_id:
            items.append(_ended(item, outcome, at))
        elif item.id in lost and item.state not in ITEM_MACHINE.ends:
            items.append(_ended(item, Outcome("failed", f"item {item_id}, which this one depends on, failed"), at))
        else:
            items.append(item)
    return told(order, conclude(with_(order, items=tuple(items)), at=at), at)


def conclude(order: Order, *, at: str) -> Order:
    """The order, ended if its items have and it is in progress; else as it was."""
    states = {item.state for item in order.items}
    if order.state != "in_progress" or not states <= ITEM_MACHINE.ends:
        return order
    move = "fail" if "completed" not in states else "complete" if states == {"completed"} else "end_in_parts"
    return with_(moved_order(order, move, at), completed_at=at)


def instant(moment: datetime) -> str:
    """A moment as the canonical model spells it."""
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    if not at.microsecond:
        return f"{at.isoformat(timespec='milliseconds')[:-len(OFFSET)]}Z"
    return f"{orjson.dumps(at, option=orjson.OPT_UTC_Z)[QUOTED].decode()}Z"  # in a third of the time


def _hopeless(order: Order) -> list[Refusal]:
    """What can be seen from the order alone, and was no reason to refuse it at the door."""
    found = []
    for finding in catalogue().examine_later(dump(order)):
        item_id = order.items[int(finding.pointer.split("/")[2])].id
        if item_id is not None:
            found.append(Refusal(item_id, finding.code, finding.reason, finding.pointer))
    waiting = tangled(order)
    for index, item in enumerate(order.items):
        if item.id in waiting:
            reason = "the item waits, over others, for itself"
            found.append(Refusal(item.id, "invalidValue", reason, f"/items/{index}/relations"))
    return found


def _expected(order: Order, item: Item, at: str, lead: timedelta) -> str:
    """Not before the lead time, not before it is wanted."""
    soonest = instant(datetime.fromisoformat(at) + lead)
    wanted = item.requested_completion_at or order.requested_completion_at
    return wanted if wanted and datetime.fromisoformat(wanted) > datetime.fromisoformat(soonest) else soonest


def _ended(item: Item, outcome: Outcome, at: str) -> Item:
    if outcome.state == "completed":
        done = with_(moved_item(item, "complete", at), completed_at=at)
        if outcome.product_id is None:
            return done
        return with_(done, product=with_(item.product or Product.model_validate({}), id=outcome.product_id))
    error = {"code": outcome.code, "pointer": outcome.pointer, "reason": outcome.reason}
    failed = moved_item(item, "fail", at, outcome.reason)
    return with_(failed, errors=(ItemError(**{k: v for k, v in error.items() if v}),))
