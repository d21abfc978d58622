"""Sites at the doors of Sonata and Cantata: listed by each of their filters, shown with where they are. A tenant's own,
and its own addresses, are shown to it alone."""

from __future__ import annotations

import pytest

from lso.service.place_file import Row
from lso.service.place_import import import_places
from tests.pil.places import ADDRESSES, SITES, Door, ids, wrong


def test_a_tenants_own_addresses_and_sites_are_hidden_from_others(door: Door) -> None:
    other = {"carrier": "rival", "carrier-sil": "enterprise"}[door.client]
    own = {"@type": "FieldedAddress", "streetNr": "3", "streetName": "Hidden", "city": "Paris", "country": "France"}
    assert ids(door.validated(own))[0] == "OWN-1"
    assert door.get(ADDRESSES, "/geographicAddress/OWN-1").status_code == 200
    assert door.get(ADDRESSES, "/geographicAddress/OWN-1", other).status_code == 404
    body = {"provideAlternative": True, "submittedGeographicAddress": own}
    answer = door.service.call("POST", f"{door.base.format(ADDRESSES)}/geographicAddressValidation", other, json=body)
    assert answer.json()["validationResult"] == "fail"
    for id in ("RACK-12", "DESK-1"):
        assert door.get(SITES, f"/geographicSite/{id}").status_code == 200
        assert door.get(SITES, f"/geographicSite/{id}", other).status_code == 404
    assert [one["id"] for one in door.get(SITES, "/geographicSite", other).json()] == ["MEET-ME"]


def test_a_site_is_shown_with_where_it_is_and_whom_to_call(door: Door) -> None:
    site = door.get(SITES, "/geographicSite/MEET-ME").json()
    door.fits(f"{door.dialect}.site", "/geographicSite/{id}", "get", site)
    assert site["href"].endswith("/geographicSite/MEET-ME")
    assert {name: site[name] for name in ("name", "companyName", "siteType")} == {
        "name": "Meet-me room", "companyName": "Port Authority", "siteType": "public"}
    (place,) = site["place"]
    assert place == {"@type": "GeographicAddressRef", "id": "QUAY-7B", "href": place["href"]}
    assert place["href"].endswith("/geographicAddress/QUAY-7B")
    assert site["relatedContactInformation"][0]["emailAddress"] == "tom@port.example"
    assert door.get(SITES, "/geographicSite/SITE-QUAY-4").status_code == 404, "nobody says where it is"


@pytest.mark.parametrize(("query", "found"), [
    ("", {"MEET-ME", "RACK-12", "DESK-1"}), ("geographicAddress.id=QUAY-7B", {"MEET-ME"}),
    ("geographicAddress.id=PAIX-1", {"DESK-1"}), ("city=paris", {"RACK-12", "DESK-1"}),
    ("city=Paris&streetName=De%20La%20Paix&streetType=rue&streetNr=1&country=FR", {"DESK-1"}),
    ("streetNr=7b&postcode=13002&country=france", {"MEET-ME"}), ("streetNr=7&city=marseille", {"MEET-ME"}),
    ("streetNr=7%20B&city=marseille", {"MEET-ME"}), ("streetNr=7c&city=marseille", set()),
    ("siteType=private", {"RACK-12", "DESK-1"}),
    ("siteType=public", {"MEET-ME"}), ("companyName=port%20authority", {"MEET-ME"}),
    ("customerName=Harbour%20Carrier", {"RACK-12"}), ("name=desk", {"DESK-1"}),
    ("serviceSiteContactName=Tom%20Okafor", {"MEET-ME"}), ("description=none", set()),
    ("city=Paris&customerName=nobody", set())])
def test_sites_are_found_by_each_of_the_filters(door: Door, query: str, found: set[str]) -> None:
    assert set(door.sites(query)) == found


def test_filters_that_nobody_knows_are_refused(door: Door) -> None:
    for query in ("siteType=secret", "color=blue", "city=", "offset=1"):
        assert door.get(SITES, f"/geographicSite?{query}").status_code == 400, query


def test_more_sites_than_can_be_shown_are_refused(door: Door) -> None:
    rows = [{"id": f"{door.client}-{number}", "kind": "site", "address_id": "PAIX-1", "company": "Many"}
            for number in range(101)]
    client, tenant = {"carrier": ("exact", "exact"), "carrier-sil": ("carrier-sil", "alpha")}[door.client]
    assert import_places(door.service.world.store, [Row(0, row) for row in rows[:100]], tenant=tenant).sites == 100
    assert len(door.get(SITES, "/geographicSite?companyName=Many", client).json()) == 100
    import_places(door.service.world.store, [Row(0, row) for row in rows], tenant=tenant)
    for query in ("", "?companyName=many", "?siteType=private"):
        assert ("", "tooManyRecords") in wrong(door.get(SITES, f"/geographicSite{query}", client))
