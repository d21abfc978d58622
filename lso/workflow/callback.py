"""One POST to a subscriber: to the very address that was checked, and over in time whatever the other side does.

Redirects are not followed, proxies and credentials of the environment are not used, the answer's body is not read.
Every call has a connection of its own: a subscriber may share a host with others, not a connection.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from lso.errors import NotUnderstood, UpstreamError
from lso.service.address import Policy, resolve

CONNECT_SECONDS_MOST = 5.0


def post(url: str, body: bytes, headers: Mapping[str, str], *, policy: Policy, timeout_seconds: float) -> None:
    """Deliver, or raise UpstreamError. Any 2xx is a receipt."""
    try:
        where, address = resolve(url, policy)
    except NotUnderstood as refusal:
        raise UpstreamError(refusal.reason) from refusal
    adapter = PinnedAdapter(str(address))
    session = requests.Session()
    session.trust_env = False
    session.mount(f"{where.scheme}://", adapter)
    deadline = Timer(timeout_seconds, adapter.hang_up)
    deadline.daemon = True
    deadline.start()
    try:
        timeout = (min(CONNECT_SECONDS_MOST, timeout_seconds), timeout_seconds)
        with session.post(url, data=body, headers=dict(headers), timeout=timeout, allow_redirects=False,
                          stream=True) as answer:
            status = answer.status_code
    except requests.RequestException as error:
        late = adapter.hung_up or isinstance(error, requests.Timeout)
        words = "did not answer in time" if late else "could not be reached"
        raise UpstreamError(f"The callback {words}.", their_words=type(error).__name__, timed_out=late) from error
    finally:
        deadline.cancel()
        session.close()
    if adapter.hung_up:  # headers that end with the connection look like headers that end
        raise UpstreamError("The callback did not answer in time.", timed_out=True)
    if not 200 <= status < 300:
        raise UpstreamError(f"The callback answered {status}.")


class PinnedAdapter(HTTPAdapter):
    """Connects to one address whatever the URL's host says; names in TLS and in the Host header stay the URL's."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._sockets: list[socket.socket] = []
        self.hung_up = False
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by requests; puts our kind of connection into its pools."""
        super().init_poolmanager(*args, **kwargs)
        adapter = self

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self.port, self.timeout)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self.port, self.timeout)

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}

    def connect(self, port: int | None, timeout: Any) -> socket.socket:
        """A connection to the address."""
        connected = socket.create_connection((self._address, port or 80), timeout=timeout)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets.append(connected)
        if self.hung_up:
            self.hang_up()
        return connected

    def hang_up(self) -> None:
        """End the call from another thread: whoever waits for the other side is woken."""
        self.hung_up = True
        for connected in self._sockets:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)
