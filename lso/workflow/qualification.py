"""Takes qualifications and queries from acknowledged to their end: the handler of jobs of both kinds.

What one item comes to is kept before the others are asked about again. A buyer who wants to know by a day is told on
that day that there is no answer; one whose day had passed already gets what is known at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from lso.canonical.tenant import Profile
from lso.dialects.book import Book
from lso.lifecycle.inquiry import INQUIRIES
from lso.lifecycle.known import Known
from lso.lifecycle.machine import QUALIFICATION_MACHINE
from lso.service.agreement import make
from lso.settings import Settings
from lso.store.engine import Store
from lso.store.instant import seconds
from lso.store.job import Job
from lso.store.resource import StoredResource
from lso.workflow.answering import Answering
from lso.workflow.scene import now
from lso.workflow.survey import Surveyed, Surveyor

Document = dict[str, Any]


class Qualifying(Answering):
    """kind: of question. Judges what can be judged."""

    def __init__(self, kind: str, store: Store, book: Book, surveyor: Surveyor, settings: Settings, *,
                 told: Callable[[], None]) -> None:
        super().__init__(QUALIFICATION_MACHINE, store, settings, told=told)
        self._inquiry = INQUIRIES[kind]
        self._book = book
        self._surveyor = surveyor

    def _answer(self, job: Job, stored: StoredResource, profile: Profile) -> float | None:
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
        if after["state"] not in self._ends and until is not None and until <= time.time():
            after = self._inquiry.give_up(after, now())
        if surveyed.error and after == stored.document and until is None:
            raise surveyed.error
        due_at = None if after["state"] in self._ends else self._due(job, _hints(surveyed), surveyed.error, until)
        self._keep(job, stored, after, due_at)
        return due_at

    def _known(self, stored: StoredResource, profile: Profile) -> Known:
        return make(profile).known_to(self._book.edition(stored.edition), {})

    def _keep(self, job: Job, stored: StoredResource, after: Document, due_at: float | None) -> StoredResource:
        """Commit a step; due_at: when the job is to be run again, if it has not ended."""
        return self._kept(job, stored, after, self._inquiry.changes(stored.document, after, now()),
                          over=after["state"] in self._ends, due_at=due_at)


def _hints(surveyed: Surveyed) -> list[float | None]:
    """When back ends want to be asked again about what they have not judged."""
    return [one.look_again_seconds for one in surveyed.said.values() if one.confidence is None]
