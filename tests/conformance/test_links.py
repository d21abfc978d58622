"""Links lead somewhere: who follows them is answered, in the words that they were read in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.desk import Desk, Document, changed, internet
from tests.conformance.qualification import inquiring
from tests.conformance.quote import quoting
from tests.journeys.documents import holds
from tests.running import Running

ITEM = "/productOrderItem/0"
PLACE = {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "SITE-QUAY-4"}
QUALIFICATIONS = {"sonata": inquiring.SONATA, "cantata": inquiring.CANTATA}
QUOTE_OF_TMF = "/tmf-api/quoteManagement/v4"
QUOTES = {"sonata": quoting.SONATA, "cantata": quoting.CANTATA}


def links(document: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every link in a document, and the member that it stands in."""
    if isinstance(document, dict):
        for member, value in document.items():
            yield from links(value, member)
    elif isinstance(document, list):
        for value in document:
            yield from links(value, name)
    elif name.lower().endswith("href"):
        yield name, document


def bought(desk: Desk, edition: str) -> Document:
    """An order that follows a quote, which follows a qualification, for a site."""
    qualified = Desk(desk.service, QUALIFICATIONS[edition], desk.client).made(inquiring.question(), inquiring.PATH)
    reference = {"productOfferingQualificationId": qualified["id"], "id": "1"}
    asking = changed(quoting.request(), f"{quoting.ITEM}/productOfferingQualificationItem", reference)
    quoted = Desk(desk.service, QUOTES[edition], desk.client).made(asking, quoting.PATH)
    order = changed(internet(), f"{ITEM}/quoteItem", {"quoteId": quoted["id"], "id": "1"})
    order = changed(order, f"{ITEM}/productOfferingQualificationItem", reference)
    order = changed(order, f"{ITEM}/requestedItemTerm", quoting.TERM)
    order = changed(order, f"{ITEM}/product/productConfiguration", inquiring.PRODUCT["productConfiguration"])
    return changed(order, f"{ITEM}/product/place", [PLACE])


@pytest.mark.parametrize("edition", ["sonata", "cantata"])
def test_every_link_of_an_order_and_of_what_it_follows_can_be_followed(request: pytest.FixtureRequest,
                                                                       edition: str) -> None:
    desk: Desk = request.getfixturevalue(edition)
    sent = bought(desk, edition)
    made = desk.made(sent)
    assert holds(made, sent) == []
    found, told = dict(links(made)), list(links(made))
    assert set(found) == {"href", "quoteHref", "productOfferingQualificationHref"}
    followed: set[str] = set()
    while told:
        name, address = told.pop()
        if address not in followed:
            followed.add(address)
            path = address.removeprefix(desk.service.url)
            assert path.startswith(f"/mefApi/{edition}/"), name
            answer = desk.service.call("GET", path, desk.client)
            assert (answer.status_code, answer.json()["id"]) == (200, path.rpartition("/")[2])
            told += links(answer.json())
    kinds = {address.split("/")[-2] for address in followed}
    assert kinds == {"productOrder", "quote", "productOfferingQualification", "geographicSite", "geographicAddress"}


def test_an_order_of_mef_leads_an_enterprise_to_quotes_and_checks_in_its_own_words(service: Running, tmf: Desk,
                                                                                  cantata: Desk) -> None:
    order = tmf.read(cantata.made(bought(cantata, "cantata"))["id"])
    led = {name: service.call("GET", address.removeprefix(service.url), tmf.client).json()
           for name, address in links(order) if name != "href"}
    assert led["quoteHref"]["state"] == "accepted"
    assert led["productOfferingQualificationHref"]["qualificationResult"] == "qualified"
    deeper = dict(links(led["quoteHref"]))
    assert deeper["productOfferingQualificationHref"] == led["productOfferingQualificationHref"]["href"]


def test_an_amendment_leaves_links_as_they_are_and_takes_none_for_the_clients(service: Running) -> None:
    mine, theirs = (Desk(service, base, "demo-carrier-sil") for base in (quoting.CANTATA, QUOTE_OF_TMF))
    qualified = Desk(service, inquiring.CANTATA, mine.client).made(inquiring.question(), inquiring.PATH)
    asking = changed(quoting.request(), f"{quoting.ITEM}/productOfferingQualificationItem",
                     {"productOfferingQualificationId": qualified["id"], "id": "1"})
    made = mine.made(asking, quoting.PATH)
    seen = theirs.read(made["id"], quoting.PATH)
    again = theirs.patch(f"{quoting.PATH}/{made['id']}", {**seen, "category": "linked"})
    assert (again.status_code, again.json()["category"]) == (200, "linked"), again.text
    assert {name for name, _ in links(seen)} == {"href", "productOfferingQualificationHref"}
    assert list(links(again.json())) == list(links(seen))
    assert mine.read(made["id"], quoting.PATH) == made
