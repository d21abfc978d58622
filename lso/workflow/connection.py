"""Places the orders behind connections: the handler of jobs of kind `connection`.

The order is placed by calling the Strategic Interface Layer as any enterprise would, in the name of the tenant. Its id
is known beforehand and the call carries an idempotency key, so whoever finds a wish that may have been placed looks
first, and asks again without harm. What becomes of the order is its own job's business.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import structlog
from sqlalchemy import Connection as Database

from lso.canonical.connection import Connection, Wish, WishError
from lso.dialects.book import Book
from lso.errors import Conflict, Finding, UpstreamError
from lso.service.connection_draft import Draft, located
from lso.service.connection_record import dump
from lso.service.connection_view import ORDERED_IN, SPOKEN
from lso.service.placement import Place, Placement
from lso.settings import Settings
from lso.store import order as orders
from lso.store import resource as resources
from lso.store import tenant as tenants
from lso.store.connection import KIND
from lso.store.engine import Store
from lso.store.job import Job
from lso.store.resource import StoredResource
from lso.workflow.job import Overtaken, finished, kept

Document = dict[str, Any]
REFUSED = frozenset({400, 422})
REFUSAL = "The order was refused."

log = structlog.get_logger()


class Provisioning:
    """place: to where orders are placed."""

    def __init__(self, store: Store, book: Book, settings: Settings, place: Place) -> None:
        self._store = store
        self._book = book
        self._settings = settings
        self._place = place

    def __call__(self, job: Job) -> float | None:
        """Place what is to be placed; answers when to look again, which is never: whoever wishes more adds the job."""
        stored = self._store.query_now(lambda database: resources.fetch(database, job.tenant, KIND, job.subject))
        while stored is not None:
            connection = Connection.model_validate(stored.document)
            wish = next((wish for wish in connection.wishes if wish.state == "wanted"), None)
            if wish is None:
                break
            stored = self._keep(job, stored, connection, wish, self._settled(job, stored, wish))
        self._store.commit_now(lambda database: finished(database, job, now=time.time()))
        return None

    def _settled(self, job: Job, stored: StoredResource, wish: Wish) -> Wish:
        """The wish, placed or refused."""
        there = self._store.query_now(lambda database: orders.fetch(database, stored.tenant, wish.order_id))
        if there is None and wish.body is not None:
            key = stored.id if wish.action == "add" else wish.order_id
            said = self._place(Placement(stored.tenant, stored.buyer_id, wish.order_id, key, wish.body,
                                         job.payload.get("trace_id")))
            if said.status in REFUSED:
                return wish.model_copy(update={"state": "refused", "errors": self._errors(stored, wish, said.body)})
            if said.status != 201:
                raise UpstreamError(f"The order was answered with {said.status}.")
        return wish.model_copy(update={"state": "placed", "body": None})

    def _errors(self, stored: StoredResource, wish: Wish, answer: Document) -> tuple[WishError, ...]:
        """What the layer had to say against the order, said of what the developer sent."""
        violations = answer.get("violation") or [{"reason": answer.get("reason")}]
        findings = tuple(Finding(one.get("propertyPath") or "", one.get("code") or "otherIssue",
                                 one.get("reason") or REFUSAL) for one in violations)
        profile = self._store.query_now(lambda database: tenants.newest_profile(database, stored.tenant))
        draft = Draft(wish.said, {}, SPOKEN[wish.action])
        found = located(self._book, draft, self._book.edition(ORDERED_IN), wish.body or {}, findings,
                        extended=profile is not None and profile.tmf_extended)
        return tuple(WishError(code=one.code, pointer=one.pointer, reason=one.reason) for one in found)

    def _keep(self, job: Job, stored: StoredResource, connection: Connection, before: Wish,
              after: Wish) -> StoredResource:
        wishes = tuple(after if wish is before else wish for wish in connection.wishes)
        document = dump(connection.model_copy(update={"wishes": wishes}))

        def work(database: Database) -> StoredResource:
            kept(database, job, until=time.time() + self._settings.lease_seconds)
            return resources.replace(database, dataclasses.replace(stored, document=document), stored.version)

        try:
            saved = self._store.commit_now(work)
        except Conflict as error:
            raise Overtaken from error
        log.info("connection_ordered", connection=stored.id, order=after.order_id, state=after.state)
        return saved
