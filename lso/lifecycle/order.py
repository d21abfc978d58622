"""What may happen to an order: each decision takes one and returns the next, with the changes that were made.

Pure: no clock, no store. A decision either succeeds as a whole or raises IllegalTransition before anything is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from lso.canonical.event import EventKind
from lso.canonical.model import Model
from lso.canonical.order import Item, ItemChange, ItemError, Order, OrderChange, dump
from lso.canonical.product import Product
from lso.lifecycle.machine import ITEM_MACHINE, ORDER_MACHINE, IllegalTransition
from lso.lifecycle.rules import catalogue
from lso.lifecycle.sequence import Existing, dependants, ready, tangled
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS

__all__ = ["Change", "Moved", "Outcome", "Refusal", "begin", "conclude", "instant", "ready", "settle"]

LEAD = timedelta(days=30)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, as an event will tell it."""

    kind: EventKind
    item_id: str | None
    state: str
    at: str
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The order after a decision, and what changed."""

    order: Order
    changes: tuple[Change, ...]


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
    """Either every item is begun, with the date we expect to be done (R28), or none is and the order is rejected.

    assessed: ids of the items that were looked at, where that ended before all were; None when all were.
    """
    refused: dict[str, list[ItemError]] = {}
    for refusal in (*refusals, *_hopeless(order)):
        error = {"code": refusal.code, "pointer": refusal.pointer, "reason": refusal.reason}
        refused.setdefault(refusal.item_id, []).append(ItemError(**{k: v for k, v in error.items() if v}))
    if unknown := set(refused) - {item.id for item in order.items}:
        raise ValueError(f"refusals of items that the order does not have: {sorted(unknown)}")
    if not refused:
        started = tuple(_with(_item(item, "begin", at), expected_completion_at=_expected(order, item, at, lead))
                        for item in order.items)
        latest = max((item.expected_completion_at or "" for item in started), key=datetime.fromisoformat, default=at)
        begun = _order(_with(order, items=started, expected_completion_at=latest), "begin", at)
        return _moved(order, begun, at)
    ended = []
    for item in order.items:
        if item.id in refused:
            ended.append(_with(_item(item, "reject", at), errors=tuple(refused[item.id])))
        else:
            ended.append(_item(item, "pass_over" if assessed is None or item.id in assessed else "leave", at))
    rejected = _with(_order(_with(order, items=tuple(ended)), "reject", at), completed_at=at)
    return _moved(order, rejected, at)


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
    return _moved(order, conclude(_with(order, items=tuple(items)), at=at), at)


def conclude(order: Order, *, at: str) -> Order:
    """The order, ended if its items have and it is in progress; else as it was."""
    states = {item.state for item in order.items}
    if order.state != "in_progress" or not states <= ITEM_MACHINE.ends:
        return order
    move = "fail" if "completed" not in states else "complete" if states == {"completed"} else "end_in_parts"
    return _with(_order(order, move, at), completed_at=at)


def instant(moment: datetime) -> str:
    """A moment as the canonical model spells it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
        done = _with(_item(item, "complete", at), completed_at=at)
        if outcome.product_id is None:
            return done
        return _with(done, product=_with(item.product or Product.model_validate({}), id=outcome.product_id))
    error = {"code": outcome.code, "pointer": outcome.pointer, "reason": outcome.reason}
    return _with(_item(item, "fail", at, outcome.reason), errors=(ItemError(**{k: v for k, v in error.items() if v}),))


def _item(item: Item, move: str, at: str, reason: str = "") -> Item:
    """The item after a move, without the members that its new state bars."""
    state = ITEM_MACHINE.after(item.state, move)
    entry = ItemChange.model_validate({"state": state, "at": at} | ({"reason": reason} if reason else {}))
    return _with(_without(item, ITEM_MEMBERS[state][1]), state=state, history=(*(item.history or ()), entry))


def _order(order: Order, move: str, at: str) -> Order:
    state = ORDER_MACHINE.after(order.state, move)
    entry = OrderChange.model_validate({"state": state, "at": at})
    return _with(_without(order, ORDER_MEMBERS[state][1]), state=state, history=(*(order.history or ()), entry))


def _with(model: M, **members: Any) -> M:
    return model.model_copy(update=members)


def _without(model: M, names: Collection[str]) -> M:
    """The model as if these members had never been set: copying cannot unset."""
    if not (gone := model.model_fields_set & set(names)):
        return model
    kept = {name: getattr(model, name) for name in model.model_fields_set - gone}
    return cast("M", type(model).model_construct(_fields_set=set(kept), **kept))


def _moved(before: Order, after: Order, at: str) -> Moved:
    """What differs: the order's beginning is told before its items', its end after theirs."""
    items = [Change("item_state", new.id, new.state, at, old.state)
             for old, new in zip(before.items, after.items, strict=True) if new.state and new.state != old.state]
    order = ([Change("order_state", None, after.state, at, before.state)]
             if after.state and after.state != before.state else [])
    over = after.state in ORDER_MACHINE.ends
    return Moved(after, tuple([*items, *order] if over else [*order, *items]))
