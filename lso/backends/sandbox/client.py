"""The pretend network over HTTP: what `lso sandbox` serves, as a back end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import quote

import requests
from structlog.contextvars import get_contextvars

from lso.backends.sandbox.message import (
    feasibility_from,
    progress_from,
    promise_from,
    quotation_from,
    reason_from,
    willing_from,
)
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest, Willing, Wish
from lso.lifecycle.ports.question import Feasibility, Quotation

T = TypeVar("T")


class SandboxClient:
    """A back end, and a flexible one (lifecycle.ports.back_end). Whatever goes wrong on the way is an UpstreamError."""

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
        return _read(reason_from, self._call("POST", "/feasibility", asdict(request)))

    def survey(self, request: ServiceRequest) -> Feasibility:
        """Whether it would, how surely and how soon, and what else there is."""
        return _read(feasibility_from, self._call("POST", "/surveys", asdict(request)))

    def quote(self, request: ServiceRequest, item: dict[str, Any]) -> Quotation | None:
        """What it would cost; None where the network has no price."""
        return _read(quotation_from, self._call("POST", "/prices", {**asdict(request), "item": item}))

    def submit(self, request: ServiceRequest) -> Progress:
        """Begin once; every later call with the same external id tells how far it is."""
        return _read(progress_from, self._call("PUT", _path("services", request), asdict(request)))

    def look(self, request: ServiceRequest) -> Progress | None:
        """How far it is; None for what was never asked."""
        answer = self._call("GET", _path("services", request), missing=True)
        return _read(progress_from, answer) if answer else None

    def would_cancel(self, request: ServiceRequest) -> Willing:
        """Whether it would stop, and for which price."""
        return _read(willing_from, self._call("POST", _path("cancellations", request), asdict(request)))

    def cancel(self, request: ServiceRequest) -> None:
        """Stop, and take back what came of it."""
        self._call("PUT", _path("cancellations", request), asdict(request))

    def would_reschedule(self, request: ServiceRequest, wish: Wish) -> Willing:
        """Whether it would do this on another date, and for which price."""
        body = {**asdict(request), "wish": asdict(wish)}
        return _read(willing_from, self._call("POST", _path("dates", request), body))

    def reschedule(self, request: ServiceRequest, wish: Wish) -> str | None:
        """Do this on another date."""
        body = {**asdict(request), "wish": asdict(wish)}
        return _read(promise_from, self._call("PUT", _path("dates", request), body))

    def charge_answered(self, request: ServiceRequest, key: str, verdicts: Mapping[str, str]) -> None:
        """The buyer's word on a charge."""
        self._call("PUT", _path("answers", request), {**asdict(request), "key": key, "verdicts": dict(verdicts)})

    def _call(self, method: str, path: str, document: dict[str, Any] | None = None, *,
              missing: bool = False) -> dict[str, Any]:
        body = json.dumps(document) if document else None
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


def _path(folder: str, request: ServiceRequest) -> str:
    return f"/{folder}/{quote(request.external_id, safe='')}"


def _read(reader: Callable[[Mapping[str, Any]], T], document: dict[str, Any]) -> T:
    try:
        return reader(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UpstreamError("The network's answer cannot be understood.") from error
