"""Puts the demo data into a store. Safe to run again: what is there stays as it is, also what was ordered since."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lso.canonical.price_row import EVERYBODY
from lso.canonical.tenant import Audience
from lso.errors import OurError
from lso.lifecycle.rules import catalogue
from lso.service.directory import apply_profile
from lso.service.place_file import Reading
from lso.service.place_import import import_places
from lso.service.price_book import Bad, import_file
from lso.settings import read_yaml
from lso.store import gazetteer
from lso.store import price as prices
from lso.store import product as products
from lso.store import tenant as tenants
from lso.store.engine import Store
from lso.store.product import StoredProduct

Document = dict[str, Any]
FILE = Path(__file__).parent / "demo.yaml"
PRICES = Path(__file__).parent / "prices.csv"
PLACES = Path(__file__).parent / "places.csv"
FIRST_PLACE = "NewYorkAddress-id-1"
BROUGHT = "demo"


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A credential that a demo tenant has; it may do all that its audience may."""

    id: str
    tenant: str
    audience: Audience
    scopes: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class DemoData:
    """Profiles as `lso tenant apply` takes them, clients without secrets, and products as if once ordered."""

    profiles: tuple[Document, ...]
    clients: tuple[DemoClient, ...]
    products: tuple[StoredProduct, ...]


def load_demo() -> DemoData:
    """The demo data."""
    raw = read_yaml(FILE)
    profiles, clients, made = [], [], []
    for entry in raw["tenants"]:
        tenant = entry["profile"]["tenant"]
        profiles.append({**raw["shared"], **entry["profile"], "offerings": list(chain(*entry["offerings"]))})
        clients += [DemoClient(one["id"], tenant, one["audience"]) for one in entry["clients"]]
        made += [_product(tenant, one) for one in chain(*entry["products"])]
    return DemoData(tuple(profiles), tuple(clients), tuple(made))


def seed(store: Store, mint: Callable[[DemoClient], str], data: DemoData | None = None) -> dict[str, str]:
    """Put the demo data in; returns the secrets of clients that are new. mint: adds a client and returns its secret."""
    data = data or load_demo()
    agreed = {profile.tenant for profile in store.query_now(tenants.profiles)}
    for profile in data.profiles:
        if profile["tenant"] not in agreed:
            apply_profile(store, profile)

    def keep(connection: Connection) -> set[str]:
        for product in data.products:
            products.insert(connection, product)
        return {client.id for client in tenants.clients(connection)}

    if not store.query_now(prices.offerings):
        import_file(store, PRICES, bad=_refuse, done=lambda _read: None)
    if store.query_now(lambda connection: gazetteer.fetch(connection, EVERYBODY, FIRST_PLACE)) is None:
        import_places(store, Reading(PLACES).rows(lambda _read: None), report=_misplaced)
    present = store.commit_now(keep)
    return {client.id: mint(client) for client in data.clients if client.id not in present}


def _refuse(bad: Bad) -> None:
    raise OurError(f"{PRICES.name}: {bad}")


def _misplaced(line: int, why: str) -> None:
    raise OurError(f"{PLACES.name}, line {line}: {why}")


def _product(tenant: str, told: Document) -> StoredProduct:
    kind = catalogue().products.get(told["schema"])
    document = {"configuration": dict(kind.least) if kind else {}, **told}
    return StoredProduct(tenant=tenant, id=told["id"], version=1, offering_id=told.get("offering_id"),
                         schema=told["schema"], status="active", order_id=BROUGHT, item_id=told["id"], buyer_id=None,
                         seller_id=None, created_at=time.time(), document=document)
