"""In which order the items of an order are worked on. Pure: reads relations, never the world.

An item that relates to another one (CONNECTS_TO_UNI) stands on it: what is stood on is made first and removed last.
A relation counts whether it names an item of the same order or a product that another item of the order concerns; for
products that are to be removed, which say nothing about themselves, the relations known to the inventory are given.

Coordinated actions (MEF 123, MEFOrderItemCoordinatedAction) are about time, not need: they hold an item back until the
other one has begun or ended, plus a delay, and are satisfied by any end, also a bad one. Who waits for whom is told in
two ways by MEF's table and by its own words on the object; we follow the latter and the names: the first word is about
the other item, the second about this one, which keeps to the second word by not starting too early (judgement).
Only of finish_to_finish more can be meant: back ends end when they end, but an item counts as completed, for its buyer
and on his bills, when it may: what was done too early is taken note of when the other item has ended, plus the delay.
Items that are to end together, each with the other, do so when the last of them is done.

An order may say when it is to start (TM Forum's requestedStartDate): nothing of it is begun before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from lso.canonical.order import Coordination, Item, Order
from lso.canonical.term import Duration
from lso.lifecycle.machine import ITEM_MACHINE

Existing = Mapping[str, tuple[str, ...]]
"""Product id -> ids of the products it relates to, as far as the inventory knows."""

UNIT: Mapping[str, timedelta] = {
    "months": timedelta(days=30), "days": timedelta(days=1),
    "hours": timedelta(hours=1), "minutes": timedelta(minutes=1),
}
LONGEST = timedelta(days=36_525)  # nobody waits longer, and a moment cannot be further away than the year 9999


def prerequisites(order: Order, existing: Existing | None = None) -> dict[str, frozenset[str]]:
    """For each item id, the items that must be completed before it can be."""
    existing = existing or {}
    items = {item.id: item for item in order.items if item.id is not None}
    concerned = {item.product.id: item.id for item in items.values() if item.product and item.product.id and item.id}
    needs: dict[str, set[str]] = {item_id: set() for item_id in items}
    for item in items.values():
        for target_id in _stands_on(item, concerned, existing):
            target = items.get(target_id)
            if item.id is None or target is None or target_id == item.id:
                continue
            if target.action == "delete":
                needs[target_id].add(item.id)
            elif item.action != "delete":
                needs[item.id].add(target_id)
    return {item_id: frozenset(ids) for item_id, ids in needs.items()}


def dependants(order: Order, item_id: str, existing: Existing | None = None) -> frozenset[str]:
    """The items that cannot be completed when this one is not, at any remove."""
    needs = prerequisites(order, existing)
    lost, found = {item_id}, True
    while found:
        more = {other for other, ids in needs.items() if ids & lost} - lost
        lost |= more
        found = bool(more)
    return frozenset(lost - {item_id})


def ready(order: Order, *, at: datetime, existing: Existing | None = None,
          started: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Ids of the items that may be worked on now, in the order given; those begun before are among them.

    started: when work on an item began, for items that another one may only follow.
    """
    begun = started or {}
    early = (start := _start(order)) is not None and at < start
    needs, items = prerequisites(order, existing), {item.id: item for item in order.items}
    held_back = {waiting for waiting, awaited, wait in _waits(order)
                 if not _over(items.get(awaited), wait, at, begun)}
    open_ids = [item.id for item in order.items if item.state == "in_progress" and item.id is not None]
    free = [item_id for item_id in open_ids
            if item_id not in held_back and (not early or item_id in begun)
            and all(_completed(items.get(need)) for need in needs[item_id])]
    return tuple(free)


def next_moment(order: Order, *, at: datetime, started: Mapping[str, str] | None = None) -> datetime | None:
    """When the order is to start or a delay between items runs out next; None when nothing waits for the clock."""
    items = {item.id: item for item in order.items}
    moments = [moment + length(wait.delay) for _, awaited, wait in (*_waits(order), *_ends(order))
               if (moment := _reached(items.get(awaited), wait, started or {})) is not None]
    if (start := _start(order)) is not None:
        moments.append(start)
    return min((moment for moment in moments if moment > at), default=None)


def endable(order: Order, done: Collection[str], *, at: datetime) -> frozenset[str]:
    """Of the items that are done, those that may end now: not before the items with which they are to end."""
    items, free = {item.id: item for item in order.items}, set(done)
    settled = False
    while not settled:
        held_back = {waiting for waiting, awaited, wait in _ends(order)
                     if waiting in free and (awaited not in free or length(wait.delay))
                     and not _over(items.get(awaited), wait, at, {})}
        free -= held_back
        settled = not held_back
    return frozenset(free)


def length(duration: Duration | None) -> timedelta:
    """A duration as time: a month is thirty days and a business day a day, until onboarding says otherwise (R109)."""
    if duration is None or duration.amount is None:
        return timedelta()
    unit = UNIT.get((duration.unit or "").rpartition("_")[2])
    if unit is None:
        return timedelta()
    return unit * float(max(-LONGEST / unit, min(LONGEST / unit, duration.amount)))


def _start(order: Order) -> datetime | None:
    return datetime.fromisoformat(order.requested_start_at) if order.requested_start_at else None


def _stands_on(item: Item, concerned: Mapping[str, str], existing: Existing) -> Iterator[str]:
    yield from (relation.item_id for relation in item.relations or () if relation.item_id is not None)
    if item.product is None:
        return
    named = [relation.product_id for relation in item.product.relations or ()]
    for product_id in (*named, *existing.get(item.product.id or "", ())):
        if product_id is not None and product_id in concerned:
            yield concerned[product_id]


def coordinated(order: Order) -> Iterator[tuple[str, str, Coordination]]:
    """Every coordinated action: the item that waits, the item that is waited for, and how."""
    for item in order.items:
        for wait in item.coordination or ():
            if item.id is not None and wait.item_id is not None and wait.dependency is not None:
                yield item.id, wait.item_id, wait


def _waits(order: Order) -> Iterator[tuple[str, str, Coordination]]:
    """Who waits for whom before it begins."""
    return (wait for wait in coordinated(order) if wait[2].dependency != "finish_to_finish")


def _ends(order: Order) -> Iterator[tuple[str, str, Coordination]]:
    """Who waits for whom before it ends."""
    return (wait for wait in coordinated(order) if wait[2].dependency == "finish_to_finish")


def _over(awaited: Item | None, wait: Coordination, at: datetime, started: Mapping[str, str]) -> bool:
    if awaited is None:
        return True
    moment = _reached(awaited, wait, started)
    return moment is not None and moment + length(wait.delay) <= at


def _reached(awaited: Item | None, wait: Coordination, started: Mapping[str, str]) -> datetime | None:
    """When the awaited item began or ended, whichever the coordination is about."""
    if awaited is None or awaited.id is None:
        return None
    if wait.dependency in ("start_to_start", "start_to_finish") and awaited.id in started:
        return datetime.fromisoformat(started[awaited.id])
    if awaited.state in ITEM_MACHINE.ends and awaited.history and awaited.history[-1].at:
        return datetime.fromisoformat(awaited.history[-1].at)
    return None


def _completed(item: Item | None) -> bool:
    return item is None or item.state == "completed"
