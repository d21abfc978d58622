"""Connections of somebody's Internet On-Demand API, as a back end.

The published API knows no external id, no idempotency key and no delete. So a write whose answer was lost is looked for
in the list; what cannot be told from the list is parked for a person. Nothing is written twice on a guess: a connection
that is not in the list is asked for again only when there has been time for it to appear, or when the far side honours
idempotency keys. Setting a bandwidth is idempotent by nature and is repeated when it cannot be seen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

from lso.backends.metrics import PARKED
from lso.backends.redaction import redacted
from lso.backends.rest.asking import Asking
from lso.backends.rest.connection import asked, identifier, progress, same_rate, search
from lso.backends.verdict import postponed, retry_after, verdict
from lso.backends.wire import Reply
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest

Document = dict[str, Any]
PAGES_MOST = 200
REASON_MOST = 255
AMBIGUOUS = "{} connections might be the one that was asked for."
NOT_LISTED = "The back end took the connection and no longer knows of it."


@dataclass(frozen=True, slots=True)
class Manner:
    """How the far side is: which of our additions it offers, and how patient to be with it.

    settle_seconds: a write that is not to be seen after that has not happened.
    """

    additions: frozenset[str] = frozenset()
    poll_seconds: float = 5.0
    settle_seconds: float = 30.0


class RestBackEnd:
    """A back end (lifecycle.ports.back_end.BackEnd). others: who else a connection is known to have been made for.

    place: what a place of a tenant's is called there, by our id.
    """

    def __init__(self, asking: Asking, manner: Manner, *, others: Callable[[str], Collection[str]] = lambda _name: (),
                 place: Callable[[str, str], str] = lambda _tenant, id: id) -> None:
        self._asking = asking
        self._manner = manner
        self._others = others
        self._place = place

    def close(self) -> None:
        """Close the connections."""
        self._asking.close()

    def feasible(self, request: ServiceRequest) -> str | None:
        """The API cannot be asked beforehand; what it has no words for is known here."""
        wanted = asked(request)
        if request.action == "delete":
            if "delete" not in self._manner.additions:
                return "The network behind this service cannot end connections."
        elif "bandwidth" not in wanted:
            return "The product does not say how fast the connection is to be."
        elif request.action == "add" and "locationId" not in wanted:
            return "The connection needs a place that is known by its id."
        if request.action != "add" and not request.service_id:
            return "The service to change is not one of this network."
        return None

    def submit(self, request: ServiceRequest) -> Progress:
        """Write it, once."""
        request = self._there(request)
        if reason := self.feasible(request):
            return Progress("refused", reason)
        reply = self._write(request)
        meaning = verdict(reply.status)
        if meaning == "postponed":
            return postponed(reply)
        if request.action == "delete" and reply.status in (404, 410):
            return Progress("done", service_id=request.service_id)
        if meaning == "refused" and not (request.action == "add" and reply.status == 404):
            return Progress("refused", _reason(reply))
        if meaning != "success":
            raise self._asking.odd(reply)
        if request.action != "add":
            return Progress("working", service_id=request.service_id, look_again_seconds=self._manner.poll_seconds)
        return self._added(reply)

    def look(self, request: ServiceRequest) -> Progress | None:
        """Where the connection stands; None when nothing came of the request."""
        request = self._there(request)
        name = request.their_id if request.action == "add" else request.service_id
        if name is None:
            return self._search(request)
        reply = self._read(f"/connections/{quote(name, safe='')}", request)
        if verdict(reply.status) == "postponed":
            return Progress("working", look_again_seconds=retry_after(reply))
        if reply.status in (404, 410):
            if request.action == "delete":
                return Progress("done", service_id=name)
            return self._parked(NOT_LISTED)
        connection = self._asking.object(reply)
        if request.action == "delete":
            ended = connection.get("status") == "terminated"
            return Progress("done", service_id=name) if ended else self._unseen(request)
        found = progress(connection, poll_seconds=self._manner.poll_seconds)
        if request.action == "add" or found.state == "failed":
            return found
        return found if same_rate(connection.get("bandwidth"), asked(request)["bandwidth"]) else self._unseen(request)

    def _there(self, request: ServiceRequest) -> ServiceRequest:
        """The request with places by the ids that they have there."""
        places = [{**place, "id": self._place(request.tenant, place["id"])} if place.get("id") else place
                  for place in request.product.get("places") or ()]
        return replace(request, product={**request.product, "places": places}) if places else request

    def _write(self, request: ServiceRequest) -> Reply:
        wanted, name = asked(request), quote(request.service_id or "", safe="")
        method, path, body = {
            "add": ("POST", "/connections", wanted),
            "modify": ("PUT", f"/connections/{name}/bandwidth", {"bandwidth": wanted.get("bandwidth")}),
            "delete": ("DELETE", f"/connections/{name}", None),
        }[request.action]
        keyed = "idempotency_key" in self._manner.additions and request.action != "delete"
        more = {"Idempotency-Key": request.external_id} if keyed else {}
        return self._asking.send(method, path, body, about=request, more=more)

    def _read(self, path: str, request: ServiceRequest) -> Reply:
        return self._asking.send("GET", path, about=request)

    def _added(self, reply: Reply) -> Progress:
        """It was taken; which one it is tells the body, else the address."""
        try:
            connection = self._asking.object(reply)
            if identifier(connection) and "status" in connection:
                return progress(connection, poll_seconds=self._manner.poll_seconds)
        except UpstreamError:
            connection = {}
        last = urlsplit(reply.headers.get("Location") or "").path.rpartition("/")[2]
        name = identifier(connection) or last
        if not name:
            raise UpstreamError(f"{self._asking.name} took the request and does not tell what it made.",
                                their_words=reply.words)
        return Progress("working", service_id=name, look_again_seconds=self._manner.poll_seconds)

    def _search(self, request: ServiceRequest) -> Progress | None:
        if "idempotency_key" in self._manner.additions:
            return None  # asked again with the same key, it is asked once
        found = search(self._listed(request), request, echoed="description" in self._manner.additions,
                       others=lambda name: set(self._others(name)) - {request.external_id})
        if found.one is not None:
            return progress(found.one, poll_seconds=self._manner.poll_seconds)
        return self._parked(AMBIGUOUS.format(found.several)) if found.several else self._unseen(request)

    def _unseen(self, request: ServiceRequest) -> Progress | None:
        """Nothing to be seen of it: that may be a matter of time, unless we were told that it was taken."""
        if request.their_id and request.action != "add":
            return Progress("working", service_id=request.service_id, look_again_seconds=self._manner.poll_seconds)
        left = (request.asked_at or 0.0) + self._manner.settle_seconds - time.time()
        if left > 0:
            return Progress("working", look_again_seconds=min(left, self._manner.poll_seconds))
        return None

    def _listed(self, request: ServiceRequest) -> Iterator[Document]:
        path = "/connections"
        for _ in range(PAGES_MOST):
            page = self._asking.object(self._read(path, request))
            connections = page.get("connections")
            if not isinstance(connections, list):
                raise UpstreamError(f"{self._asking.name} gave a list that cannot be read.")
            yield from (one for one in connections if isinstance(one, dict))
            cursor = page.get("nextCursor")
            if not isinstance(cursor, str) or not cursor:
                return
            path = f"/connections?cursor={quote(cursor, safe='')}"
        raise UpstreamError(f"{self._asking.name} lists without end.")

    def _parked(self, reason: str) -> Progress:
        PARKED.labels(self._asking.name).inc()
        return Progress("parked", reason)


def _reason(reply: Reply) -> str:
    """What a problem (RFC 9457) says, else the status."""
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = None
    words = [said.get(name) for name in ("detail", "title", "message", "reason")] if isinstance(said, dict) else []
    text = next((word for word in words if isinstance(word, str) and word), "")
    return redacted(text)[:REASON_MOST] or f"The network answered {reply.status}."
