"""Takes a change of a requested delivery date to its end: the handler of jobs of kind `delivery_date`."""

from __future__ import annotations

import dataclasses
import time

import structlog

from lso.canonical.order import Item
from lso.lifecycle.charge import propose, result
from lso.lifecycle.delivery_date import ask, assess, decline, grant, obstacle, refuse, turn_down
from lso.lifecycle.ports.back_end import Flexible, Willing, Wish
from lso.store.identifier import new_id
from lso.workflow.act import Act
from lso.workflow.charging import AUTHOR, answer_within
from lso.workflow.enquiry import asked_of
from lso.workflow.patience import look_again_at
from lso.workflow.scene import Scene, Step, decided, now
from lso.workflow.view import AGAIN, PARKED, TOLD_DONE, TOLD_FAILED

KIND = "delivery_date"

log = structlog.get_logger()


class Rescheduling(Act):
    """A date is changed when who works on the item agrees; once it is paid for, they must hear of it."""

    def _next(self, scene: Scene) -> Step:
        task, order = scene.document, scene.view.order
        if task["state"] == "acknowledged":
            if order.state == "acknowledged":
                return Step(due_at=look_again_at(scene.resource.created_at))
            if reason := obstacle(order, task):
                log.info("date_not_changed", id=scene.resource.id, reason=reason)
                return decided(turn_down(order, task, reason, at=now(), author=AUTHOR))
            return decided(assess(order, task, at=now()), due_at=time.time())
        if task["state"] == "in_progress":
            return self._assess(scene)
        charge = scene.charge if task["state"] == "assessing_charge" else None
        if charge is None or (outcome := result(charge)) is None:
            return Step()
        if outcome == "accepted":
            return self._grant(scene)
        return decided(decline(order, task, charge, at=now()), more=scene.going_on)

    def _assess(self, scene: Scene) -> Step:
        task = scene.document
        willing = self._would(scene)
        if willing.reason:
            return self._refused(scene, willing.reason)
        if willing.charge is None:
            return self._grant(scene)
        charge = propose(new_id(), scene.view.stored.id, willing.charge.items, at=now(), item_id=task["item_id"],
                         delivery_date_id=scene.resource.id, answer_within=answer_within(scene.view.profile))
        return dataclasses.replace(decided(ask(scene.view.order, task, charge)), charge=charge)

    def _refused(self, scene: Scene, reason: str) -> Step:
        log.info("date_not_changed", id=scene.resource.id, reason=reason)
        refused = refuse(scene.view.order, scene.document, reason, at=now(), author=AUTHOR)
        return decided(refused, more=scene.going_on)

    def _would(self, scene: Scene) -> Willing:
        """What nobody was asked for yet can be done on any day; whether it can be hurried only a back end knows."""
        task, known = scene.document, scene.view.references.get(scene.document["item_id"])
        if known is not None and known.state in (PARKED, TOLD_DONE, TOLD_FAILED):
            return Willing("It cannot be told how far the work is.")
        flexible = self._flexible(scene)
        if flexible is not None:
            return asked_of(flexible.would_reschedule, scene.view.request(_item(scene)), _wish(scene))
        if known is not None and known.state != AGAIN:
            return Willing("The work has begun and takes no other date.")
        return Willing("The work cannot be hurried." if task.get("expedite") else None)

    def _grant(self, scene: Scene) -> Step:
        """The back end is told first: told twice, it has been told once."""
        flexible, expected = self._flexible(scene), None
        if flexible is not None:
            expected = asked_of(flexible.reschedule, scene.view.request(_item(scene)), _wish(scene))
        granted = grant(scene.view.order, scene.document, expected, at=now(), author=AUTHOR)
        return decided(granted, more=scene.going_on)

    def _flexible(self, scene: Scene) -> Flexible | None:
        item, view = _item(scene), scene.view
        known = view.references.get(item.id or "")
        name = known.backend if known else self._router.choose(view.profile, view.document(item))
        return self._router.flexible(name) if name else None


def _item(scene: Scene) -> Item:
    return scene.view.item(scene.document["item_id"])


def _wish(scene: Scene) -> Wish:
    """The same for the same change of date, whoever asks again."""
    return Wish(scene.resource.id, scene.document.get("requested_completion_at"), bool(scene.document.get("expedite")))
