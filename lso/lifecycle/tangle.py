"""Items that wait for each other and could never all be done. Pure.

Beginning and end of every item are looked at apart, since coordinated actions speak of one or the other: an end waits
for its beginning, a beginning for the ends of what the item stands on. Ends that only wait to come together do so.
"""

from __future__ import annotations

from lso.canonical.order import Order
from lso.lifecycle.sequence import coordinated, length, prerequisites

Node = tuple[str, str]  # ("start" or "finish", id of the item)
ENDS = {"start_to_start": ("start", "start"), "start_to_finish": ("start", "start"),  # not begun too early: sequence.py
        "finish_to_start": ("finish", "start"), "finish_to_finish": ("finish", "finish")}


def tangled(order: Order) -> tuple[str, ...]:
    """Items that wait for each other, directly or in a circle, in the order given; coordinated actions count."""
    after, together = _waits(order)
    waiting = set(after)
    while freed := ({node for node in waiting if not (after[node] | together[node]) & waiting}
                    or _joint(waiting, after, together)):
        waiting -= freed
    stuck = {item_id for _end, item_id in waiting}
    return tuple(item.id for item in order.items if item.id in stuck and item.id is not None)


def _waits(order: Order) -> tuple[dict[Node, set[Node]], dict[Node, set[Node]]]:
    """What each beginning and end comes after; and with what else it may come together, but not before."""
    needs = prerequisites(order)
    after: dict[Node, set[Node]] = {("start", name): {("finish", need) for need in ids} for name, ids in needs.items()}
    after |= {("finish", name): {("start", name)} for name in needs}
    together: dict[Node, set[Node]] = {node: set() for node in after}
    for waiting, awaited, wait in coordinated(order):
        first, second = ENDS[wait.dependency or "start_to_start"]
        if awaited in needs and waiting in needs:
            loose = second == "finish" and not length(wait.delay)
            (together if loose else after)[second, waiting].add((first, awaited))
    return after, together


def _joint(waiting: set[Node], after: dict[Node, set[Node]], together: dict[Node, set[Node]]) -> set[Node]:
    """Those that wait for nothing but for each other, and may come together."""
    joint = {node for node in waiting if not after[node] & waiting}
    while lonely := {node for node in joint if together[node] & waiting - joint}:
        joint -= lonely
    return joint
