"""The pretend network as a program of its own: a small Flask app over the embedded one. JSON in, JSON out.

    PUT  /services/{externalId}    submit an instruction; idempotent
    GET  /services/{externalId}    how far it is; 404 for what was never asked
    POST /feasibility              {"reason": null} when the instruction could be carried out
    GET  /ledger[?externalId=]     everything that was asked and done
    PUT  /places/{id}              ports, mbps, lead_seconds, behaviour, amount; what is absent is as usual
    GET  /health
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Flask, Response, jsonify, request

from lso.backends.sandbox.embedded import Sandbox
from lso.backends.sandbox.rules import BEHAVIOURS
from lso.errors import BridgeError, NotFound, NotUnderstood, UpstreamError
from lso.lifecycle.ports import ServiceRequest

PLACE_MEMBERS = {"ports", "mbps", "lead_seconds", "behaviour", "amount"}


def create_server(sandbox: Sandbox) -> Flask:
    """A WSGI app over an open sandbox."""
    app = Flask("lso-sandbox")

    @app.put("/services/<path:external_id>")
    def submit(external_id: str) -> Response:
        return jsonify(asdict(sandbox.submit(_service_request(external_id))))

    @app.get("/services/<path:external_id>")
    def look(external_id: str) -> Response:
        progress = sandbox.find(external_id)
        if progress is None:
            raise NotFound("Nothing was asked under this external id.")
        return jsonify(asdict(progress))

    @app.post("/feasibility")
    def feasibility() -> Response:
        return jsonify({"reason": sandbox.feasible(_service_request(""))})

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


def _service_request(external_id: str) -> ServiceRequest:
    body = _body()
    try:
        return ServiceRequest(**{**body, "external_id": external_id, "depends_on": tuple(body.get("depends_on") or ())})
    except TypeError as error:
        raise NotUnderstood("The body is not an instruction.") from error
