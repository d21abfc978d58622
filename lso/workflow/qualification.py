"""Takes qualifications and queries from acknowledged to their end: the handler of jobs of both kinds.

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
from lso.dialects.book import Book
from lso.errors import Conflict
from lso.lifecycle.inquiry import INQUIRIES
from lso.lifecycle.known import Known
from lso.lifecycle.machine import QUALIFICATION_MACHINE
from lso.service.agreement import make
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


class Qualifying:
    """kind: of question; told: called after a commit that made events."""

    def __init__(self, kind: str, store: Store, book: Book, surveyor: Surveyor, settings: Settings, *,
                 told: Callable[[], None]) -> None:
        self._kind = kind
        self._inquiry = INQUIRIES[kind]
        self._store = store
        self._book = book
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
            stored = self._keep(job, stored, self._inquiry.begin(stored.document, now()), None)
        until = seconds(stored.document.get("requested_completion_at"))
        if until is not None and stored.created_at < until <= time.time():
            self._keep(job, stored, self._inquiry.give_up(stored.document, now()), None)
            return None
        wrong = self._inquiry.hopeless(stored.document)
        asked = self._inquiry.asks(stored.document, self._known(stored, profile))
        surveyed = Surveyed() if wrong else self._surveyor(stored, profile, asked)
        after = self._inquiry.judge(stored.document, surveyed.said, wrong, asked, now())
        if after["state"] not in QUALIFICATION_MACHINE.ends and until is not None and until <= time.time():
            after = self._inquiry.give_up(after, now())
        if surveyed.error and after == stored.document and until is None:
            raise surveyed.error
        due_at = None if after["state"] in QUALIFICATION_MACHINE.ends else self._due(job, surveyed, until)
        self._keep(job, stored, after, due_at)
        return due_at

    def _known(self, stored: StoredResource, profile: Profile) -> Known:
        return make(profile).known_to(self._book.edition(stored.edition), {})

    def _due(self, job: Job, surveyed: Surveyed, until: float | None) -> float:
        """When to ask again: as back ends said, after a failure, and not after the day of the buyer."""
        if surveyed.error:
            log.warning("back_end_failed", kind=job.kind, id=job.subject, error=surveyed.error.reason)
        waits = [one.look_again_seconds or LOOK_AGAIN_SECONDS
                 for one in surveyed.said.values() if one.confidence is None]
        waits += [retry_delay(self._settings, job.attempts)] if surveyed.error else []
        due_at = time.time() + min(LOOK_AGAIN_MOST, max(LOOK_AGAIN_LEAST, min(waits, default=LOOK_AGAIN_SECONDS)))
        return due_at if until is None else min(due_at, until)

    def _keep(self, job: Job, stored: StoredResource, after: Document, due_at: float | None) -> StoredResource:
        """Commit a step: the qualification, its events, and when the job is to be run again, if it has not ended."""
        changed = self._inquiry.changes(stored.document, after, now())
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
            log.info(f"{self._kind}_moved", id=saved.id, state=after["state"])
            self._told()
        return saved


def _found(connection: Connection, job: Job) -> tuple[StoredResource, Profile] | None:
    stored = resources.fetch(connection, job.tenant, job.kind, job.subject)
    if stored is None:
        return None
    profile = tenants.profile(connection, job.tenant, stored.profile_version)
    return stored, profile or Profile.model_validate({"tenant": job.tenant, "name": job.tenant})
