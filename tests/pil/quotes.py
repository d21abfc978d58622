"""Quotes at the door, and prices for them."""

from __future__ import annotations

from typing import Any

from lso.canonical.price_row import PriceRow
from lso.store import price as prices
from tests.gateway.conftest import Running
from tests.service.quoting import internet

Document = dict[str, Any]
SONATA = "/mefApi/sonata/quoteManagement/v8"
CANTATA = "/mefApi/cantata/quoteManagement/v2"
TMF = "/tmf-api/quoteManagement/v4"
ROWS = tuple(PriceRow.model_validate({"offering": "OFFER-INTERNET-BASIC", "currency": "EUR", **row}) for row in (
    {"name": "Access", "kind": "recurring", "per": "month", "amount": "109.90", "term_months": 36, "interval_days": 20},
    {"name": "Installation", "kind": "non_recurring", "amount": "150"}))


def priced(service: Running) -> None:
    """What the offering of these tests costs."""
    service.world.store.commit_now(lambda connection: prices.put(connection, ROWS))


def a_request(**members: Any) -> Document:
    """A request that is answered at once."""
    return internet(place="SITE-QUAY-4", **members)


def asked(service: Running, document: Document | None = None, client: str = "carrier", path: str = SONATA,
          **options: Any) -> Document:
    """A request that is accepted."""
    answer = service.call("POST", f"{path}/quote", client, json=document or a_request(), **options)
    assert answer.status_code in (200, 201), answer.text
    told: Document = answer.json()
    return told


def seen(service: Running, id: str, client: str = "carrier", path: str = SONATA) -> Document:
    """A quote as it is now."""
    answer = service.call("GET", f"{path}/quote/{id}", client)
    assert answer.status_code == 200, answer.text
    told: Document = answer.json()
    return told
