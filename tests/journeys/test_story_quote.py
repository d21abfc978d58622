"""Quotes in trouble (issue 4, story 3): the process is killed while a quote is made up; a quote expires while its order
is being written."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lso.service.directory import apply_profile
from lso.store.engine import open_store
from tests.conformance.quote.quoting import SONATA, request
from tests.journeys.documents import ours
from tests.running import MEF, Running, eventually
from tests.tenants import like

Document = dict[str, Any]
QUOTE = f"{SONATA}/quote"
TENANT = "demo-carrier"
VALID_SECONDS = 4.0
CROWD = 16


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A service whose quotes do not last."""
    with open_store(f"sqlite:///{tmp_path / 'lso.sqlite3'}") as store:
        apply_profile(store, like(TENANT, settings={"quote": {"valid_seconds": VALID_SECONDS}}))
    running = Running(tmp_path, lease_seconds="2")
    yield running
    running.close()


def made(service: Running, document: Document) -> Document:
    answer = service.post(QUOTE, document)
    assert answer.status_code == 201, answer.text
    told: Document = answer.json()
    return told


def seen(service: Running, id: str) -> Document:
    told: Document = service.get(f"{QUOTE}/{id}").json()
    return told


def following(quote: Document) -> Document:
    """An order of what was quoted."""
    order, asked = ours("sonata/internet_add.json"), quote["quoteItem"][0]
    (item, *_) = order["productOrderItem"]
    item.pop("productOfferingQualificationItem", None)
    item |= {"product": copy.deepcopy(asked["product"]), "requestedItemTerm": asked["requestedQuoteItemTerm"],
             "quoteItem": {"quoteId": quote["id"], "id": asked["id"]}}
    return {**order, "productOrderItem": [item]}


def test_a_quote_is_made_up_though_the_process_is_killed_in_the_middle(service: Running) -> None:
    id = made(service, request("SLOW-PRICE-3-Street", "PRICED-Street", instant=False))["id"]
    half = eventually(lambda: (quote := seen(service, id))["quoteItem"][1]["state"] == "approved.orderable" and quote)
    assert (half["state"], half["quoteItem"][0]["state"]) == ("inProgress", "inProgress")
    service.process.kill()
    service.restart()
    whole = eventually(lambda: (quote := seen(service, id))["state"] == "approved.orderable" and quote)
    assert [one["state"] for one in whole["stateChange"]] == ["acknowledged", "inProgress", "approved.orderable"]
    assert whole["quoteItem"][1] == half["quoteItem"][1], "what was priced before stays so"
    gone = eventually(lambda: (quote := seen(service, id))["state"] == "expired" and quote)
    assert gone["quoteItem"] == whole["quoteItem"]


def test_orders_that_meet_the_end_of_their_quotes_accept_them_or_are_refused(service: Running) -> None:
    quotes = [made(service, request(externalId=str(number))) for number in range(CROWD)]
    ends = [datetime.fromisoformat(quote["validFor"]["endDateTime"]).timestamp() for quote in quotes]

    def order(number: int) -> int:
        time.sleep(max(0.0, ends[number] - time.time() + (number - CROWD / 2) * 0.02))
        return int(service.post(f"{MEF}/productOrder", following(quotes[number])).status_code)

    with ThreadPoolExecutor(CROWD) as crowd:
        statuses = list(crowd.map(order, range(CROWD)))
    assert set(statuses) <= {201, 422}
    early = service.post(f"{MEF}/productOrder", following(made(service, request())))
    late = service.post(f"{MEF}/productOrder", following(quotes[-1]))
    assert (early.status_code, late.status_code) == (201, 422), late.text
    for quote, status in zip(quotes, statuses, strict=True):
        wanted = "accepted" if status == 201 else "expired"
        assert eventually(lambda id=quote["id"], state=wanted: seen(service, id)["state"] == state)  # type: ignore[misc]
    ordered = {one["quoteItem"]["quoteId"] for row in service.get(f"{MEF}/productOrder?limit=100").json()
               for one in service.get(f"{MEF}/productOrder/{row['id']}").json()["productOrderItem"]}
    assert {quote["id"] for quote, status in zip(quotes, statuses, strict=True) if status == 201} <= ordered
    assert not ordered & {quote["id"] for quote, status in zip(quotes, statuses, strict=True) if status == 422}


