"""A class of places holds for a house however it is told, and nobody looks a place up whose class does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.canonical.price_row import PriceRow
from lso.canonical.tenant import Place, Profile
from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.service.whereabouts import whereabouts
from lso.store import price
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.quoting import Quoter
from tests.workflow.scene import TENANT

Document = dict[str, Any]
EXAMPLE = {"number": "20", "number_suffix": "14", "street": "Example", "city": "Budapest", "country": "Hungary"}
PLACES = ({"id": "Budapest-1", **EXAMPLE, "label": "BDPTHUEX", "label_type": "CLLI", "latitude": "47.4979",
           "longitude": "19.0402"},
          {"id": "Szeged-1", **EXAMPLE, "city": "Szeged"},
          {"id": "RACK-1", "kind": "site", "address_id": "Budapest-1"})
ELSEWHERE = {"street": "Unheard", "number": "1", "city": "budapest", "country": "hu"}


def value(kind: str, member: str, **said: Any) -> Document:
    return {"kind": kind, member: said}


TOLD = {
    "address": {"kind": "address", "id": "Budapest-1"},
    "in lines by id": {"kind": "address", "id": "Budapest-1~formatted"},
    "site": {"kind": "site", "id": "RACK-1"},
    "site of the profile": {"kind": "site", "id": "DESK-1"},
    "fields": value("fielded_address", "fielded", **EXAMPLE),
    "fields in other words": value("fielded_address", "fielded", **{
        **EXAMPLE, "number": "20/14", "number_suffix": "", "city": "BUDAPEST", "country": "HU"}),
    "lines": value("formatted_address", "formatted", line1="Example 20/14", city="Budapest", country="Hungary"),
    "label": value("address_label", "labelled", label="BDPTHUEX", label_type="CLLI"),
    "point": value("point", "point", datum="WGS84", x="47.4979", y="19.0402"),
}


@pytest.fixture
def quoter(store: Store, tmp_path: Path) -> Iterator[Quoter]:
    import_places(store, [Row(number, told) for number, told in enumerate(PLACES)])
    rows = [PriceRow.model_validate({"offering": "offer", "name": "Port", "kind": "recurring", "per": "month",
                                     "amount": amount, "currency": "EUR", "place_class": name, "tenant": TENANT})
            for name, amount in ((None, "10"), ("metro", "7"))]
    plain = rows[0].model_copy(update={"offering": "plain"})
    store.commit_now(lambda connection: price.put(connection, [*rows, plain]))
    sandbox = Sandbox(tmp_path / "sandbox.sqlite3", lead_seconds=0.05)
    try:
        yield Quoter(store, Router({"sandbox": sandbox}))
    finally:
        sandbox.close()


def cost(quoter: Quoter, place: Document, offering: str = "offer", **metro: str) -> float:
    """What a quote for a place says, for a tenant with one class of places."""
    classes = [{"name": "metro", **metro}] if metro else []
    profile = Profile(tenant=TENANT, name="A", places=(Place(id="DESK-1", kind="site", address="Budapest-1"),),
                      settings={"quote": {"place_classes": classes}})
    item = {"id": "1", "action": "add", "product": {"offering_id": offering, "places": [place]}}
    asked = StoredResource(TENANT, "quote", "Q", 1, "sonata.grace.quote", "sonata.quote", 1, None, None, None, "client",
                           {"items": [item]}, {}, 0.0, ())
    amount: float = quoter(asked, profile, [item]).said["1"].prices[0]["net"]["value"]
    return amount


@pytest.mark.parametrize("metro", [{"city": "budapest"}, {"country": "HU", "city": "Budapest"},
                                   {"prefix": "Budapest-"}], ids=str)
@pytest.mark.parametrize("how", TOLD)
def test_a_class_holds_for_a_house_however_it_is_told(quoter: Quoter, how: str, metro: dict[str, str]) -> None:
    assert cost(quoter, TOLD[how], **metro) == 7
    assert cost(quoter, TOLD[how]) == 10


def test_what_nobody_knows_is_taken_at_its_word(quoter: Quoter) -> None:
    unheard = value("fielded_address", "fielded", **ELSEWHERE)
    assert cost(quoter, unheard, city="Budapest", country="Hungary") == 7
    assert cost(quoter, unheard, prefix="Budapest-") == 10
    assert cost(quoter, {"kind": "address", "id": "PLAN-7"}, prefix="PLAN-") == 7
    assert cost(quoter, {"kind": "address", "id": "Szeged-1"}, city="Budapest") == 10
    assert cost(quoter, value("point", "point", datum="WGS84", x="47.6", y="19.1"), city="Budapest") == 10


def test_the_prefix_of_a_site_is_that_of_its_own_id_or_of_its_address(quoter: Quoter) -> None:
    assert cost(quoter, TOLD["site"], prefix="RACK-") == 7
    assert cost(quoter, TOLD["address"], prefix="RACK-") == 10


def test_places_are_looked_up_only_where_their_class_matters_and_prices_once_a_while(
        quoter: Quoter, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lso.service.price_lists.FRESH_SECONDS", 60.0)
    looked, reads = list[object](), list[object]()
    query = store.query_now
    monkeypatch.setattr("lso.workflow.quoting.whereabouts", lambda *more: looked.append(1) or whereabouts(*more))
    monkeypatch.setattr(store, "query_now", lambda read, **more: reads.append(1) or query(read, **more))
    cost(quoter, TOLD["lines"])
    cost(quoter, TOLD["lines"], "plain", city="Budapest")
    assert (len(looked), len(reads)) == (0, 2)
    cost(quoter, TOLD["lines"], city="Budapest")
    assert (len(looked), len(reads)) == (1, 3)
