"""Where a connection may be: at a place of the profile, or at any address or site of the gazetteer whose id was given
out to the tenant; one's own is nobody else's."""

from __future__ import annotations

import pytest

from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store import resource as resources
from lso.store.connection import KIND
from tests.gateway.conftest import Running

HOME = "/internet-on-demand/connections"
ALL = ({"id": "LIGHT-9", "number": "9", "street": "Lighthouse", "city": "Sagres", "country": "Portugal",
        "label": "SGRSPT01", "label_type": "CLLI"},
       {"id": "LAMP-ROOM", "kind": "site", "address_id": "LIGHT-9", "name": "Lamp room"})
OWN = ({"id": "COVE-1", "number": "1", "street": "Cove", "city": "Sagres", "country": "Portugal"},)


@pytest.fixture(scope="module", autouse=True)
def places(service: Running) -> None:
    import_places(service.world.store, [Row(0, row) for row in ALL])
    import_places(service.world.store, [Row(0, row) for row in OWN], tenant="alpha")


@pytest.mark.parametrize(("id", "kind"), [
    ("LIGHT-9", "GeographicAddress"), ("LIGHT-9~label", "GeographicAddress"),
    ("LAMP-ROOM", "GeographicSite"), ("COVE-1", "GeographicAddress"), ("SITE-QUAY-4", "GeographicSite")])
def test_a_connection_is_made_at_whatever_place_is_known(service: Running, id: str, kind: str) -> None:
    made = service.call("POST", HOME, "carrier-sil", json={"bandwidth": "50 Mbps", "locationId": id})
    assert made.status_code == 201, made.text
    stored = service.world.store.query_now(lambda c: resources.fetch(c, "alpha", KIND, made.json()["id"]))
    assert stored is not None
    (item,) = stored.document["wishes"][0]["body"]["productOrderItem"]
    assert [(one["id"], one["@referredType"]) for one in item["product"]["place"]] == [(id, kind)]


def test_a_place_of_somebody_else_or_of_nobody_is_not_known(service: Running) -> None:
    for client, id in (("enterprise", "COVE-1"), ("carrier-sil", "COVE-2"), ("carrier-sil", "")):
        answer = service.call("POST", HOME, client, json={"bandwidth": "50 Mbps", "locationId": id})
        assert answer.status_code == 422, answer.text
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
            ("/locationId", "referenceNotFound")]
