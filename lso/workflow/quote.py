"""Takes a quote from acknowledged to its end: the handler of jobs of kind `quote`.

Prices are asked for until all items have theirs, or until the day by which the buyer wanted to know; one whose day had
passed already gets what is known at once. A quote with a result lasts until nobody has ordered by it in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from lso.canonical.tenant import Profile
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
from lso.settings import Settings
from lso.store.engine import Store
from lso.store.instant import seconds
from lso.store.job import Job
from lso.store.resource import StoredResource
from lso.workflow.answering import Answering
from lso.workflow.quoting import Quoter, Told
from lso.workflow.scene import now

Document = dict[str, Any]
__all__ = ["KIND", "Quoting"]


class Quoting(Answering):
    """A quote with a result is looked at once more, when it expires."""

    def __init__(self, store: Store, quoter: Quoter, settings: Settings, *, told: Callable[[], None]) -> None:
        super().__init__(QUOTE_MACHINE, store, settings, told=told)
        self._quoter = quoter

    def _answer(self, job: Job, stored: StoredResource, profile: Profile) -> float | None:
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
        return self._keep(job, stored, after, due_at=self._due(job, _hints(told), told.error, until))[1]

    def _keep(self, job: Job, stored: StoredResource, after: Document, *, due_at: float | None = None,
              ours: bool = False) -> tuple[StoredResource, float | None]:
        """Commit a step: the quote, its events, and when the job is to be run again, if ever. ours: it goes on now."""
        changed = changes(stored.document, after, at=now()) if after is not stored.document else ()
        due_at = seconds(lasting(after)) or due_at
        over = after["state"] in self._ends or due_at is None
        due_at = None if over or ours else due_at
        return self._kept(job, stored, after, changed, over=over and not ours, due_at=due_at), due_at


def _hints(told: Told) -> list[float | None]:
    """When back ends want to be asked again about what has no price that lasts."""
    return [one.look_again_seconds for one in told.said.values()
            if one.draft or (one.refused is None and not one.prices)]
