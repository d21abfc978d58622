"""Places the orders behind connections: the handler of jobs of kind `connection`.

The order is placed by calling the Strategic Interface Layer as any enterprise would, in the name of the tenant. Its id
is known beforehand and the call carries an idempotency key, so whoever finds a wish that may have been placed looks
first, and asks again without harm. What becomes of the order is its own job's business.

When the connection is to end, the orders of changes to come are cancelled first, likewise; the one that ends it is
placed when they are over, whatever became of them.
"""

from __future__ import annotations

import dataclasses
import time
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection as Database

from lso.canonical.connection import Connection, Wish, WishError
from lso.dialects.book import Book
from lso.errors import Finding, UpstreamError
from lso.lifecycle.connection import ENDING, WITHDRAWN
from lso.lifecycle.machine import ORDER_MACHINE
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
from lso.workflow.job import again, finished, kept
from lso.workflow.keeping import keep
from lso.workflow.patience import SOON_SECONDS, look_again_at

Document = dict[str, Any]
REFUSED = frozenset({400, 422})
NOT_NOW = frozenset({400, 409, 422})
REFUSAL = "The order was refused."
SETTLED = frozenset({"placed", "refused"})

log = structlog.get_logger()


class Provisioning:
    """place: to where orders are placed."""

    def __init__(self, store: Store, book: Book, settings: Settings, place: Place) -> None:
        self._store = store
        self._book = book
        self._settings = settings
        self._place = place

    def __call__(self, job: Job) -> float | None:
        """Cancel what is withdrawn and place what is to be placed; answers when to look again, which is never, unless
        something has yet to be over: whoever wishes more adds the job."""
        stored = self._store.query_now(lambda database: resources.fetch(database, job.tenant, KIND, job.subject))
        while stored is not None:
            connection = Connection.model_validate(stored.document)
            wish = next((wish for wish in connection.wishes if wish.state not in SETTLED), None)
            if wish is None:
                break
            after = self._stopped(job, stored, wish) if wish.state in WITHDRAWN else self._settled(job, stored, wish)
            if after is wish:
                return self._later(job, connection)
            stored = self._keep(job, stored, connection, wish, after)
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

    def _stopped(self, job: Job, stored: StoredResource, wish: Wish) -> Wish | None:
        """The wish that is withdrawn: the same while its order is not over, None when it is or never was."""
        order = self._store.query_now(lambda database: orders.fetch(database, stored.tenant, wish.order_id))
        if order is None or order.document.get("state") in ORDER_MACHINE.ends:
            return None
        if wish.state == "stopping":
            return wish
        body = {"productOrder": {"id": wish.order_id}, "cancellationReason": ENDING}
        said = self._place(Placement(stored.tenant, stored.buyer_id, wish.order_id, f"{wish.order_id}/cancel", body,
                                     job.payload.get("trace_id"), "cancel"))
        if said.status in NOT_NOW:  # it waits for something else, or has ended
            return wish
        if said.status != 201:
            raise UpstreamError(f"The cancellation was answered with {said.status}.")
        return wish.model_copy(update={"state": "stopping", "body": None})

    def _later(self, job: Job, connection: Connection) -> float:
        """When to look again."""
        due_at = look_again_at(datetime.fromisoformat(connection.wishes[-1].asked_at).timestamp())
        self._store.commit_now(lambda database: again(database, job, due_at=due_at, grace=SOON_SECONDS))
        return due_at

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
              after: Wish | None) -> StoredResource:
        known = (after if wish is before else wish for wish in connection.wishes)
        wishes = tuple(wish for wish in known if wish is not None)
        document = dump(connection.model_copy(update={"wishes": wishes}))

        def work(database: Database) -> StoredResource:
            kept(database, job, until=time.time() + self._settings.lease_seconds)
            return resources.replace(database, dataclasses.replace(stored, document=document), stored.version)

        saved = keep(self._store, work)
        log.info("connection_ordered", connection=stored.id, order=before.order_id,
                 state=after.state if after is not None else "over")
        return saved
