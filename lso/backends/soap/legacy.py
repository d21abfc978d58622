"""An emulated legacy system: the pretend network of the sandbox, spoken to in service orders.

State, ledger and failures on demand are the sandbox's (sandbox/rules.yaml). A legacy system that is not idempotent
takes every submission for a new one: the first of a number is the one it finds again, and its ledger tells of all.

    POST /serviceOrder     SubmitServiceOrder, QueryServiceOrder
    GET  /ledger[?orderNumber=]
    GET  /health
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, jsonify, request

from lso.backends.sandbox.embedded import Sandbox
from lso.backends.soap import envelope
from lso.backends.soap.envelope import CLIENT, MEDIA_TYPE, UNKNOWN_ORDER, Fault
from lso.dialects.book import book
from lso.dialects.xml import XmlRefused
from lso.errors import BridgeError, UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest

Document = dict[str, Any]
STATES = {"working": "WIP", "done": "CMP", "refused": "REJ", "failed": "FLD"}
BODY_BYTES = 1_000_000


class Legacy:
    """What the legacy system does with service orders. repeatable: whether a number taken before is the same order."""

    def __init__(self, network: Sandbox, *, repeatable: bool = True) -> None:
        self.network = network
        self._repeatable = repeatable
        self._mapping = book().mapping("soap.service_order")

    def answer(self, raw: bytes) -> tuple[int, bytes]:
        """Status and message for a message."""
        try:
            found = envelope.opened(raw)
            if isinstance(found, Fault):
                raise XmlRefused("a fault is no question")
            operation, content = found
            if operation == "SubmitServiceOrder":
                return 200, self._submit(self._mapping.read(envelope.order_in(content)).document)
            if operation == "QueryServiceOrder":
                return self._query(envelope.number_in(content))
            raise XmlRefused("no operation of this name")
        except XmlRefused as error:
            return 500, envelope.of_fault(Fault(CLIENT, "BadMessage", str(error)))
        except UpstreamError as error:
            return 504 if error.timed_out else 503, envelope.of_fault(Fault("Server", "Unavailable", error.reason))
        except BridgeError as error:
            return 500, envelope.of_fault(Fault(CLIENT, "Refused", error.reason))

    def _submit(self, order: Document) -> bytes:
        wanted = _request(order)
        number = wanted.external_id
        if not self._repeatable:
            wanted = _request(order, f"{number}#{self._count(number) + 1}")
        progress = self.network.submit(wanted)
        if charge := progress.charge:  # the legacy system has no word for charges: it takes them for paid
            verdicts = {str(place): "accepted" for place in range(1, len(charge.items) + 1)}
            self.network.charge_answered(wanted, charge.key, verdicts)
        return envelope.of_order("SubmitServiceOrderResponse", _tree(number, progress))

    def _query(self, number: str) -> tuple[int, bytes]:
        progress = self.network.find(number if self._repeatable else f"{number}#1")
        if progress is None:
            return 500, envelope.of_fault(Fault(CLIENT, UNKNOWN_ORDER, "There is no such order."))
        return 200, envelope.of_order("QueryServiceOrderResponse", _tree(number, progress))

    def _count(self, number: str) -> int:
        """How many submissions of a number were more than a call that came to nothing."""
        return len({entry.external_id for entry in self.network.ledger()
                    if entry.external_id.rpartition("#")[0] == number and entry.entry in ("accepted", "refused")})


def create_server(legacy: Legacy) -> Flask:
    """A WSGI app over the legacy system."""
    app = Flask("lso-legacy")
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES

    @app.post("/serviceOrder")
    def service_order() -> Response:
        status, body = legacy.answer(request.get_data())
        return Response(body, status, content_type=MEDIA_TYPE)

    @app.get("/ledger")
    def ledger() -> Response:
        number = request.args.get("orderNumber")
        return jsonify([asdict(entry) for entry in legacy.network.ledger()
                        if number is None or entry.external_id.partition("#")[0] == number])

    @app.get("/health")
    def health() -> Response:
        return jsonify({"status": "pass"})

    return app


def _request(order: Document, external_id: str = "") -> ServiceRequest:
    try:
        number, (line,) = order["id"], order["items"]
        action, product = line["action"], dict(line.get("product") or {})
    except (KeyError, TypeError, ValueError):
        raise XmlRefused("an order has a number and one line with an action") from None
    relations = product.pop("relations", ())
    return ServiceRequest(
        external_id=external_id or number, tenant="", order_id=number, item_id="1", action=action, product=product,
        depends_on=tuple(relation["product_id"] for relation in relations if relation.get("product_id")),
        requested_completion_at=order.get("requested_completion_at"), service_id=product.get("id"))


def _tree(number: str, progress: Progress) -> Document:
    line: Document = {"@num": "1"}
    if progress.service_id:
        line["ServiceId"] = progress.service_id
    if progress.reason:
        line["Fault"] = [{"Text": progress.reason}]
    return {"@version": "2.1", "Header": {"OrderNumber": number, "Status": STATES[progress.state]}, "Line": [line]}
