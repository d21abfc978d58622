"""A running service for the tests of the door: a real server on a free port, a real store, real tokens, no worker."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

import pil.app
import sil.app
from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.canonical.task import TASKS
from lso.canonical.tenant import Profile
from lso.dialects.book import book
from lso.gateway.front import front
from lso.gateway.identity import client as clients
from lso.gateway.identity.endpoint import TokenEndpoint
from lso.gateway.identity.key import KeyRing
from lso.gateway.identity.scope import scopes_of
from lso.gateway.identity.token import Authenticator, Issuer
from lso.gateway.judge import ProductJudge
from lso.gateway.wire import Wire
from lso.gateway.world import World
from lso.lifecycle.inquiry import INQUIRIES
from lso.service.charge import Charges
from lso.service.connection import Connections
from lso.service.directory import Directory, apply_profile
from lso.service.gazetteer import Addresses
from lso.service.order import Orders
from lso.service.qualification import Qualifications
from lso.service.quote import Quotes
from lso.service.resource import Resources
from lso.service.site import Sites
from lso.service.subscription import Subscriptions
from lso.service.translation import Translations
from lso.settings import Settings, data_folder
from lso.store.engine import Store, open_store
from lso.workflow.quoting import Quoter
from lso.workflow.survey import Surveyor

SONATA = "/mefApi/sonata/productOrderingManagement/v10"
CANTATA = "/mefApi/cantata/productOrderingManagement/v5"
TMF = "/tmf-api/productOrderingManagement/v4"
ISSUER = "http://lso.test"
BODY_BYTES = 100_000
BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
AGREED: dict[str, Any] = {
    "seller_contacts": [{"role": "sellerContact", "name": "Desk", "email": "desk@seller.example", "phone": "+1 555"}],
    "billing_accounts": ["BA-2041"],
    "offerings": [{"id": "OFFER-INTERNET-BASIC", "schemas": [BASIC]}],
    "places": [{"id": "SITE-QUAY-4", "kind": "site"}],
    "settings": {"qualification": {"given": ["POQ-77"]}},
}
TENANTS: tuple[dict[str, Any], ...] = (
    {"tenant": "alpha", "name": "Alpha", **AGREED},
    {"tenant": "beta", "name": "Beta", **AGREED},
    {"tenant": "exact", "name": "Exact", "strict": True, **AGREED},
    {"tenant": "broker", "name": "Broker", "buyer_ids": ["one", "two"], **AGREED},
)
CLIENTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("carrier", "alpha", "pil", ("*",)),
    ("carrier-sil", "alpha", "sil", ("*",)),
    ("enterprise", "beta", "sil", ("*",)),
    ("rival", "beta", "pil", ("*",)),
    ("exact", "exact", "pil", ("*",)),
    ("broker", "broker", "pil", ("*",)),
    ("broker-one", "broker", "pil", ("*",)),
    ("reader", "alpha", "pil", ("read",)),
    ("nobody", "alpha", "pil", ("nothing",)),
    ("nobody-sil", "alpha", "sil", ("nothing",)),
)
BOUND = {"broker-one": ("one",)}


class Silent:
    """Nobody is woken: what the workers would do is no business of the door."""

    def wake(self, job_ids: Sequence[str]) -> None:
        """Do nothing; the sweeper would find it."""

    def wake_deliveries(self) -> None:
        """Do nothing; the sweeper would find them."""


@dataclass(frozen=True)
class Running:
    """A service that answers, and tokens for its clients."""

    url: str
    world: World
    tokens: dict[str, str] = field(repr=False)

    def call(self, method: str, path: str, client: str | None = "carrier", **options: Any) -> httpx.Response:
        """One request, by default as `carrier`."""
        headers = dict(options.pop("headers", {}))
        if client is not None:
            headers["Authorization"] = f"Bearer {self.tokens[client]}"
        # Without TLS, to load the certificates of the world for each request would take longer than the request.
        return httpx.request(method, self.url + path, headers=headers, timeout=20, verify=False, **options)


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def build_world(store: Store, settings: Settings) -> tuple[World, dict[str, str]]:
    """The services over a store, and a secret for every client."""
    for document in TENANTS:
        apply_profile(store, Profile.model_validate(document).model_dump(mode="json"))
    secrets = {
        name: clients.add(store, tenant, name, audience, scopes=scopes, buyer_ids=BOUND.get(name, ()))  # type: ignore[arg-type]
        for name, tenant, audience, scopes in CLIENTS
    }
    directory = Directory(store)
    ring = KeyRing(store)
    issuer = Issuer(ring, ISSUER, 3600)
    judge, router = ProductJudge(data_folder("specs") / "products"), near(settings)
    orders = Orders(store, book(), Silent(), now, judge=judge)
    world = World(
        settings=settings,
        store=store,
        book=book(),
        orders=orders,
        connections=Connections(store, book(), Silent(), now, orders),
        resources={kind: Resources(kind, store, book(), Silent(), now) for kind in sorted(TASKS)},
        qualifications={kind: Qualifications(kind, store, book(), Silent(), now, judge=judge,
                                             survey=Surveyor(store, router)) for kind in INQUIRIES},
        charges=Charges("charge", store, book(), Silent(), now),
        quotes=Quotes(store, book(), Silent(), now, judge=judge, price=Quoter(store, router)),
        addresses=Addresses(store, book()),
        sites=Sites(store),
        subscriptions=Subscriptions(store, book(), now),
        translations=Translations(book()),
        directory=directory,
        authenticate=Authenticator(directory, ring, ISSUER),
        tokens=TokenEndpoint(directory, issuer, (ISSUER,), lambda _name, _until: False,
                             partial(scopes_of, book().editions)),
        keys=ring.published,
        checks={"database": store.check},
    )
    return world, secrets


def near(settings: Settings) -> Router:
    """Who is asked for what is wanted at once: a pretend network."""
    return Router({"sandbox": Sandbox(settings.var / "sandbox.sqlite3", lead_seconds=1)})


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """A uvicorn server in a thread, as `lso serve` would run it."""
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, loop="uvloop", http=Wire, ws="none", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="uvicorn", daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server takes too long to start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        gc.unfreeze()


@contextmanager
def running(folder: Path, **changed: Any) -> Iterator[Running]:
    """The whole door, over a store of its own."""
    settings = Settings(var=folder, **changed)
    with open_store(f"sqlite:///{folder / 'door.sqlite3'}") as store:
        world, secrets = build_world(store, settings)
        with serving(front(pil.app.create(world), sil.app.create(world))) as url:
            tokens = {name: fetch(url, name, secret) for name, secret in secrets.items()}
            yield Running(url, world, tokens)


def fetch(url: str, client: str, secret: str) -> str:
    """A token, from the token endpoint."""
    answer = httpx.post(f"{url}/oauth2/token", data={"grant_type": "client_credentials"}, auth=(client, secret),
                        verify=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all tests of the door."""
    with running(tmp_path_factory.mktemp("door"), body_bytes=BODY_BYTES) as service:
        yield service


@pytest.fixture
def service_with(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """A service with other settings: `service_with(body_bytes=100)`."""
    opened: list[Any] = []

    def start(**changed: Any) -> Running:
        context = running(tmp_path, **changed)
        opened.append(context)
        return context.__enter__()

    yield start
    for context in opened:
        context.__exit__(None, None, None)
