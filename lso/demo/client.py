"""A customer of the service, for the demo: orders, asks and waits, in any language, by HTTP only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from lso.demo.door import DOORS

Document = dict[str, Any]

LANGUAGES = {name: (doors.order.rpartition("/")[0], doors.client) for name, doors in DOORS.items()}
"""Where one tenant reads its orders, and as which of its clients."""
SONATA, CANTATA, TMF = (base for base, _ in LANGUAGES.values())
SAID_MOST = 60
AGAIN = Retry(total=3, backoff_factor=0.1, allowed_methods={"GET", "POST"})
"""That a connection was closed at the other end, the next request alone tells; with its key a POST is safe twice."""
FINAL = frozenset({"completed", "rejected", "failed", "partial", "cancelled"})


class Astray(Exception):
    """A story went another way than it should."""


class Customer:
    """Talks to one service; `token` gives a bearer token for a client's name. again: kills the service and starts it
    again; None where it is not the demo's own."""

    def __init__(self, url: str, token: Callable[[str], str], again: Callable[[], None] | None = None) -> None:
        self.url, self._token, self._again = url, token, again
        self._tokens: dict[str, str] = {}
        self._http = requests.Session()
        self._http.mount(url, HTTPAdapter(max_retries=AGAIN))

    @property
    def owns(self) -> bool:
        """Whether the service is the demo's own."""
        return self._again is not None

    def revive(self) -> None:
        """Kill the service, if it is the demo's own, and start it again; connections to the old one are of no use."""
        if self._again is not None:
            self._http.close()
            self._again()

    def call(self, method: str, path: str, client: str, document: Any = None) -> requests.Response:
        """One request in the name of a client."""
        if client not in self._tokens:
            self._tokens[client] = self._token(client)
        headers = {"Authorization": f"Bearer {self._tokens[client]}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        return self._http.request(method, self.url + path, json=document, headers=headers, timeout=30)

    def place(self, base: str, client: str, document: Document) -> requests.Response:
        """Order something."""
        return self.call("POST", f"{base}/productOrder", client, document)

    def made(self, path: str, client: str, document: Document) -> Document:
        """What a document has brought about. Raises Astray where it is refused."""
        return self.done("POST", path, client, document)

    def done(self, method: str, path: str, client: str, document: Any = None) -> Document:
        """The answer to a request that is granted. Raises Astray where it is not."""
        answer = self.call(method, path, client, document)
        if not answer.ok:
            raise Astray(f"{answer.status_code}: {answer.text[:SAID_MOST]}")
        shown: Document = answer.json()
        return shown

    def read(self, base: str, client: str, id: str) -> requests.Response:
        """An order as a client of that API sees it."""
        return self.call("GET", f"{base}/productOrder/{id}", client)

    def once(self, path: str, client: str, holds: Callable[[Any], Any], seconds: float = 30.0) -> Any:
        """What is read at a path, once that is so of it; what it is when time is up."""
        until = time.monotonic() + seconds
        while not holds(seen := self.call("GET", path, client).json()) and time.monotonic() < until:
            time.sleep(0.05)
        return seen

    def watch(self, base: str, client: str, id: str, seconds: float = 60.0) -> Iterator[Document]:
        """The order each time its state or the state of an item has changed, until it has come to its end."""
        until, last = time.monotonic() + seconds, None
        while time.monotonic() < until:
            order: Document = self.read(base, client, id).json()
            states = (order["state"], *(item.get("state") for item in order["productOrderItem"]))
            if states != last:
                last = states
                yield order
            if order["state"] in FINAL:
                return
            time.sleep(0.05)

    def translate(self, client: str, source: str, target: str, document: Document,
                  resource: str = "order") -> Document:
        """A dry run of the translation: document, complement, findings and losses."""
        path = f"/translate?from={source}&to={target}&resource={resource}"
        answer: Document = self.call("POST", path, client, {"document": document}).json()
        return answer
