"""What the work on a task or a charge rests on, and how one step of it is kept: all in one transaction.

Every step leaves order, resource, charges and jobs agreeing with each other, so that whoever is killed between two of
them is found by the sweeper and goes on from there.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from lso.canonical.order import dump
from lso.lifecycle.order import instant
from lso.lifecycle.step import Moved
from lso.lifecycle.task import Decided, Document
from lso.service.event import event_of, resource_event
from lso.store import job as jobs
from lso.store import order as orders
from lso.store import outbox
from lso.store import reference as references
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.instant import seconds
from lso.store.job import Job
from lso.store.reference import Reference
from lso.store.resource import StoredResource, beside
from lso.workflow.job import again, finished
from lso.workflow.keeping import GRACE_SECONDS, keep
from lso.workflow.view import View, look
from lso.workflow.wake import Relay

LOOK_SECONDS = 60.0  # how often is looked whether what is waited for is still to come

UNANSWERED = "Those who do the work could not be asked."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Scene:
    """The resource that a job is about, its order with all that belongs to the work on it, and the order's charges.

    busy: another task keeps this one off the order.
    """

    resource: StoredResource
    view: View
    charges: tuple[StoredResource, ...]
    busy: bool = False

    @property
    def document(self) -> Document:
        """The resource."""
        return self.resource.document

    @property
    def going_on(self) -> tuple[tuple[str, str], ...]:
        """The job that goes on with the order, as `Step.more` has it."""
        return (("order", self.view.stored.id),)

    @property
    def charge(self) -> Document | None:
        """The charge that the task waits for."""
        caused = (one.document for one in reversed(self.charges)
                  if one.document.get(f"{self.resource.kind}_id") == self.resource.id)
        return next(caused, None)


@dataclass(frozen=True, slots=True)
class Step:
    """What changes. document: of the resource; charge: a new one; events: kinds of events beside that of its state.

    references: those that say something new. more: kind and subject of jobs that are due now. due_at: when the job
    itself is to be run again; None when it is done.
    """

    document: Document | None = None
    moved: Moved | None = None
    charge: Document | None = None
    events: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    due_at: float | None = None


def decided(made: Decided, *, more: tuple[tuple[str, str], ...] = (), due_at: float | None = None) -> Step:
    """The step that a decision on a task comes to."""
    return Step(made.task, made.moved, more=more, due_at=due_at)


class Stage:
    """Where scenes are seen and steps are kept. told: called after a commit that made events."""

    def __init__(self, store: Store, relay: Relay, *, told: Callable[[], None]) -> None:
        self._store = store
        self._relay = relay
        self._told = told

    def play(self, job: Job, next_step: Callable[[Scene], Step]) -> float | None:
        """One step of the work on what the job is about; answers when the job is due next."""
        scene = self._store.query_now(lambda connection: _scene(connection, job))
        return self._keep(job, scene, Step() if scene is None else next_step(scene))

    def refuse(self, job: Job, refused: Callable[[Scene, str], Step | None]) -> bool:
        """The task is not carried out, because nobody could be asked; whether it was only being asked about."""
        scene = self._store.query_now(lambda connection: _scene(connection, job))
        if scene is None or scene.document["state"] != "in_progress" or (step := refused(scene, UNANSWERED)) is None:
            return False
        self._keep(job, scene, step)
        return True

    def _keep(self, job: Job, scene: Scene | None, step: Step) -> float | None:
        new = keep(self._store, lambda connection: _keep(connection, job, scene, step))
        if step.document or step.moved or step.charge:
            log.info("task_moved", kind=job.kind, id=job.subject, state=(step.document or {}).get("state"))
            self._told()
        for job_id, due_at in new:
            self._relay.wake_at(job_id, due_at)
        return step.due_at


def now() -> str:
    """The present moment."""
    return instant(datetime.now(UTC))


def keep_charge(connection: Connection, stored: orders.StoredOrder, charge: Document, *,
                payload: Document) -> tuple[str, float]:
    """Part of a transaction: a new charge, its event, and the job that waits for its end; that job, and when."""
    at, due_at = charge["created_at"], seconds(charge["response_due_at"]) or 0.0
    kept = beside(stored, "charge", charge, at=seconds(at) or 0.0)
    resources.insert(connection, kept)
    outbox.add(connection, resource_event(kept, "charge_created", at=at, state=charge["state"]))
    due_at = min(due_at, time.time() + LOOK_SECONDS) if "item_id" in charge else due_at
    return jobs.add(connection, stored.tenant, "charge", kept.id, due_at=due_at, payload=payload,
                    grace=GRACE_SECONDS), due_at


def _scene(connection: Connection, job: Job) -> Scene | None:
    resource = resources.fetch(connection, job.tenant, job.kind, job.subject)
    view = look(connection, job.tenant, resource.order_id) if resource and resource.order_id else None
    if resource is None or view is None:
        return None
    beside_it = resources.of_order(connection, job.tenant, view.stored.id)
    return Scene(resource, view, tuple(one for one in beside_it if one.kind == "charge"),
                 any(resources.occupies(one) for one in beside_it if one.id != resource.id))


def _keep(connection: Connection, job: Job, scene: Scene | None, step: Step) -> list[tuple[str, float]]:
    """The transaction; answers the jobs that were asked for, and when each is due."""
    new: list[tuple[str, float]] = []
    if scene is not None:
        stored = scene.view.stored
        if step.moved is not None:
            moved = dataclasses.replace(stored, document=dump(step.moved.order))
            stored = orders.replace(connection, moved, stored.version)
            for change in step.moved.changes:
                outbox.add(connection, event_of(stored, change))
        if step.document is not None:
            _keep_resource(connection, scene.resource, step)
        if step.charge is not None:
            new.append(keep_charge(connection, stored, step.charge, payload=job.payload))
        for reference in step.references:
            references.put(connection, reference)
        due_at = time.time()
        new += [(jobs.add(connection, job.tenant, kind, subject, due_at=due_at, payload=job.payload,
                          grace=GRACE_SECONDS), due_at) for kind, subject in step.more]
    if step.due_at is None:
        finished(connection, job, now=time.time())
    else:
        again(connection, job, due_at=step.due_at, grace=GRACE_SECONDS)
    return new


def _keep_resource(connection: Connection, resource: StoredResource, step: Step) -> None:
    before, after = resource.document.get("state"), (step.document or {}).get("state")
    kept = resources.replace(connection, dataclasses.replace(resource, document=step.document or {}), resource.version)
    kinds = (*([f"{resource.kind}_state"] if before != after else []), *step.events)
    for kind in kinds:
        outbox.add(connection, resource_event(kept, kind, at=now(), state=after, previous=before))
