"""Orders, subscribers and workers to play with: everything is the real thing, small and in a hurry."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.canonical.tenant import Profile
from lso.dialects.book import book
from lso.lifecycle.acknowledgement import acknowledge
from lso.lifecycle.charge import answer
from lso.lifecycle.order import instant
from lso.service.event import event_of
from lso.service.visibility import schemas_of
from lso.settings import Settings
from lso.store import job, order, outbox, product, resource, subscription, tenant
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.instant import seconds
from lso.store.order import StoredOrder
from lso.store.product import StoredProduct
from lso.store.subscription import Subscription
from lso.workflow.embedded import Embedded

Document = dict[str, Any]
UNI = "urn:mef:lso:spec:cantata-sonata:carrier-ethernet-subscriber-uni:v1.0.0:all"
EPL = "urn:mef:lso:spec:cantata-sonata:epl-evc:v1.0.0:all"
TENANT = "carrier"
ENDED = {"cancelled", "completed", "failed", "partial", "rejected"}


def hurried(**more: Any) -> Settings:
    """Settings with short leases and quick retries."""
    return Settings(**{"lease_seconds": 2.0, "sweep_seconds": 0.5, "backoff_seconds": 0.05,
                       "sandbox_lead_seconds": 0.05, **more})


def signed(body: bytes, event_id: str, at: float) -> dict[str, str]:
    """A stand-in for the JWS, which is made elsewhere: says what it was given."""
    return {"x-signed": f"{len(body)} {event_id} {int(at)}"}


def item(item_id: str, place: str = "Budapest.1", *, schema: str = UNI, action: str = "add", **more: Any) -> Document:
    """An item that adds a product at a place."""
    made: Document = {"offering_id": "offer", "schema": schema, "configuration": {"@type": schema},
                      "places": [{"role": "INSTALL_LOCATION", "kind": "address", "id": place}]}
    return {"id": item_id, "action": action, "product": made, "requested_completion_at": "2021-11-04T23:00:00Z", **more}


def onto(a: str, z: str) -> list[Document]:
    """What an EVC rests on: two items of the same order."""
    return [{"item_id": a, "kind": "CONNECTS_TO_UNI_A"}, {"item_id": z, "kind": "CONNECTS_TO_UNI_Z"}]


def place(store: Store, *items: Document, edition: str = "sonata.grace.order", due_in: float = 0.0,
          **members: Any) -> str:
    """An order as the door leaves it: acknowledged and kept, with its event and its job; its id."""
    document = {"contacts": [{"role": "productOrderContact", "name": "A"}], "items": list(items), **members}
    at = instant(datetime.now(UTC))
    moved = acknowledge(document, id=new_id(), at=at)
    kept = StoredOrder(TENANT, moved.document["id"], 1, edition, edition.partition(".")[0] + ".order", 1, "buyer",
                       None, "client", moved.document, {}, time.time(), schemas_of(document, {}))

    def work(connection: Connection) -> None:
        order.insert(connection, kept)
        for change in moved.changes:
            outbox.add(connection, event_of(kept, change))
        job.add(connection, TENANT, "order", kept.id, due_at=time.time() + due_in, grace=0.0)

    store.commit_now(work)
    return kept.id


def begun(store: Store, *items: Document, **members: Any) -> str:
    """The id of an order that back ends work on."""
    order_id = place(store, *items, **members)
    eventually(lambda: document_of(store, order_id)["state"], lambda state: state == "in_progress")
    return order_id


def ask(store: Store, kind: str, order_id: str, *, waited: float = 0.0, due_in: float = 0.0, **members: Any) -> str:
    """A task on an order as the door left it so many seconds ago, with its job; its id."""
    at, name = instant(datetime.now(UTC) - timedelta(seconds=waited)), new_id()
    document = {"id": name, "order_id": order_id, "state": "acknowledged", **members}

    def work(connection: Connection) -> None:
        found = order.fetch(connection, TENANT, order_id)
        assert found
        resource.insert(connection, resource.beside(found, kind, document, at=seconds(at) or 0.0))
        job.add(connection, TENANT, kind, name, due_at=time.time() + due_in, grace=0.0)

    store.commit_now(work)
    return name


def answer_charge(store: Store, charge: Document, *verdicts: str) -> None:
    """The buyer's word on a charge, as the door takes it."""
    said = [{"id": str(number), "verdict": verdict} for number, verdict in enumerate(verdicts, start=1)]

    def work(connection: Connection) -> None:
        found = resource.fetch(connection, TENANT, "charge", charge["id"])
        assert found
        answered = answer(found.document, said, at=instant(datetime.now(UTC)), author="client")
        resource.replace(connection, dataclasses.replace(found, document=answered), found.version)
        job.add(connection, TENANT, "charge", found.id, due_at=time.time(), grace=0.0)

    store.commit_now(work)


def of_kind(store: Store, order_id: str, kind: str) -> list[Document]:
    """The documents of one kind that belong to an order."""
    found = store.query_now(lambda connection: resource.of_order(connection, TENANT, order_id, kind))
    return [one.document for one in found]


def charge_of(store: Store, order_id: str) -> Document:
    """The charge that is waiting for an answer, once there is one."""
    found = eventually(lambda: [one for one in of_kind(store, order_id, "charge")
                                if one["state"] == "awaiting_response"], len)
    (charge,) = found
    return dict(charge)


def over(store: Store, order_id: str, kind: str) -> Document:
    """The task on an order, once it has come to its end."""
    (task,) = eventually(lambda: of_kind(store, order_id, kind),
                         lambda found: found[0]["state"] in ("done", "declined", "rejected"))
    return dict(task)


def states(document: Document) -> list[str]:
    """The states that an order or an item has been in."""
    return [entry["state"] for entry in document["history"]]


def with_profile(store: Store, **more: Any) -> Profile:
    """The tenant."""
    profile = Profile.model_validate({"tenant": TENANT, "name": "A carrier", **more})
    return store.commit_now(lambda connection: tenant.apply(connection, profile, now=time.time()))


def document_of(store: Store, order_id: str) -> Document:
    found = store.query_now(lambda connection: order.fetch(connection, TENANT, order_id))
    assert found
    return found.document


def products_of(store: Store, order_id: str) -> dict[str, StoredProduct]:
    """What an order left in the inventory, by item."""
    found = store.query_now(lambda connection: product.of_order(connection, TENANT, order_id))
    return {one.item_id: one for one in found}


def ended(store: Store, order_id: str, *, seconds: float = 15.0) -> Document:
    """The order, once it has come to its end."""
    return eventually(lambda: document_of(store, order_id), lambda found: found["state"] in ENDED, seconds=seconds)


def eventually(look: Callable[[], Any], fits: Callable[[Any], Any], *, seconds: float = 15.0) -> Any:
    """What look finds, once it fits."""
    until = time.monotonic() + seconds
    while not fits(found := look()):
        assert time.monotonic() < until, f"not in {seconds} s: {found}"
        time.sleep(0.02)
    return found


def subscribe(store: Store, callback: str, *, edition: str = "sonata.grace.order", kinds: tuple[str, ...] = (),
              client: str = "client") -> str:
    """A subscriber of the tenant."""
    kept = Subscription(TENANT, new_id(), edition, callback, "", kinds, None, client, time.time())
    store.commit_now(lambda connection: subscription.insert(connection, kept))
    return kept.id


@contextmanager
def working(store: Store, folder: Path, settings: Settings | None = None) -> Iterator[tuple[Embedded, Sandbox]]:
    """An embedded worker, at work, and the sandbox network that it uses."""
    settings = settings or hurried()
    sandbox = Sandbox(folder / "sandbox.sqlite3", lead_seconds=settings.sandbox_lead_seconds)
    embedded = Embedded(store, book(), Router({"sandbox": sandbox}), settings, sign=signed)
    embedded.start()
    try:
        yield embedded, sandbox
    finally:
        embedded.stop()
        sandbox.close()


class Listener:
    """A subscriber: remembers what it was sent, and answers as told (`answers`, then 204)."""

    def __init__(self) -> None:
        self.received: list[tuple[str, Document, dict[str, str]]] = []
        self.answers: list[int] = []
        self.wait_seconds = 0.0
        self.redirect_to = ""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.received.append((self.path, body, headers))
                time.sleep(listener.wait_seconds)
                status = listener.answers.pop(0) if listener.answers else 204
                self.send_response(status)
                if listener.redirect_to:
                    self.send_header("Location", listener.redirect_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def types(self, order_id: str | None = None) -> list[str]:
        """Types of the events received, of one order."""
        return [body["eventType"] for _path, body, _headers in self.received
                if order_id is None or body["event"].get("id") == order_id]
