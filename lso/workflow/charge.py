"""Takes a charge to its end: the handler of jobs of kind `charge`. The answer itself comes in at the door.

A charge on an item holds the order up; a charge that a task causes holds the task up, which is told to look.
"""

from __future__ import annotations

import time

from lso.errors import BridgeError
from lso.lifecycle.charge import result, time_out, withdraw
from lso.lifecycle.interruption import go_on
from lso.lifecycle.task import Document
from lso.store.instant import seconds
from lso.workflow.act import Act
from lso.workflow.charging import pending, tell
from lso.workflow.enquiry import asked_of
from lso.workflow.scene import LOOK_SECONDS, Scene, Step, now

KIND = "charge"
CAUSES = ("cancellation", "delivery_date")


class Charging(Act):
    """Never given up: the buyer has spoken, and the back end that waits for that must hear of it."""

    def _next(self, scene: Scene) -> Step:
        charge = scene.document
        if result(charge) is None:
            return self._wait(scene)
        for kind in CAUSES:
            if task_id := charge.get(f"{kind}_id"):
                return Step(more=((kind, task_id),))
        return self._go_on(scene, charge) if _held(scene) else Step()

    def _wait(self, scene: Scene) -> Step:
        """Until somebody answers, it is too late, or the back end that wanted it does not want it any more (R97)."""
        charge, moment = scene.document, time.time()
        due_at = seconds(charge.get("response_due_at")) or moment
        if moment >= due_at:
            return Step(time_out(charge), events=("charge_timed_out",), due_at=moment)
        if not _held(scene):
            return Step(due_at=due_at)
        try:
            wanted = pending(scene.view, self._router, charge) is not None
        except BridgeError:  # the answer is the buyer's, whether the back end can be reached or not
            wanted = True
        if not wanted:
            return Step(withdraw(charge), due_at=moment)
        return Step(due_at=min(due_at, moment + LOOK_SECONDS))

    def _go_on(self, scene: Scene, charge: Document) -> Step:
        """The back end is told first: told twice, it has been told once."""
        asked_of(tell, scene.view, self._router, charge)
        moved = go_on(scene.view.order, charge, at=now(), existing=scene.view.existing)
        return Step(moved=moved, more=scene.going_on)


def _held(scene: Scene) -> bool:
    """Whether an item is waiting for this very charge."""
    item_id = scene.document.get("item_id")
    if scene.view.order.state != "assessing_charge" or item_id is None:
        return False
    return scene.view.item(item_id).state == "held"
