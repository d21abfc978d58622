"""How a decision is carried out on an order: states obeyed, histories written, barred members gone, changes told.

The small tools that `order.py`, `interruption.py`, `cancellation.py` and `delivery_date.py` share; what to do is
decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from lso.canonical.event import EventKind
from lso.canonical.model import Model
from lso.canonical.order import Item, ItemChange, Order, OrderChange
from lso.lifecycle.machine import ITEM_MACHINE, ORDER_MACHINE
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS

M = TypeVar("M", bound=Model)


@dataclass(slots=True)
class Change:
    """One thing that happened, as an event will tell it."""

    kind: EventKind
    item_id: str | None
    state: str
    at: str
    previous: str | None = None
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The order after a decision, and what changed."""

    order: Order
    changes: tuple[Change, ...]


def moved_item(item: Item, move: str, at: str, reason: str = "") -> Item:
    """The item after a move, without the members that its new state bars."""
    state = ITEM_MACHINE.after(item.state, move)
    entry = ItemChange.model_validate({"state": state, "at": at} | ({"reason": reason} if reason else {}))
    return with_(_without(item, ITEM_MEMBERS[state][1]), state=state, history=(*(item.history or ()), entry))


def moved_order(order: Order, move: str, at: str, reason: str = "") -> Order:
    """The order after a move, likewise; its items are as they were."""
    state = ORDER_MACHINE.after(order.state, move)
    entry = OrderChange.model_validate({"state": state, "at": at} | ({"reason": reason} if reason else {}))
    return with_(_without(order, ORDER_MEMBERS[state][1]), state=state, history=(*(order.history or ()), entry))


def with_items(order: Order, change: Callable[[Item], Item]) -> Order:
    """The order with every item changed as the function says."""
    return with_(order, items=tuple(change(item) for item in order.items))


def with_(model: M, **members: Any) -> M:
    """The model with these members."""
    return model.model_copy(update=members)


def told(before: Order, after: Order, at: str, *more: Change) -> Moved:
    """What differs: the order's beginning is told before its items', its end after theirs; `more` in between."""
    items = [Change("item_state", new.id, new.state, at, old.state)
             for old, new in zip(before.items, after.items, strict=True) if new.state and new.state != old.state]
    order = ([Change("order_state", None, after.state, at, before.state)]
             if after.state and after.state != before.state else [])
    over = after.state in ORDER_MACHINE.ends
    return Moved(after, (*items, *more, *order) if over else (*order, *items, *more))


def then(moved: Moved, *steps: Callable[[Order], Moved]) -> Moved:
    """One decision after another, as one: all changes, in the order in which they were made."""
    changes: Iterable[Change] = moved.changes
    for step in steps:
        moved = step(moved.order)
        changes = (*changes, *moved.changes)
    return Moved(moved.order, tuple(changes))


def _without(model: M, names: Collection[str]) -> M:
    """The model as if these members had never been set: copying cannot unset."""
    if not (gone := model.model_fields_set & set(names)):
        return model
    kept = {name: getattr(model, name) for name in model.model_fields_set - gone}
    return cast("M", type(model).model_construct(_fields_set=set(kept), **kept))
