"""What a back end tells on the way: milestones that were reached, and when it will be done. Pure.

What is told again changes nothing. A date that is another than before comes with a note that explains it (R50).
"""

from __future__ import annotations

from datetime import datetime

from lso.canonical.contact import Note
from lso.canonical.order import Item, Milestone, Order
from lso.lifecycle.ports.back_end import Progress, Reached
from lso.lifecycle.step import Change, Moved, with_, with_items

UNSAID = "The date was changed by those who do the work."


def report(order: Order, item_id: str, progress: Progress, *, at: str, author: str) -> Moved:
    """The order with what is new about an item that is being worked on."""
    item = next(item for item in order.items if item.id == item_id)
    known = {milestone.name for milestone in item.milestones or ()}
    new = [one for one in progress.milestones if one.name not in known]
    changes = [Change("item_milestone", item_id, item.state or "", at, milestone=one.name) for one in new]
    if new:
        reached = (*(item.milestones or ()), *map(_milestone, new))
        order = with_items(order, lambda one: with_(one, milestones=reached) if one.id == item_id else one)
    expected = progress.expected_completion_at
    if expected and not _same(expected, item.expected_completion_at):
        order = expect(order, item_id, expected, progress.expected_reason or UNSAID, at=at, author=author)
        changes.append(Change("item_expected_completion", item_id, item.state or "", at))
    return Moved(order, tuple(changes))


def expect(order: Order, item_id: str | None, moment: str, reason: str, *, at: str, author: str) -> Order:
    """The order with another expected date of an item, and a note that explains it (R50)."""
    def dated(item: Item) -> Item:
        said = {"id": f"expected-{len(item.notes or ()) + 1}", "author": author, "at": at, "side": "seller",
                "text": reason}
        return with_(item, expected_completion_at=moment, notes=(*(item.notes or ()), Note.model_validate(said)))

    after = with_items(order, lambda item: dated(item) if item.id == item_id else item)
    latest = max((item.expected_completion_at for item in after.items if item.expected_completion_at),
                 key=datetime.fromisoformat, default=moment)
    return with_(after, expected_completion_at=latest)


def _milestone(reached: Reached) -> Milestone:
    said = {"name": reached.name, "at": reached.at, "note": reached.note}
    return Milestone.model_validate({name: value for name, value in said.items() if value})


def _same(one: str, other: str | None) -> bool:
    return other is not None and datetime.fromisoformat(one) == datetime.fromisoformat(other)
