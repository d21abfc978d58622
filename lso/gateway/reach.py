"""How the facade reaches the Strategic Interface Layer: the application of this process, or a service elsewhere.

Either way it is the published operation that is called, through the same door and with a token like anybody else's,
save that it is delegated: the facade acts, the tenant is the subject.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from lso.errors import UpstreamError
from lso.gateway.identity.token import Issuer
from lso.gateway.parser import dump
from lso.lean import without
from lso.service.placement import Placement, Said

with without("pygments"):
    import httpx

BASE = "/tmf-api/productOrderingManagement/v4"
OPERATIONS = {"place": ("createProductOrder", f"{BASE}/productOrder"),
              "cancel": ("createCancelProductOrder", f"{BASE}/cancelProductOrder")}
"""By what is asked for: the operation, which is also what a token is good for, and where it is."""
SECONDS = 30.0
OPENING_SECONDS = 15.0
Delegate = Callable[[Placement], str]
"""A token for one order."""


def reach(url: str, issuer: Issuer) -> Elsewhere | Inside:
    """The way to the layer: at a URL, or, where that is empty, in this process."""
    def delegate(order: Placement) -> str:
        operation, _path = OPERATIONS[order.what]
        return issuer.delegate(order.tenant, operation, order.buyer_id, order.order_id)

    return Elsewhere(url, delegate) if url else Inside(delegate)


class Elsewhere:
    """Calls a service by HTTP. url: its base; it may run several processes behind one address."""

    def __init__(self, url: str, delegate: Delegate) -> None:
        self._delegate = delegate
        self._http = httpx.Client(base_url=url, timeout=SECONDS, trust_env=False)

    def __call__(self, placement: Placement) -> Said:
        """Place or cancel the order. Raises UpstreamError."""
        _operation, path = OPERATIONS[placement.what]
        try:
            headers = _headers(placement, self._delegate)
            return _said(self._http.post(path, content=dump(placement.body), headers=headers))
        except httpx.HTTPError as error:
            raise UpstreamError("The layer that takes orders did not answer.", their_words=type(error).__name__,
                                timed_out=isinstance(error, httpx.TimeoutException)) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class Inside:
    """Calls an application of this process, in an event loop of its own: a server's may be about to end."""

    def __init__(self, delegate: Delegate) -> None:
        self._delegate = delegate
        self._offered = threading.Event()
        self._make: Callable[[], ASGIApp] | None = None
        self._app: ASGIApp | None = None
        self._making = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="facade", daemon=True)

    def offer(self, make: Callable[[], ASGIApp]) -> None:
        """Whom to call from now on; made when first needed."""
        self._make = make
        self._offered.set()

    def close(self) -> None:
        """End the loop; by now nobody calls any more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def __call__(self, placement: Placement) -> Said:
        """Place or cancel the order. Raises UpstreamError."""
        _operation, path = OPERATIONS[placement.what]
        headers = _headers(placement, self._delegate)
        call = _call(self._application(), path, dump(placement.body), headers)
        answer = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return _said(answer.result(SECONDS))
        except concurrent.futures.TimeoutError as error:
            answer.cancel()
            raise UpstreamError("The layer that takes orders did not answer.", timed_out=True) from error

    def _application(self) -> ASGIApp:
        """The application; a process that has just started may still be making it."""
        self._offered.wait(OPENING_SECONDS)
        with self._making:
            if self._app is None:
                if self._make is None:
                    raise UpstreamError("The layer that takes orders is not there.")
                self._app = self._make()
                self._thread.start()
            return self._app


async def _call(app: ASGIApp, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://sil") as client:
        return await client.post(path, content=body, headers=headers)


def _headers(placement: Placement, delegate: Delegate) -> dict[str, str]:
    trace = {"X-Request-Id": placement.trace_id} if placement.trace_id else {}
    return {"Authorization": f"Bearer {delegate(placement)}", "Content-Type": "application/json",
            "Idempotency-Key": placement.key, **trace}


def _said(response: httpx.Response) -> Said:
    try:
        body: Any = response.json()
    except ValueError:
        body = {}
    return Said(response.status_code, body if isinstance(body, dict) else {})
