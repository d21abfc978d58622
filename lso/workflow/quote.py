"""Takes a quote from acknowledged to its end: the handler of jobs of kind `quote`.

Prices are asked for until all items have theirs, or until the day by which the buyer wanted to know; one whose day had
passed already gets what is known at once. A quote with a result lasts until nobody has ordered by it in time.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from lso.canonical.tenant import Profile
from lso.errors import Conflict
from lso.lifecycle.machine import QUOTE_MACHINE
from lso.lifecycle.quote import (
    KIND,
    begin,
    changes,
    expire,
    give_up,
    hopeless,
    lasting,
    offer,
    open_items,
    overdue,
    reject,
)
from lso.service.agreement import quote_terms_of
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
from lso.workflow.quoting import Quoter, Told
from lso.workflow.scene import now

Document = dict[str, Any]
log = structlog.get_logger()
__all__ = ["KIND", "Quoting"]


class Quoting:
    """told: called after a commit that made events."""

    def __init__(self, store: Store, quoter: Quoter, settings: Settings, *, told: Callable[[], None]) -> None:
        self._store = store
        self._quoter = quoter
        self._settings = settings
        self._told = told

    def __call__(self, job: Job) -> float | None:
        """Move the quote on; answers when to come again."""
        found = self._store.query_now(lambda connection: _found(connection, job))
        if found is None or found[0].document["state"] in QUOTE_MACHINE.ends:
            self._store.commit_now(lambda connection: finished(connection, job, now=time.time()))
            return None
        stored, profile = found
        if lasting(stored.document) is not None:
            over = overdue(stored.document, datetime.now(UTC))
            return self._keep(job, stored, expire(stored.document, at=now()) if over else stored.document)[1]
        if stored.document["state"] == "acknowledged":
            if wrong := hopeless(stored.document):
                return self._keep(job, stored, reject(stored.document, wrong, at=now()))[1]
            stored = self._keep(job, stored, begin(stored.document, at=now()), ours=True)[0]
        return self._price(job, stored, profile)

    def _price(self, job: Job, stored: StoredResource, profile: Profile) -> float | None:
        until = seconds(stored.document.get("requested_completion_at"))
        if until is not None and stored.created_at < until <= time.time():
            return self._keep(job, stored, give_up(stored.document, at=now()))[1]
        told = self._quoter(stored, profile, open_items(stored.document))
        valid = timedelta(seconds=quote_terms_of(profile).valid_seconds)
        after = offer(stored.document, told.said, at=datetime.now(UTC), valid=valid)
        if open_items(after) and until is not None and until <= time.time():
            after = give_up(after, at=now())
        if told.error and after == stored.document and until is None:
            raise told.error
        return self._keep(job, stored, after, due_at=self._due(job, told, until))[1]

    def _due(self, job: Job, told: Told, until: float | None) -> float:
        """When to ask again: as back ends said, after a failure, and not after the day of the buyer."""
        if told.error:
            log.warning("back_end_failed", quote=job.subject, error=told.error.reason)
        waits = [one.look_again_seconds or LOOK_AGAIN_SECONDS
                 for one in told.said.values() if one.draft or (one.refused is None and not one.prices)]
        waits += [retry_delay(self._settings, job.attempts)] if told.error else []
        due_at = time.time() + min(LOOK_AGAIN_MOST, max(LOOK_AGAIN_LEAST, min(waits, default=LOOK_AGAIN_SECONDS)))
        return due_at if until is None else min(due_at, until)

    def _keep(self, job: Job, stored: StoredResource, after: Document, *, due_at: float | None = None,
              ours: bool = False) -> tuple[StoredResource, float | None]:
        """Commit a step: the quote, its events, and when the job is to be run again, if ever. ours: it goes on now."""
        changed = changes(stored.document, after, at=now()) if after is not stored.document else ()
        due_at = seconds(lasting(after)) or due_at
        over = after["state"] in QUOTE_MACHINE.ends

        def work(connection: Connection) -> StoredResource:
            moved = dataclasses.replace(stored, document=after)
            moved = resources.replace(connection, moved, stored.version) if after != stored.document else stored
            for change in changed:
                outbox.add(connection, resource_change(moved, change))
            if ours:
                kept(connection, job, until=time.time() + self._settings.lease_seconds)
            elif over or due_at is None:
                finished(connection, job, now=time.time())
            else:
                again(connection, job, due_at=due_at, grace=GRACE_SECONDS)
            return moved

        try:
            saved = self._store.commit_now(work)
        except Conflict as error:
            raise Overtaken from error
        if changed:
            log.info("quote_moved", id=saved.id, state=after["state"])
            self._told()
        return saved, None if over or ours else due_at


def _found(connection: Connection, job: Job) -> tuple[StoredResource, Profile] | None:
    stored = resources.fetch(connection, job.tenant, KIND, job.subject)
    if stored is None:
        return None
    profile = tenants.profile(connection, job.tenant, stored.profile_version)
    return stored, profile or Profile.model_validate({"tenant": job.tenant, "name": job.tenant})
