"""The pretend network as a program of its own: a small Flask app over the embedded one. JSON in, JSON out.

    PUT  /services/{externalId}    submit an instruction; idempotent
    GET  /services/{externalId}    how far it is; 404 for what was never asked
    POST /feasibility              {"reason": null} when the instruction could be carried out
    POST /surveys                  the same, and how surely, how soon, what else there is
    POST /prices                   the same and the `item` of the quote: {"quotation": null} where there is no price
    POST /addresses                an address as `submitted`, and whether `others` are wanted
    POST /cancellations/{externalId}   whether it would be stopped, and for which charge; PUT: it is
    POST /dates/{externalId}       the instruction and a `wish`: whether another date would do; PUT: it is taken
    PUT  /answers/{externalId}     the instruction, the `key` of a charge, and `verdicts` on its items
    GET  /ledger[?externalId=]     everything that was asked and done
    PUT  /places/{id}              ports, mbps, lead_seconds, behaviour, amount; what is absent is as usual
    GET  /health
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Flask, Response, jsonify, request

from lso.backends.sandbox.addresses import answer as answer_addresses
from lso.backends.sandbox.embedded import Sandbox
from lso.backends.sandbox.rules import BEHAVIOURS
from lso.errors import BridgeError, NotFound, NotUnderstood, UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest, Wish

PLACE_MEMBERS = {"ports", "mbps", "lead_seconds", "behaviour", "amount"}


def create_server(sandbox: Sandbox) -> Flask:
    """A WSGI app over an open sandbox."""
    app = Flask("lso-sandbox")

    @app.put("/services/<path:external_id>")
    def submit(external_id: str) -> Response:
        return jsonify(asdict(sandbox.submit(_service_request(_body(), external_id))))

    @app.get("/services/<path:external_id>")
    def look(external_id: str) -> Response:
        progress = sandbox.find(external_id)
        if progress is None:
            raise NotFound("Nothing was asked under this external id.")
        return jsonify(asdict(progress))

    @app.post("/feasibility")
    def feasibility() -> Response:
        return jsonify({"reason": sandbox.feasible(_service_request(_body()))})

    @app.post("/surveys")
    def surveys() -> Response:
        return jsonify(asdict(sandbox.survey(_service_request(_body()))))

    @app.post("/prices")
    def prices() -> Response:
        body = _body()
        if not isinstance(item := body.pop("item", None), dict):
            raise NotUnderstood("The question for a price has an item.")
        said = sandbox.quote(_service_request(body), item)
        return jsonify({"quotation": None if said is None else asdict(said)})

    @app.post("/addresses")
    def addresses() -> Response:
        return jsonify(answer_addresses(_body()))

    @app.post("/cancellations/<path:external_id>")
    def would_cancel(external_id: str) -> Response:
        return jsonify(asdict(sandbox.would_cancel(_service_request(_body(), external_id))))

    @app.put("/cancellations/<path:external_id>")
    def cancel(external_id: str) -> Response:
        sandbox.cancel(_service_request(_body(), external_id))
        return jsonify({})

    @app.post("/dates/<path:external_id>")
    def would_reschedule(external_id: str) -> Response:
        body = _body()
        wish = _wish(body)
        return jsonify(asdict(sandbox.would_reschedule(_service_request(body, external_id), wish)))

    @app.put("/dates/<path:external_id>")
    def reschedule(external_id: str) -> Response:
        body = _body()
        wish = _wish(body)
        expected = sandbox.reschedule(_service_request(body, external_id), wish)
        return jsonify({"expected_completion_at": expected})

    @app.put("/answers/<path:external_id>")
    def answer(external_id: str) -> Response:
        body = _body()
        key, verdicts = body.pop("key", None), body.pop("verdicts", None)
        if not isinstance(key, str) or not isinstance(verdicts, dict):
            raise NotUnderstood("An answer has a key and verdicts.")
        sandbox.charge_answered(_service_request(body, external_id), key, verdicts)
        return jsonify({})

    @app.get("/ledger")
    def ledger() -> Response:
        return jsonify([asdict(entry) for entry in sandbox.ledger(request.args.get("externalId"))])

    @app.put("/places/<path:place_id>")
    def place(place_id: str) -> Response:
        wanted = _body()
        if wanted.keys() - PLACE_MEMBERS or wanted.get("behaviour") not in BEHAVIOURS | {None}:
            raise NotUnderstood("A place has ports, mbps, lead_seconds, behaviour and amount.")
        kept = replace(sandbox.usual(place_id), **wanted)
        sandbox.keep_places([kept])
        return jsonify(asdict(kept))

    @app.get("/health")
    def health() -> Response:
        return jsonify({"status": "pass"})

    @app.errorhandler(BridgeError)
    def refuse(error: BridgeError) -> tuple[Response, int]:
        status = 504 if isinstance(error, UpstreamError) and error.timed_out else error.status
        status = 503 if isinstance(error, UpstreamError) and not error.timed_out else status
        return jsonify({"code": error.code, "reason": error.reason}), status

    return app


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise NotUnderstood("The body is not a JSON object.")
    return body


def _service_request(body: dict[str, Any], external_id: str = "") -> ServiceRequest:
    try:
        return ServiceRequest(**{**body, "external_id": external_id, "depends_on": tuple(body.get("depends_on") or ())})
    except TypeError as error:
        raise NotUnderstood("The body is not an instruction.") from error


def _wish(body: dict[str, Any]) -> Wish:
    try:
        return Wish(**body.pop("wish"))
    except (KeyError, TypeError) as error:
        raise NotUnderstood("The body has no wish.") from error
