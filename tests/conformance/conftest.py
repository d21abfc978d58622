"""One running service for all requirements, with tenants of many agreements, and desks to do business at."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection

from lso.demo.seed import load_demo
from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.store import product as products
from lso.store.engine import Store, open_store
from tests.conformance.desk import Desk, Document
from tests.conformance.places import give
from tests.desks import cantata, listener, sonata, tmf
from tests.listener import Listener
from tests.running import MEF, Running
from tests.tenants import like

__all__ = ["cantata", "listener", "sonata", "tmf"]
TENANTS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "tenants.yaml").read_text(encoding="utf-8"))
LIKE = "demo-carrier"
BOUND = {"norms-broker-north": ("norms-broker", ("north",))}
"""Clients that speak for some of their tenant's buyers."""
ENTERPRISES = ("norms-brief", "norms-extended")
"""Tenants with a client for enterprises, too: `norms-brief-sil`."""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("conformance")
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        secrets = agree(store)
    running = Running(folder, backoff_seconds="0.1", sandbox_lead_seconds="0.05")
    running.admit(secrets)
    yield running
    running.close()


@pytest.fixture(scope="session")
def placed(service: Running) -> Running:
    """The service, once it has been given places."""
    give(service)
    return service


def agree(store: Store) -> dict[str, str]:
    """Keep the tenants and their clients; the secrets of these."""
    for name, agreed in TENANTS.items():
        apply_profile(store, like(name, model=LIKE, **agreed))

    def stock(connection: Connection) -> None:
        for product in load_demo().products:
            if product.tenant == LIKE:
                for name in TENANTS:
                    products.insert(connection, dataclasses.replace(product, tenant=name))

    store.commit_now(stock)
    secrets = {name: clients.add(store, name, name, "pil") for name in TENANTS}
    secrets |= {f"{name}-sil": clients.add(store, name, f"{name}-sil", "sil") for name in ENTERPRISES}
    return secrets | {name: clients.add(store, tenant, name, "pil", buyer_ids=buyers)
                      for name, (tenant, buyers) in BOUND.items()}


@pytest.fixture(params=["sonata", "cantata"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Either edition of MEF."""
    found: Desk = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def tenant(service: Running) -> Callable[[str, str], Desk]:
    """The desk of a client of one of the tenants above, with what goes with every request."""
    return lambda client, query="": Desk(service, MEF, client, query)


@pytest.fixture
def register() -> Iterator[Callable[..., Document]]:
    """Registers a listener at a desk, for some events or for all; it is forgotten at the end of the test."""
    kept: list[tuple[Desk, str]] = []

    def register(desk: Desk, listener: Listener, query: str = "") -> Document:
        made = desk.made({"callback": listener.url} | ({"query": query} if query else {}), "/hub")
        kept.append((desk, made["id"]))
        return made

    yield register
    for desk, id in kept:
        desk.call("DELETE", f"/hub/{id}")
