"""What is asked about an order, through the service: completed for others to read, kept whole, refused in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.errors import Conflict
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.service.listing import show
from lso.service.order import Orders
from lso.service.resource import Resources
from lso.settings import data_folder
from lso.store import job
from lso.store import resource as resources
from lso.store.engine import Store
from tests.service.conftest import Bell, now, own, run
from tests.service.placing import Placed, place, placed

Callers = Callable[..., Caller]
Document = dict[str, Any]
SONATA, TMF = "sonata.grace.order", "tmf.v4.order"
CONTACT = {"role": "cancelProductOrderContact", "name": "Ines Marin", "emailAddress": "ines@harbour.example",
           "number": "+351 21 555 0101"}


@pytest.fixture
def cancellations(store: Store, the_book: Book, bell: Bell) -> Resources:
    return Resources("cancellation", store, the_book, bell, now)


def an_order(orders: Orders, book: Book, caller: Caller, edition: str = SONATA) -> str:
    document = own("sonata/internet_add.json" if edition == SONATA else "tmf/internet_add.json")
    return str(place(orders, book, caller, document, edition).stored.id)


async def ask(service: Resources, book: Book, caller: Caller, document: Document, edition: str = SONATA) -> Placed:
    return await placed(service, caller, book.edition(edition), document)


def of(order: str, edition: str = SONATA, **members: Any) -> Document:
    if edition == TMF:
        return {"productOrder": {"id": order}, **members}
    return {"productOrder": {"productOrderId": order}, "relatedContactInformation": [CONTACT], **members}


def test_request_event_and_job_are_kept_together_and_the_worker_is_told(
        orders: Orders, cancellations: Resources, store: Store, the_book: Book, caller: Callers, bell: Bell) -> None:
    placed = run(ask(cancellations, the_book, caller(), of(an_order(orders, the_book, caller()), colour="red")))
    stored = placed.stored
    assert store.query_now(lambda c: resources.fetch(c, stored.tenant, "cancellation", stored.id)) == stored
    assert (placed.shown["colour"], stored.mapping) == ("red", "sonata.cancellation")
    assert bell.rung[-1] == f"{stored.tenant}/cancellation/{stored.id}"
    kept = store.query_now(lambda c: job.fetch(c, stored.tenant, bell.rung[-1]))
    assert kept is not None
    assert (kept.state, kept.subject) == ("ready", stored.id)


def test_a_subscriber_of_tm_forum_hears_that_a_cancellation_came_in(
        orders: Orders, cancellations: Resources, store: Store, the_book: Book, caller: Callers) -> None:
    placed = run(ask(cancellations, the_book, caller(), of(an_order(orders, the_book, caller()))))
    kinds = store.query_now(lambda c: _kinds(c, placed.stored.id))
    assert kinds == ["cancellation_created"]


def test_of_many_that_ask_at_once_one_is_accepted(orders: Orders, cancellations: Resources, store: Store,
                                                  the_book: Book, caller: Callers) -> None:
    order = an_order(orders, the_book, caller())

    async def together() -> list[Any]:
        asked = [ask(cancellations, the_book, caller(), of(order)) for _ in range(6)]
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = run(together())
    refused = [one for one in outcomes if isinstance(one, Conflict)]
    assert len(refused) == 5
    assert {finding.pointer for one in refused for finding in one.findings} == {"/productOrder/productOrderId"}
    assert len(store.query_now(lambda c: resources.of_order(c, caller().tenant, order))) == 1


def test_who_cannot_name_a_contact_gets_that_of_the_profile(
        orders: Orders, cancellations: Resources, the_book: Book, caller: Callers) -> None:
    enterprise = caller("demo-enterprise")
    order = an_order(orders, the_book, enterprise, TMF)
    placed = run(ask(cancellations, the_book, enterprise, of(order, TMF), TMF))
    seen = show(the_book, enterprise, the_book.edition("cantata.grace.order"), placed.stored, resource="cancellation")
    contacts = {one["role"]: one["name"] for one in seen["relatedContactInformation"]}
    assert contacts == {"cancelProductOrderContact": "Service desk", "cancelProductOrderSellerContact": "Order desk"}
    assert seen["cancellationReasonType"] == "commercial"
    validator = Validators(load(data_folder("specs") / "sonata" / "productOrderManagement.yaml"), None, None).answer(
        "/cancelProductOrder/{id}", "get", 200)
    assert validator is not None
    assert validator.findings(seen) == ()


def test_the_extended_tm_forum_variant_says_what_mef_says(
        orders: Orders, cancellations: Resources, the_book: Book, caller: Callers) -> None:
    enterprise = caller("demo-enterprise", tmf_extended=True)
    order = an_order(orders, the_book, enterprise, TMF)
    sent = of(order, TMF, cancellationReasonType="technical", cancellationReason="moved away",
              **{"@type": "MefCancelProductOrder", "@baseType": "CancelProductOrder"})
    placed = run(ask(cancellations, the_book, enterprise, sent, TMF))
    assert placed.stored.document["reason_kind"] == "technical"
    assert placed.shown["cancellationReasonType"] == "technical"
    assert {one["role"] for one in placed.shown["relatedParty"]} == {
        "cancelProductOrderContact", "cancelProductOrderSellerContact"}
    schemas = data_folder("specs") / "tmf"
    file = schemas / placed.shown["@schemaLocation"].rpartition("/")[2]
    jsonschema_rs.Draft7Validator(_read(file), validate_formats=True,
                                  retriever=lambda uri: _read(schemas / uri.rpartition("/")[2])).validate(placed.shown)
    plain = show(the_book, caller("demo-enterprise"), the_book.edition(TMF), placed.stored, resource="cancellation")
    assert "relatedParty" not in plain


def _kinds(connection: Any, id: str) -> list[str]:
    rows = connection.exec_driver_sql(f"SELECT kind FROM events WHERE resource_id = '{id}' ORDER BY number")
    return [row[0] for row in rows]


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
