"""What is asked of back ends about an order: whether they would, then how far they are. Outside any transaction."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from lso.backends.router import Router
from lso.errors import BridgeError, UpstreamError
from lso.lifecycle.commitment import unmet
from lso.lifecycle.order import Refusal, instant
from lso.lifecycle.ports.back_end import BackEnd, Progress, ServiceRequest
from lso.lifecycle.sequence import ready
from lso.service.agreement import defaults_of
from lso.store.document import indexed
from lso.store.reference import Reference
from lso.workflow.view import AGAIN, ASKED, PARKED, TOLD_DONE, TOLD_FAILED, View, external_id

P = ParamSpec("P")
T = TypeVar("T")
FORGOTTEN = "The back end took the request and no longer knows of it."


@dataclass(frozen=True, slots=True)
class Round:
    """What back ends said when all open items had been asked about: None where they never heard of the request.

    error: why some of them could not be asked.
    """

    answers: Mapping[str, Progress | None] = field(default_factory=dict)
    error: UpstreamError | None = None


def assess(view: View, router: Router) -> list[Refusal]:
    """What stands against the items. Raises UpstreamError when a back end cannot say."""
    found = [*unmet(view.order, defaults_of(view.profile))]
    unbound = {refusal.item_id for refusal in found}
    for index, item in enumerate(view.order.items):
        product = view.document(item)
        if item.id is None or item.action == "no_change" or item.id in unbound:
            continue
        if gone := view.gone(item):
            found.append(Refusal(item.id, "invalidValue", gone, f"/items/{index}/product/id"))
        elif item.action is None or not (product.get("offering_id") or product.get("schema")):
            found.append(Refusal(item.id, "missingProperty", "The item names no product that could be delivered.",
                                 f"/items/{index}/product"))
        elif (name := router.choose(view.profile, product)) is None:
            reason = "Nobody delivers this product there."
            found.append(Refusal(item.id, "otherIssue", reason, f"/items/{index}/product"))
        elif refusal := asked_of(router.back_end(name).feasible, view.request(item)):
            found.append(Refusal(item.id, "otherIssue", refusal, f"/items/{index}/product"))
    return found


def unasked(view: View, router: Router) -> dict[str, Reference]:
    """Items that may be worked on and that are to be asked for now: as they are to be written down first."""
    now, found = time.time(), dict[str, Reference]()
    for item_id in workable(view):
        item = view.item(item_id)
        if (known := view.references.get(item_id)) is not None:
            if known.state == AGAIN and (known.asked_at or 0.0) <= now:
                found[item_id] = dataclasses.replace(known, state=ASKED, asked_at=now)
            continue
        if item.action == "no_change" or view.gone(item):
            continue
        found[item_id] = Reference(
            tenant=view.stored.tenant, backend=router.choose(view.profile, view.document(item)) or "",
            external_id=external_id(view.stored.id, item_id), order_id=view.stored.id, item_id=indexed(item_id) or "",
            their_id=None, state=ASKED, changed_at=now, asked_at=now)
    return found


def ask(view: View, router: Router) -> Round:
    """Ask about every item that may be worked on."""
    answers: dict[str, Progress | None] = {}
    error = None
    for item_id in workable(view):
        item = view.item(item_id)
        if item.action == "no_change":
            answers[item_id] = Progress("done")
        elif gone := view.gone(item):
            answers[item_id] = Progress("failed", gone)
        elif (known := view.references.get(item_id)) is None or known.state in (AGAIN, PARKED):
            continue
        elif known.state in (TOLD_DONE, TOLD_FAILED):
            answers[item_id] = _told(known)
        else:
            back_end = router.back_end(known.backend)
            try:
                answers[item_id] = _progress(back_end, view.request(item), known=item_id not in view.fresh)
            except UpstreamError as failure:
                error = failure
            except BridgeError as failure:
                error = UpstreamError("The back end does not take the request.", their_words=failure.reason)
    return Round(answers, error)


def workable(view: View) -> tuple[str, ...]:
    """Ids of the items that may be worked on now, the ones under way among them."""
    return ready(view.order, at=datetime.now(UTC), existing=view.existing, started=started(view))


def started(view: View) -> dict[str, str]:
    """When work on the items began: a reference keeps the moment at which the item was first asked for."""
    return {item_id: instant(datetime.fromtimestamp(reference.changed_at, UTC))
            for item_id, reference in view.references.items()}


def asked_of(ask: Callable[P, T], *about: P.args, **more: P.kwargs) -> T:
    """The answer of a back end; whatever it raises is its failure, not the caller's."""
    try:
        return ask(*about, **more)
    except UpstreamError:
        raise
    except BridgeError as failure:
        raise UpstreamError("The back end does not take the question.", their_words=failure.reason) from failure


def _progress(back_end: BackEnd, request: ServiceRequest, *, known: bool) -> Progress | None:
    """How far the back end is; it is asked to begin only when nothing can have been asked since that was written down.

    What it had taken and now never heard of is not asked for again: it may have been done.
    """
    if not known:
        return back_end.submit(request)
    progress = back_end.look(request)
    return Progress("parked", FORGOTTEN) if progress is None and request.their_id else progress


def _told(reference: Reference) -> Progress:
    """What a person said of a request that was parked."""
    if reference.state == TOLD_DONE:
        return Progress("done", service_id=reference.their_id)
    return Progress("failed", reference.reason or "")
