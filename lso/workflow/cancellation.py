"""Takes a cancellation to its end: the handler of jobs of kind `cancellation`."""

from __future__ import annotations

import dataclasses
import time

from lso.lifecycle.cancellation import assess, finish, grant, obstacle
from lso.lifecycle.charge import propose, result
from lso.lifecycle.machine import ORDER_MACHINE
from lso.lifecycle.ports.back_end import Willing
from lso.lifecycle.task import Document, charged, declined, refused, turned_down
from lso.store.identifier import new_id
from lso.store.instant import seconds
from lso.workflow.act import Act
from lso.workflow.charging import answer_within
from lso.workflow.enquiry import asked_of
from lso.workflow.patience import look_again_at
from lso.workflow.scene import LOOK_SECONDS, Scene, Step, decided, now
from lso.workflow.view import AGAIN, PARKED, TOLD_DONE, TOLD_FAILED

KIND = "cancellation"
BUSY = "Another request about the order is still open."
CANCELLED = "cancelled"  # the state of a reference whose request was taken back


class Cancelling(Act):
    """Nothing is cancelled unless all who work on the order agree; once it is granted, they must hear of it."""

    def _next(self, scene: Scene) -> Step:
        task, order = scene.document, scene.view.order
        if task["state"] == "acknowledged":
            return self._begin(scene)
        if task["state"] == "in_progress":
            return self._assess(scene)
        if task["state"] == "assessing_charge":
            outcome = None if scene.charge is None else result(scene.charge)
            if outcome is None:
                return Step()
            if outcome == "accepted":
                return decided(grant(order, task, at=now()), due_at=time.time())
            return decided(declined(order, task, at=now()), more=scene.going_on)
        if task["state"] == "done" and order.state == "cancelling":
            return self._stop(scene)
        return Step()

    def _begin(self, scene: Scene) -> Step:
        task, order = scene.document, scene.view.order
        wanted_at = seconds(task.get("requested_cancellation_at"))
        if wanted_at is not None and wanted_at > time.time() and order.state not in ORDER_MACHINE.ends:
            return Step(due_at=min(wanted_at, time.time() + LOOK_SECONDS))  # the order may end before
        if order.state == "acknowledged":
            return Step(due_at=look_again_at(max(scene.resource.created_at, wanted_at or 0.0)))
        if reason := obstacle(order) or (BUSY if scene.busy else None):
            return decided(turned_down(task, denied_reason=reason))
        return decided(assess(order, task, at=now()), due_at=time.time())

    def _assess(self, scene: Scene) -> Step:
        """Ask everybody who has begun something; one who will not stop is enough."""
        task, order, prices = scene.document, scene.view.order, list[Document]()
        for item_id in (item.id for item in order.items if item.state == "pending" and item.id is not None):
            willing = self._would_stop(scene, item_id)
            if willing.reason:
                return self._refused(scene, willing.reason)
            prices += willing.charge.items if willing.charge else ()
        if not prices:
            return decided(grant(order, task, at=now()), due_at=time.time())
        charge = propose(new_id(), scene.view.stored.id, prices, at=now(), cancellation_id=scene.resource.id,
                         answer_within=answer_within(scene.view.profile))
        return dataclasses.replace(decided(charged(task, charge_id=charge["id"])), charge=charge,
                                   events=("cancellation_information_required",))

    def _refused(self, scene: Scene, reason: str) -> Step:
        denied = refused(scene.view.order, scene.document, at=now(), denied_reason=reason)
        return decided(denied, more=scene.going_on)

    def _would_stop(self, scene: Scene, item_id: str) -> Willing:
        """What nobody was asked for yet, or surely has not begun, can always be stopped."""
        known = scene.view.references.get(item_id)
        if known is None or known.state == AGAIN:
            return Willing()
        if known.state in (PARKED, TOLD_DONE, TOLD_FAILED):
            return Willing(f"It cannot be told how far the work on item {item_id} is.")
        flexible = self._router.flexible(known.backend)
        if flexible is None:
            return Willing(f"The work on item {item_id} has begun and cannot be stopped.")
        return asked_of(flexible.would_cancel, scene.view.request(scene.view.item(item_id)))

    def _stop(self, scene: Scene) -> Step:
        """Tell everybody to stop, as often as it takes; then the order is cancelled."""
        stopped = []
        for item in scene.view.order.items:
            known = scene.view.references.get(item.id or "")
            if item.state != "cancelled" or known is None:
                continue
            if (flexible := self._router.flexible(known.backend)) is not None:
                asked_of(flexible.cancel, scene.view.request(item))
            stopped.append(dataclasses.replace(known, state=CANCELLED))
        return dataclasses.replace(decided(finish(scene.view.order, scene.document, at=now())),
                                   references=tuple(stopped))
