"""How the pretend network tells requests and services apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from lso.lifecycle.ports.back_end import ServiceRequest

CHANGING = {"requested_completion_at", "asked_at", "their_id"}


def fingerprint_of(request: ServiceRequest) -> str:
    """The same for the same request; the wish for a date may change, and what we remember of asking."""
    said = {name: value for name, value in asdict(request).items() if name not in CHANGING}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def service_id_of(request: ServiceRequest) -> str:
    """The service that a request is about; one made for an add is called after the external id."""
    if request.action == "add":
        return f"svc-{request.external_id}"
    return request.service_id or f"found-{request.product.get('id')}"
