"""An address that only another seller knows, who is another process: found at our door under an id of ours, qualified,
quoted and ordered by that id, delivered by that seller under its own; hidden from other tenants; and answered from the
gazetteer, in time, when the seller is away."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store.engine import open_store
from tests.conformance.desk import Desk, Document
from tests.journeys.purchase import Mef
from tests.journeys.test_story_purchase import internet
from tests.running import MEF, Running, eventually
from tests.tenants import like

ADDRESSES, PATH = "/mefApi/{}/geographicAddressManagement/{}", "/geographicAddressValidation"
LIGHT = {"id": "LIGHT-9", "number": "9", "street": "Lighthouse", "street_type": "Road", "city": "Sagres",
         "country": "Portugal"}
ASKED = {"@type": "FieldedAddress", "streetNr": "9", "streetName": "Lighthouse", "streetType": "Road",
         "city": "Sagres", "country": "Portugal"}
QUAY = {"@type": "FieldedAddress", "streetNr": "4", "streetNrSuffix": "bis", "streetName": "du Port",
        "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}
SELLERS = {"partner": ("demo-carrier", ADDRESSES.format("sonata", "v7")),
           "network": ("demo-developer", ADDRESSES.format("cantata", "v1"))}
"""Who is asked, as which of its clients, and where; the second delivers as well."""
TENANTS = {"harbour": ("partner", "sandbox"), "coast": ("network", "network"), "inland": (None, "sandbox")}
PATIENCE = 5.0


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The other seller."""
    folder = tmp_path_factory.mktemp("far")
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        import_places(store, [Row(number, {**LIGHT, "id": f"LIGHT-{number}", "number": str(number)})
                              for number in (7, 9, 11)])
    service = Running(folder, backoff_seconds="0.1", sandbox_lead_seconds="0.05")
    yield service
    service.close()


@pytest.fixture(scope="module")
def near(far: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """We, with a tenant for each way of asking."""
    folder = tmp_path_factory.mktemp("near")
    secrets = json.loads((far.folder / "demo-credentials.json").read_text())
    with pytest.MonkeyPatch.context() as environment:
        for name, (client, _path) in SELLERS.items():
            environment.setenv(f"{name}_secret".upper(), secrets[client])
        (folder / "backends.yaml").write_text(yaml.safe_dump([
            {"name": name, "kind": "rest", "url": f"{far.url}/internet-on-demand", "poll_seconds": 0.1,
             "token_url": f"{far.url}/oauth2/token", "client_id": client, "secret": {"env": f"{name}_secret".upper()},
             "additions": ["idempotency_key", "delete", "description"], "addresses": far.url + path}
            for name, (client, path) in SELLERS.items()]))
        kept = tenants(folder)
        service = Running(folder, backends=str(folder / "backends.yaml"), backoff_seconds="0.1",
                          sandbox_lead_seconds="0.05")
    service.admit(kept)
    yield service
    service.close()


def tenants(folder: Path) -> dict[str, str]:
    """Tenants of ours, and the secrets of their clients."""
    secrets = {}
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        for name, (seller, back_end) in TENANTS.items():
            asked = {"address": {"backend": seller}} if seller else {}
            apply_profile(store, like(name, routes=[{"backend": back_end}], settings=asked))
            secrets[name] = clients.add(store, name, name, "pil")
    return secrets


def validated(near: Running, tenant: str, submitted: Document = ASKED) -> Document:
    desk = Desk(near, ADDRESSES.format("sonata", "v7"), tenant)
    answer = desk.post({"provideAlternative": True, "submittedGeographicAddress": submitted}, PATH)
    assert answer.status_code == 200, answer.text
    told: Document = answer.json()
    return told


def address(near: Running, tenant: str, id: str) -> int:
    return Desk(near, ADDRESSES.format("sonata", "v7"), tenant).get(f"/geographicAddress/{id}").status_code


def counter(near: Running, tenant: str) -> Mef:
    return Mef("sonata", near, tenant, "/mefApi/sonata/productOfferingQualification/v7",
               "/mefApi/sonata/quoteManagement/v8", MEF)


def bought(near: Running, tenant: str, place: str) -> Document:
    """Internet access there: qualified, quoted, ordered, delivered."""
    desks, wanted = counter(near, tenant), internet(place)
    poq = desks.poq.made(desks.question(wanted), desks.poqs)
    quote = desks.quote.made(desks.inquiry(wanted, poq["id"]), desks.quotes)
    order = desks.order.made(desks.purchase(wanted, poq["id"], quote["id"]))
    return desks.order.ended(order["id"])


@pytest.mark.parametrize("tenant", ["harbour", "coast"])
def test_an_id_of_an_address_that_the_seller_knows_is_good_down_to_delivery(
        near: Running, far: Running, tenant: str) -> None:
    told = validated(near, tenant)
    best = told["bestMatchGeographicAddress"]
    assert (told["validationResult"], best["streetNr"]) == ("success", "9")
    assert best["id"] != LIGHT["id"], "ids that a caller sees are ours"
    assert address(near, tenant, best["id"]) == 200
    order = bought(near, tenant, best["id"])
    assert order["state"] == "completed"
    if tenant == "coast":
        external = f"LSO {order['id']}.{order['productOrderItem'][0]['id']}"
        listed = far.get("/internet-on-demand/connections?limit=1000", "demo-developer").json()["connections"]
        (there,) = [one for one in listed if one.get("description") == external]
        assert place_of(far, there["id"]) == LIGHT["id"], "the seller hears of it by its own id"


def place_of(far: Running, connection: str) -> Any:
    order = far.get(f"/tmf-api/productOrderingManagement/v4/productOrder?externalId={connection}",
                    "demo-developer").json()[0]
    return order["productOrderItem"][0]["product"]["place"][0]["id"]


def test_what_a_seller_told_one_tenant_is_hidden_from_others(near: Running) -> None:
    id = validated(near, "harbour")["bestMatchGeographicAddress"]["id"]
    assert validated(near, "inland")["validationResult"] == "fail"
    assert address(near, "inland", id) == 404
    answer = counter(near, "inland").poq.post(counter(near, "inland").question(internet(id)),
                                              "/productOfferingQualification")
    assert {(one["code"], one["propertyPath"].rpartition("/")[2]) for one in answer.json()} == {
        ("referenceNotFound", "id")}


def test_a_slip_is_answered_by_what_the_seller_takes_it_for(near: Running) -> None:
    told = validated(near, "harbour", {**ASKED, "streetName": "Lihgthouse"})
    assert (told["validationResult"], told["bestMatchGeographicAddress"]["streetName"]) == ("partial", "Lighthouse")
    told = validated(near, "harbour", {**ASKED, "streetNr": "10"})
    assert {one["streetNr"] for one in told["alternateGeographicAddress"]} == {"7", "9", "11"}
    assert all(address(near, "harbour", one["id"]) == 200 for one in told["alternateGeographicAddress"])


def test_what_the_seller_does_not_know_or_say_is_answered_from_the_gazetteer(near: Running, far: Running) -> None:
    known = validated(near, "harbour")["bestMatchGeographicAddress"]["id"]
    far.process.kill()
    try:
        quay = validated(near, "inland", QUAY)["bestMatchGeographicAddress"]["id"]
        for submitted, id in ((ASKED, known), (QUAY, quay)):
            began = time.monotonic()
            assert validated(near, "harbour", submitted)["bestMatchGeographicAddress"]["id"] == id
            assert time.monotonic() - began < PATIENCE
        log = near.folder / "service.log"
        assert eventually(lambda: '"address_left_to_gazetteer"' in log.read_text(encoding="utf-8"))
    finally:
        far.restart()
