"""Takes answers of back ends into the order and the inventory. Pure; the fulfilment keeps what comes out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lso.lifecycle.interruption import hold
from lso.lifecycle.order import Change, Moved, Outcome, settle
from lso.lifecycle.ports.back_end import Progress
from lso.lifecycle.report import report
from lso.lifecycle.sequence import endable
from lso.store.product import StoredProduct
from lso.store.reference import Reference
from lso.workflow.charging import AUTHOR, proposed
from lso.workflow.inventory import effect, product_id
from lso.workflow.view import AGAIN, ASKED, PARKED, Document, View

OPEN = ("working", "postponed", "parked")
LATER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Settlement:
    """made: products as they are now, by id. references: those that say something new, by item id.

    charge: a new one, for which an item is held.
    """

    moved: Moved
    made: Mapping[str, StoredProduct]
    references: Mapping[str, Reference]
    charge: Document | None = None


def settled(view: View, answers: Mapping[str, Progress | None], *, at: str, now: float,
            charged: frozenset[str] = frozenset()) -> Settlement:
    """What the answers come to. An item that has ended meanwhile, with another it depends on, stays as it ended.

    charged: ids of the charges that are known.
    """
    before, changes, made = view, list[Change](), dict[str, StoredProduct]()
    early = _early(view, answers, at)
    for item_id, progress in answers.items():
        if progress is None or view.item(item_id).state != "in_progress":
            continue
        told = report(view.order, item_id, progress, at=at, author=AUTHOR)
        changes.extend(told.changes)
        view = dataclasses.replace(view, order=told.order)
        if progress.state in OPEN or item_id in early:
            continue
        outcome = _outcome(view, item_id, progress)
        moved = settle(view.order, item_id, outcome, at=at, existing=view.existing)
        changes.extend(moved.changes)
        view = dataclasses.replace(view, order=moved.order)
        if outcome.state == "completed" and (product := effect(view, view.item(item_id), now=now)):
            made[product.id] = product
            view = dataclasses.replace(view, products={**view.products, product.id: product})
    answered = {item_id: _told(before.references[item_id], progress, now)
            for item_id, progress in answers.items() if item_id in before.references}
    news = {item_id: reference for item_id, reference in answered.items() if reference != before.references[item_id]}
    charge = proposed(view, answers, charged, at=at) if view.order.state == "in_progress" else None
    if charge is not None:
        held = hold(view.order, charge, at=at)
        changes.extend(held.changes)
        view = dataclasses.replace(view, order=held.order)
    return Settlement(Moved(view.order, tuple(changes)), made, news, charge)


def _early(view: View, answers: Mapping[str, Progress | None], at: str) -> frozenset[str]:
    """Items that are done, and are to end with others that are not. One that changes nothing has nothing to end."""
    done = {item_id for item_id, progress in answers.items() if progress is not None and progress.state == "done"}
    late = done - endable(view.order, done, at=datetime.fromisoformat(at))
    return frozenset(item_id for item_id in late if view.item(item_id).action != "no_change")


def _outcome(view: View, item_id: str, progress: Progress) -> Outcome:
    item = view.item(item_id)
    gone = view.gone(item)  # perhaps by another item of the same round
    if progress.state == "done" and gone is None:
        return Outcome("completed", product_id=product_id(view, item) if item.action == "add" else None)
    return Outcome("failed", gone or progress.reason or "The back end gave no reason.",
                   pointer=f"/items/{view.order.items.index(item)}/product")


def _told(reference: Reference, progress: Progress | None, now: float) -> Reference:
    """changed_at stays: it says when the item was first asked for, which coordinated actions count from."""
    if progress is None:
        return dataclasses.replace(reference, state=AGAIN, asked_at=now)
    if progress.state == "postponed":
        later = now + (progress.look_again_seconds or LATER_SECONDS)
        return dataclasses.replace(reference, state=AGAIN, asked_at=later)
    if progress.state == "parked":
        return dataclasses.replace(reference, state=PARKED, reason=progress.reason)
    state = progress.state if progress.state != "working" or reference.state == ASKED else reference.state
    return dataclasses.replace(reference, state=state, their_id=progress.service_id or reference.their_id)
