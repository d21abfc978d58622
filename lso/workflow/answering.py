"""What handlers of qualifications and quotes have in common: a request that stands for itself is looked at, and what it
comes to is kept with its events and its job, until it has its answer."""

from __future__ import annotations

import dataclasses
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from sqlalchemy import Connection

from lso.canonical.tenant import Profile
from lso.errors import UpstreamError
from lso.lifecycle.machine import Machine
from lso.lifecycle.step import Change
from lso.service.event import resource_change
from lso.settings import Settings
from lso.store import outbox
from lso.store import resource as resources
from lso.store import tenant as tenants
from lso.store.engine import Store
from lso.store.job import Job
from lso.store.resource import StoredResource
from lso.workflow.job import finished, retry_delay
from lso.workflow.keeping import keep, leave
from lso.workflow.patience import USUAL_SECONDS, soonest

Document = dict[str, Any]
log = structlog.get_logger()


class Answering(ABC):
    """machine: whose ends are those of the request; told: called after a commit that made events."""

    def __init__(self, machine: Machine, store: Store, settings: Settings, *, told: Callable[[], None]) -> None:
        self._ends = machine.ends
        self._store = store
        self._settings = settings
        self._told = told

    def __call__(self, job: Job) -> float | None:
        """Move the request on; answers when to come again."""
        found = self._store.query_now(lambda connection: _found(connection, job))
        if found is None or found[0].document["state"] in self._ends:
            self._store.commit_now(lambda connection: finished(connection, job, now=time.time()))
            return None
        return self._answer(job, *found)

    @abstractmethod
    def _answer(self, job: Job, stored: StoredResource, profile: Profile) -> float | None:
        """As `__call__`, for one that has no answer yet, and the profile that it was asked under."""

    def _due(self, job: Job, hints: Iterable[float | None], error: UpstreamError | None, until: float | None) -> float:
        """When to ask again: as back ends said, after a failure, and not after the day of the buyer."""
        if error:
            log.warning("back_end_failed", kind=job.kind, id=job.subject, error=error.reason)
        waits = [hint or USUAL_SECONDS for hint in hints]
        waits += [retry_delay(self._settings, job.attempts)] if error else []
        due_at = time.time() + soonest(waits)
        return due_at if until is None else min(due_at, until)

    def _kept(self, job: Job, stored: StoredResource, after: Document, changed: Iterable[Change], *, over: bool,
              due_at: float | None) -> StoredResource:
        """Commit a step: the request, its events, and its job: done with, due again then, or ours still."""
        changes = tuple(changed)

        def work(connection: Connection) -> StoredResource:
            moved = dataclasses.replace(stored, document=after)
            moved = resources.replace(connection, moved, stored.version) if after != stored.document else stored
            for change in changes:
                outbox.add(connection, resource_change(moved, change))
            leave(connection, job, over=over, due_at=due_at, lease_seconds=self._settings.lease_seconds)
            return moved

        saved = keep(self._store, work)
        if changes:
            log.info(f"{job.kind}_moved", id=saved.id, state=after["state"])
            self._told()
        return saved


def _found(connection: Connection, job: Job) -> tuple[StoredResource, Profile] | None:
    stored = resources.fetch(connection, job.tenant, job.kind, job.subject)
    if stored is None:
        return None
    profile = tenants.profile(connection, job.tenant, stored.profile_version)
    return stored, profile or Profile.model_validate({"tenant": job.tenant, "name": job.tenant})
