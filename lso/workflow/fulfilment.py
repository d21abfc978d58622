"""Takes an order from acknowledged to its end: the handler of jobs of kind `order`.

Every step commits the order, its events, its products, what is asked of back ends and when to look again, together.
What is asked is written down before it is asked: whoever finds an item written down but unanswered looks first, by our
external id, before asking again.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from lso.backends.router import Router
from lso.canonical.order import dump
from lso.lifecycle.order import Moved, begin, instant
from lso.lifecycle.sequence import next_moment
from lso.service.event import event_of
from lso.settings import Settings
from lso.store import order as orders
from lso.store import outbox
from lso.store import product as products
from lso.store import reference as references
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.job import Job
from lso.store.order import StoredOrder
from lso.store.product import StoredProduct
from lso.store.reference import Reference
from lso.workflow.enquiry import Round, ask, assess, started, unasked, workable
from lso.workflow.job import finished, retry_delay
from lso.workflow.keeping import keep, leave
from lso.workflow.patience import LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS, soonest
from lso.workflow.scene import keep_charge
from lso.workflow.settlement import Settlement, settled
from lso.workflow.view import AGAIN, PARKED, View, look

KIND = "order"

log = structlog.get_logger()


class Fulfilment:
    """told: called after a commit that made events; wake_at: after one that asked for a job, to be run then."""

    def __init__(self, store: Store, router: Router, settings: Settings, *, told: Callable[[], None],
                 wake_at: Callable[[str, float], None]) -> None:
        self._store = store
        self._router = router
        self._settings = settings
        self._told = told
        self._wake_at = wake_at

    def __call__(self, job: Job) -> float | None:
        """Move the order on as far as it goes now; answers when to look again."""
        view = self._store.query_now(lambda connection: look(connection, job.tenant, job.subject))
        if view is None or view.order.state not in ("acknowledged", "in_progress"):
            self._store.commit_now(lambda connection: finished(connection, job, now=time.time()))
            return None
        if view.order.state == "acknowledged":
            moved = begin(view.order, assess(view, self._router), at=_instant())
            view, due_at = self._keep(job, view, Settlement(moved, {}, {}), Round())
        else:
            view, due_at = self._begin_more(job, view)
        while view.order.state == "in_progress" and due_at is None:
            said = ask(view, self._router)
            news = settled(view, said.answers, at=_instant(), now=time.time(), charged=self._charged(view, said))
            if said.error and not (news.moved.changes or news.references):
                raise said.error
            view, due_at = self._keep(job, view, news, said)
        return due_at

    def _begin_more(self, job: Job, view: View) -> tuple[View, float | None]:
        """Write down what has become workable since the last run, if anything has."""
        if not unasked(view, self._router):
            return view, None
        return self._keep(job, view, Settlement(Moved(view.order, ()), {}, {}), Round())

    def _keep(self, job: Job, view: View, news: Settlement, said: Round) -> tuple[View, float | None]:
        """Commit a step. The job is done with the order, or goes on at once (None), or lets go until later."""
        after = dataclasses.replace(view, order=news.moved.order, products={**view.products, **news.made},
                                    references={**view.references, **news.references})
        over = after.order.state != "in_progress"
        new = {} if over else unasked(after, self._router)
        after = dataclasses.replace(after, references={**after.references, **new}, fresh=frozenset(new))
        due_at = None if over or (not said.error and _more(after, new)) else self._due(after, said)
        document = dump(after.order) if news.moved.changes else view.stored.document
        stored = dataclasses.replace(view.stored, document=document)

        waiting: list[tuple[str, float]] = []

        def work(connection: Connection) -> StoredOrder:
            waiting.clear()
            for reference in (*news.references.values(), *new.values()):
                references.put(connection, reference)
            for product in news.made.values():
                _keep_product(connection, view, product)
            # Also when only something new is asked for or heard of: whoever interrupts the order meanwhile must not
            # miss it, and what was settled meanwhile is not undone by a late answer.
            newer = news.moved.changes or news.references or new
            moved = orders.replace(connection, stored, stored.version) if newer else stored
            if news.charge is not None:
                waiting.append(keep_charge(connection, moved, news.charge, payload=job.payload))
            for change in news.moved.changes:
                outbox.add(connection, event_of(moved, change))
            leave(connection, job, over=over, due_at=due_at, lease_seconds=self._settings.lease_seconds)
            return moved

        saved = keep(self._store, work)
        if news.moved.changes:
            log.info("order_moved", order=saved.id, state=after.order.state)
            self._told()
        for job_id, moment in waiting:
            self._wake_at(job_id, moment)
        return dataclasses.replace(after, stored=saved), due_at

    def _charged(self, view: View, said: Round) -> frozenset[str]:
        """Ids of the charges on the order, if that matters now."""
        if not any(progress and progress.charge for progress in said.answers.values()):
            return frozenset()
        found = self._store.query_now(
            lambda connection: resources.of_order(connection, view.stored.tenant, view.stored.id, "charge"))
        return frozenset(one.id for one in found)

    def _due(self, view: View, said: Round) -> float:
        """When to look again: as the back ends said, after a failure, or when the clock allows more to begin."""
        now = time.time()
        if said.error:
            log.warning("back_end_failed", order=view.stored.id, error=said.error.reason)
            return now + retry_delay(self._settings, 1)
        waits = [progress.look_again_seconds or USUAL_SECONDS
                 for progress in said.answers.values() if progress and progress.state == "working"]
        waits += [(reference.asked_at or now) - now for reference in view.references.values()
                  if reference.state == AGAIN]
        moment = next_moment(view.order, at=datetime.now(UTC), started=started(view))
        if moment is not None and not waits:
            return max(now + LEAST_SECONDS, moment.timestamp())
        if moment is not None:
            waits.append(moment.timestamp() - now)
        parked = any(reference.state == PARKED for reference in view.references.values())
        return now + soonest(waits, idle=MOST_SECONDS if parked else USUAL_SECONDS)


def _more(view: View, new: Mapping[str, Reference]) -> bool:
    """Whether something can be done at once: items to ask for, or items that need nobody."""
    items = (view.item(item_id) for item_id in workable(view))
    return bool(new) or any(item.action == "no_change" or view.gone(item) for item in items)


def _keep_product(connection: Connection, view: View, product: StoredProduct) -> None:
    known = view.products.get(product.id)
    if known is None:
        products.insert(connection, product)
    else:
        products.replace(connection, product, known.version)


def _instant() -> str:
    return instant(datetime.now(UTC))
