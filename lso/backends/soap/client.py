"""Service orders through the legacy system, as a back end.

An item is a service order of one line; its order number is our external id, by which the legacy system finds it again.
So whatever was lost on the way is found by asking, and nothing has to be guessed. A legacy system that takes the same
order number twice is asked to begin only when it has said that it knows none of that number.
"""

from __future__ import annotations

from typing import Any

from lso.backends.redaction import redacted
from lso.backends.soap import envelope
from lso.backends.soap.envelope import CLIENT, MEDIA_TYPE, UNKNOWN_ORDER, Fault
from lso.backends.verdict import postponed, verdict
from lso.backends.wire import Message, Reply, Wire
from lso.dialects.book import book
from lso.dialects.xml import XmlRefused
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ProgressState, ServiceRequest

Document = dict[str, Any]
LINE = "1"
STATES: dict[str, ProgressState] = {"completed": "done", "failed": "failed", "rejected": "refused",
                                    "cancelled": "refused"}
REASON_MOST = 255
NOT_THERE = 404  # the address is wrong, not the order


def healthy(reply: Reply) -> bool:
    """SOAP 1.1 answers 500 with every fault; one of ours does not speak against the legacy system."""
    if reply.status < 500:
        return True
    try:
        found = envelope.opened(reply.body)
    except XmlRefused:
        return False
    return isinstance(found, Fault) and found.code == CLIENT


class SoapBackEnd:
    """A back end (lifecycle.ports.back_end.BackEnd). poll_seconds: how often to look while an order is in work."""

    def __init__(self, wire: Wire, url: str, *, poll_seconds: float = 5.0) -> None:
        self._wire = wire
        self._url = url
        self._poll_seconds = poll_seconds
        self._mapping = book().mapping("soap.service_order")

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def feasible(self, request: ServiceRequest) -> str | None:
        """The legacy system cannot be asked beforehand; what it could not even read is known here."""
        if request.action != "add" and not request.service_id:
            return "The service to change is not one of this network."
        try:
            self._submission(request)
        except XmlRefused:
            return "The request holds text that cannot be sent as XML."
        return None

    def submit(self, request: ServiceRequest) -> Progress:
        """Send the service order."""
        try:
            body = self._submission(request)
        except XmlRefused:
            return Progress("refused", "The request holds text that cannot be sent as XML.")
        found = self._ask("SubmitServiceOrder", body, request)
        if isinstance(found, Progress):
            return found
        if isinstance(found, Fault):
            return Progress("refused", redacted(found.text)[:REASON_MOST] or "The network refuses without a reason.")
        return self._progress(found, request)

    def look(self, request: ServiceRequest) -> Progress | None:
        """Where the service order of that number stands."""
        found = self._ask("QueryServiceOrder", envelope.of_number("QueryServiceOrder", request.external_id), request)
        if isinstance(found, Progress):
            return Progress("working", look_again_seconds=found.look_again_seconds)
        if isinstance(found, Fault):
            if found.detail == UNKNOWN_ORDER:
                return None
            raise UpstreamError(f"{self._wire.name} does not take our question.", their_words=redacted(found.text))
        return self._progress(found, request)

    def _submission(self, request: ServiceRequest) -> bytes:
        return envelope.of_order("SubmitServiceOrder", self._mapping.write(_order(request)).document)

    def _ask(self, operation: str, body: bytes, request: ServiceRequest) -> Document | Fault | Progress:
        """The service order that came back, a fault of ours, or that we are to come again."""
        headers = {"Content-Type": MEDIA_TYPE, "SOAPAction": f'"{operation}"'}
        reply = self._wire.send(Message("POST", self._url, body, headers, request))
        meaning = verdict(reply.status)
        if meaning == "postponed":
            return postponed(reply)
        try:
            found = envelope.opened(reply.body)
            if isinstance(found, Fault) and found.code == CLIENT:
                return found
            if not isinstance(found, Fault) and meaning == "success":
                name, content = found
                if name != f"{operation}Response":
                    raise XmlRefused("an answer to something else")
                return envelope.order_in(content)
        except XmlRefused as error:
            if meaning == "success":
                raise UpstreamError(f"{self._wire.name} gave an answer that cannot be read: {error}.",
                                    their_words=reply.words) from error
        if meaning == "refused" and reply.status != NOT_THERE:
            return Fault(CLIENT, "", f"The network answered {reply.status}.")
        raise UpstreamError(f"{self._wire.name} answered {reply.status}.", their_words=reply.words)

    def _progress(self, tree: Document, request: ServiceRequest) -> Progress:
        order = self._mapping.read(tree).document
        if order.get("id") != request.external_id:  # late, or somebody else's
            raise UpstreamError(f"{self._wire.name} answered about another order.")
        state = order.get("state")
        line = next((line for line in order.get("items") or () if isinstance(line, dict)), {})
        if state is None:
            raise UpstreamError(f"{self._wire.name} told a state that is not known.")
        outcome = STATES.get(state, "working")
        product, faults = line.get("product"), line.get("errors") or ()
        service_id = product.get("id") if isinstance(product, dict) else None
        reason = next((fault["reason"] for fault in faults if isinstance(fault, dict) and fault.get("reason")), "")
        if outcome == "done" and request.action == "add" and not service_id:
            raise UpstreamError(f"{self._wire.name} says it is done and not what it made.")
        return Progress(outcome, reason=redacted(str(reason))[:REASON_MOST] if outcome != "done" else "",
                        service_id=service_id if outcome in ("working", "done") else None,
                        look_again_seconds=self._poll_seconds if outcome == "working" else None)


def _order(request: ServiceRequest) -> Document:
    """The item as an order of its own, in the legacy system's terms: its order number, its names for services."""
    product = {name: value for name, value in request.product.items() if name not in ("id", "relations")}
    if request.service_id:
        product["id"] = request.service_id
    if request.depends_on:
        product["relations"] = [{"product_id": name} for name in request.depends_on]
    order: Document = {"id": request.external_id, "items": [{"id": LINE, "action": request.action, "product": product}]}
    if request.requested_completion_at:
        order["requested_completion_at"] = request.requested_completion_at
    return order
