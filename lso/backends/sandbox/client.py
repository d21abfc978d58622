"""The pretend network over HTTP: what `lso sandbox` serves, as a back end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import requests
from structlog.contextvars import get_contextvars

from lso.backends.sandbox.network import progress_from
from lso.errors import UpstreamError
from lso.lifecycle.ports import Progress, ServiceRequest


class SandboxClient:
    """A back end (lifecycle.ports.BackEnd). Whatever goes wrong on the way is an UpstreamError."""

    def __init__(self, base_url: str, *, timeout_seconds: float = 10.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = (min(3.0, timeout_seconds), timeout_seconds)
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def feasible(self, request: ServiceRequest) -> str | None:
        """Why the network would not do this; None when it would."""
        reason = self._call("POST", "/feasibility", request).get("reason")
        return None if reason is None else str(reason)

    def submit(self, request: ServiceRequest) -> Progress:
        """Begin once; every later call with the same external id tells how far it is."""
        return _progress(self._call("PUT", _path(request.external_id), request))

    def look(self, request: ServiceRequest) -> Progress | None:
        """How far it is; None for what was never asked."""
        answer = self._call("GET", _path(request.external_id), missing=True)
        return _progress(answer) if answer else None

    def _call(self, method: str, path: str, request: ServiceRequest | None = None, *,
              missing: bool = False) -> dict[str, Any]:
        body = json.dumps(asdict(request)) if request else None
        headers = {"Content-Type": "application/json"}
        if trace_id := get_contextvars().get("trace_id"):
            headers["X-Request-ID"] = str(trace_id)
        try:
            answer = self._session.request(method, self._base_url + path, data=body, timeout=self._timeout,
                                           headers=headers, allow_redirects=False)
        except requests.Timeout as error:
            raise UpstreamError("The network did not answer in time.", timed_out=True) from error
        except requests.RequestException as error:
            raise UpstreamError("The network cannot be reached.", their_words=type(error).__name__) from error
        if missing and answer.status_code == 404:
            return {}
        if answer.status_code != 200:
            raise UpstreamError(f"The network answered {answer.status_code}.", their_words=answer.text[:255],
                                timed_out=answer.status_code == 504)
        try:
            document = answer.json()
        except requests.JSONDecodeError as error:
            raise UpstreamError("The network's answer is not JSON.") from error
        if not isinstance(document, dict):
            raise UpstreamError("The network's answer is not an object.")
        return document


def _path(external_id: str) -> str:
    return f"/services/{quote(external_id, safe='')}"


def _progress(document: dict[str, Any]) -> Progress:
    try:
        return progress_from(document)
    except (KeyError, ValueError) as error:
        raise UpstreamError("The network's answer cannot be understood.") from error
