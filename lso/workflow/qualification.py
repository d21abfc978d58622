"""Takes a qualification from acknowledged to its end: the handler of jobs of kind `qualification`.

What one item comes to is kept before the others are asked about again. A buyer who wants to know by a day is told on
that day that there is no answer; one whose day had passed already gets what is known at once.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Connection

from lso.canonical.tenant import Profile
from lso.errors import Conflict
from lso.lifecycle.machine import QUALIFICATION_MACHINE
from lso.lifecycle.qualification import KIND, begin, changes, give_up, hopeless, judge, open_items
from lso.service.event import resource_change
from lso.settings import Settings
from lso.store import outbox
from lso.store import resource as resources
from lso.store import tenant as tenants
from lso.store.engine import Store
from lso.store.instant import seconds
from lso.store.job import Job
from lso.store.resource import StoredResource
from lso.workflow.fulfilment import GRACE_SECONDS, LOOK_AGAIN_LEAST, LOOK_AGAIN_MOST, LOOK_AGAIN_SECONDS
from lso.workflow.job import Overtaken, again, finished, kept, retry_delay
from lso.workflow.scene import now
from lso.workflow.survey import Surveyed, Surveyor

Document = dict[str, Any]
log = structlog.get_logger()
__all__ = ["KIND", "Qualifying"]


class Qualifying:
    """told: called after a commit that made events."""

    def __init__(self, store: Store, surveyor: Surveyor, settings: Settings, *, told: Callable[[], None]) -> None:
        self._store = store
        self._surveyor = surveyor
        self._settings = settings
        self._told = told

    def __call__(self, job: Job) -> float | None:
        """Judge what can be judged; answers when to come again."""
        found = self._store.query_now(lambda connection: _found(connection, job))
        if found is None or found[0].document["state"] in QUALIFICATION_MACHINE.ends:
            self._store.commit_now(lambda connection: finished(connection, job, now=time.time()))
            return None
        stored, profile = found
        if stored.document["state"] == "acknowledged":
            stored = self._keep(job, stored, begin(stored.document, at=now()), None)
        until = seconds(stored.document.get("requested_completion_at"))
        if until is not None and stored.created_at < until <= time.time():
            self._keep(job, stored, give_up(stored.document, at=now()), None)
            return None
        wrong = hopeless(stored.document)
        surveyed = Surveyed() if wrong else self._surveyor(stored, profile, open_items(stored.document))
        after = judge(stored.document, surveyed.said, wrong, at=now())
        if open_items(after) and until is not None and until <= time.time():
            after = give_up(after, at=now())
        if surveyed.error and after == stored.document and until is None:
            raise surveyed.error
        due_at = None if after["state"] in QUALIFICATION_MACHINE.ends else self._due(job, surveyed, until)
        self._keep(job, stored, after, due_at)
        return due_at

    def _due(self, job: Job, surveyed: Surveyed, until: float | None) -> float:
        """When to ask again: as back ends said, after a failure, and not after the day of the buyer."""
        if surveyed.error:
            log.warning("back_end_failed", qualification=job.subject, error=surveyed.error.reason)
        waits = [one.look_again_seconds or LOOK_AGAIN_SECONDS
                 for one in surveyed.said.values() if one.confidence is None]
        waits += [retry_delay(self._settings, job.attempts)] if surveyed.error else []
        due_at = time.time() + min(LOOK_AGAIN_MOST, max(LOOK_AGAIN_LEAST, min(waits, default=LOOK_AGAIN_SECONDS)))
        return due_at if until is None else min(due_at, until)

    def _keep(self, job: Job, stored: StoredResource, after: Document, due_at: float | None) -> StoredResource:
        """Commit a step: the qualification, its events, and when the job is to be run again, if it has not ended."""
        changed = changes(stored.document, after, at=now())
        over = after["state"] in QUALIFICATION_MACHINE.ends

        def work(connection: Connection) -> StoredResource:
            moved = dataclasses.replace(stored, document=after)
            moved = resources.replace(connection, moved, stored.version) if after != stored.document else stored
            for change in changed:
                outbox.add(connection, resource_change(moved, change))
            if over:
                finished(connection, job, now=time.time())
            elif due_at is None:
                kept(connection, job, until=time.time() + self._settings.lease_seconds)
            else:
                again(connection, job, due_at=due_at, grace=GRACE_SECONDS)
            return moved

        try:
            saved = self._store.commit_now(work)
        except Conflict as error:
            raise Overtaken from error
        if changed:
            log.info("qualification_moved", id=saved.id, state=after["state"])
            self._told()
        return saved


def _found(connection: Connection, job: Job) -> tuple[StoredResource, Profile] | None:
    stored = resources.fetch(connection, job.tenant, KIND, job.subject)
    if stored is None:
        return None
    profile = tenants.profile(connection, job.tenant, stored.profile_version)
    return stored, profile or Profile.model_validate({"tenant": job.tenant, "name": job.tenant})
