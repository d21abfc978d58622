"""Addresses and sites at the doors of Sonata and Cantata: looked for in all representations, shown by ids given out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from lso.canonical.tenant import Profile
from lso.dialects.book import book
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.service.directory import apply_profile
from lso.service.place_file import Row
from lso.service.place_import import import_places
from tests.gateway.conftest import AGREED, SONATA, Running
from tests.gateway.paths import SPECS
from tests.pil.scene import INTERNET

Document = dict[str, Any]
DOORS = [("/mefApi/sonata/{}/v7", "carrier", "sonata.grace"), ("/mefApi/cantata/{}/v1", "carrier-sil", "cantata.grace")]
ADDRESSES, SITES = "geographicAddressManagement", "geographicSiteManagement"
QUAY = {"id": "QUAY-7B", "number": "7", "number_suffix": "B", "street": "du Port", "street_type": "Quai",
        "city": "Marseille", "postcode": "13002", "country": "France", "label": "MRSEFR01", "label_type": "CLLI",
        "latitude": "43.2961", "longitude": "5.3699"}
PLACES = (
    QUAY, {**QUAY, "id": "QUAY-9", "number": "9", "number_suffix": "", "label": "", "label_type": "", "latitude": "",
           "longitude": ""},
    {"id": "QUAY-7B-4", **{name: QUAY[name] for name in ("number", "number_suffix", "street", "street_type", "city",
                                                         "postcode", "country")}, "building": "Shed 4"},
    {"id": "PAIX-1", "number": "1", "street": "de la Paix", "street_type": "Rue", "city": "Paris", "country": "France"},
    *({"id": f"LONG-{number}", "number": str(number), "street": "Long", "street_type": "Street", "city": "Vienna",
       "country": "Austria"} for number in range(1, 61)),
    {"id": "MEET-ME", "kind": "site", "address_id": "QUAY-7B", "name": "Meet-me room", "company": "Port Authority",
     "contact_name": "Tom Okafor", "contact_email": "tom@port.example", "contact_phone": "+33 1"},
)
OWN = ({"id": "OWN-1", "number": "3", "street": "Hidden", "city": "Paris", "country": "France"},
       {"id": "RACK-12", "kind": "site", "address_id": "OWN-1", "name": "Rack 12", "customer": "Harbour Carrier"})
ASKED = {"@type": "FieldedAddress", "streetNr": "7", "streetNrSuffix": "B", "streetName": "du Port",
         "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}


@pytest.fixture(scope="module", autouse=True)
def places(service: Running) -> Iterator[None]:
    """What is known to everybody, and what to alpha alone; one of its sites stands in its profile."""
    store = service.world.store
    import_places(store, [Row(0, row) for row in PLACES])
    import_places(store, [Row(0, row) for row in OWN], tenant="alpha")
    agreed = {"tenant": "alpha", "name": "Alpha", **AGREED}
    agreed["places"] = [*AGREED["places"], {"id": "DESK-1", "kind": "site", "name": "Desk", "address": "PAIX-1"}]
    apply_profile(store, Profile.model_validate(agreed).model_dump(mode="json"))
    service.world.directory.refresh()
    yield
    apply_profile(store, Profile.model_validate({"tenant": "alpha", "name": "Alpha", **AGREED}).model_dump(mode="json"))
    service.world.directory.refresh()


@pytest.fixture(params=DOORS, ids=["sonata", "cantata"])
def door(request: pytest.FixtureRequest, service: Running) -> Door:
    return Door(service, *request.param)


class Door:
    """One edition, asked as one client."""

    def __init__(self, service: Running, base: str, client: str, dialect: str) -> None:
        self.service, self.base, self.client, self.dialect = service, base, client, dialect

    def get(self, api: str, path: str, client: str = "") -> httpx.Response:
        return self.service.call("GET", self.base.format(api) + path, client or self.client)

    def post(self, submitted: Document, **more: Any) -> httpx.Response:
        body = {"provideAlternative": True, "submittedGeographicAddress": submitted, **more}
        return self.service.call("POST", f"{self.base.format(ADDRESSES)}/geographicAddressValidation", self.client,
                                 json=body)

    def validated(self, submitted: Document, **more: Any) -> Document:
        """An answer, which must echo what was sent and fit the document."""
        answer = self.post(submitted, **more)
        assert answer.status_code == 200, answer.text
        told: Document = answer.json()
        assert told["submittedGeographicAddress"] == submitted
        self.fits(f"{self.dialect}.address", "/geographicAddressValidation", "post", told)
        return told

    def address(self, id: str) -> Document:
        answer = self.get(ADDRESSES, f"/geographicAddress/{id}")
        assert answer.status_code == 200, answer.text
        self.fits(f"{self.dialect}.address", "/geographicAddress/{id}", "get", answer.json())
        told: Document = answer.json()
        return told

    def sites(self, query: str = "") -> list[str]:
        answer = self.get(SITES, f"/geographicSite?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-result-count"] == answer.headers["x-total-count"] == str(len(answer.json()))
        self.fits(f"{self.dialect}.site", "/geographicSite", "get", answer.json())
        return [one["id"] for one in answer.json()]

    def fits(self, edition: str, path: str, method: str, told: Any) -> None:
        validator = Validators(load(SPECS / book().edition(edition).document), None, None).answer(path, method, 200)
        assert validator is not None
        assert validator.findings(told) == ()


def wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(one["propertyPath"], one["code"]) for one in answer.json()}


def ids(told: Document) -> tuple[str | None, set[str]]:
    best = told.get("bestMatchGeographicAddress") or {}
    return best.get("id"), {one["id"] for one in told.get("alternateGeographicAddress", ())}


def test_an_address_that_is_known_is_the_best_match(door: Door) -> None:
    told = door.validated(ASKED)
    assert told["validationResult"] == "success"
    best = told["bestMatchGeographicAddress"]
    assert {**best, "href": ""} == {**ASKED, "id": "QUAY-7B", "href": "", "hasPublicSite": True}
    assert best["href"].endswith("/geographicAddress/QUAY-7B")
    assert {one["id"] for one in told["alternateGeographicAddress"]} == {"QUAY-7B-4"}, "within the house: another level"


@pytest.mark.parametrize("said", [
    {"streetName": "QUAI DU PORT", "streetType": ""}, {"country": "FR"}, {"postcode": "13 002"}, {"city": "MARSEILLE"},
    {"streetNr": "7B", "streetNrSuffix": ""}])
def test_how_it_is_written_makes_no_difference(door: Door, said: Document) -> None:
    asked = {name: value for name, value in {**ASKED, **said}.items() if value}
    assert (told := door.validated(asked))["validationResult"] == "success", told
    assert ids(told)[0] == "QUAY-7B"


@pytest.mark.parametrize(("said", "best"), [
    ({"streetName": "du Prot"}, "QUAY-7B"), ({"city": "Marseile", "postcode": ""}, "QUAY-7B"),
    ({"postcode": "13009"}, "QUAY-7B"), ({"streetNr": "8", "streetNrSuffix": ""}, None)])
def test_something_like_it_is_a_partial_match(door: Door, said: Document, best: str | None) -> None:
    told = door.validated({name: value for name, value in {**ASKED, **said}.items() if value})
    assert told["validationResult"] == "partial"
    assert ids(told)[0] == best
    assert ids(told)[1] >= ({"QUAY-7B-4"} if best else {"QUAY-7B", "QUAY-9"})


def test_a_place_within_a_house_is_another_level_of_detail(door: Door) -> None:
    told = door.validated({**ASKED, "geographicSubAddress": {"buildingName": "Shed 4"}})
    assert (told["validationResult"], *ids(told)) == ("success", "QUAY-7B-4", {"QUAY-7B"})
    told = door.validated({**ASKED, "geographicSubAddress": {"buildingName": "Shed 5"}})
    assert (told["validationResult"], *ids(told)) == ("partial", None, {"QUAY-7B", "QUAY-7B-4"})


def test_what_nobody_knows_has_no_match(door: Door) -> None:
    told = door.validated({**ASKED, "streetName": "Nowhere", "city": "Atlantis", "country": "Norway"})
    assert told["validationResult"] == "fail"
    assert ids(told) == (None, set())


def test_an_address_in_lines_is_answered_in_lines(door: Door) -> None:
    lines = {"@type": "FormattedAddress", "addrLine1": "7B Quai du Port", "city": "Marseille", "country": "France"}
    told = door.validated(lines)
    best = told["bestMatchGeographicAddress"]
    assert (told["validationResult"], best["@type"], best["addrLine1"]) == (
        "success", "FormattedAddress", "7B Quai du Port")
    assert door.address(best["id"])["addrLine1"] == "du Port Quai 7B"
    shed = door.validated({**lines, "addrLine2": "Shed 4"})
    assert (shed["validationResult"], shed["bestMatchGeographicAddress"]["addrLine2"]) == ("success", "Shed 4")


def test_a_label_is_answered_as_a_label_with_the_address_that_goes_with_it(door: Door) -> None:
    label = {"@type": "GeographicAddressLabel", "externalReferenceType": "CLLI", "externalReferenceId": "mrsefr01"}
    told = door.validated(label)
    best = told["bestMatchGeographicAddress"]
    assert (told["validationResult"], best["externalReferenceId"]) == ("success", "MRSEFR01")
    assert best["associatedGeographicAddress"]["id"] == "QUAY-7B"
    assert best["id"] != "QUAY-7B", "an id names an address in one representation"
    assert door.address(best["id"])["@type"] == "GeographicAddressLabel"
    assert "alternateGeographicAddress" not in told
    assert door.validated({**label, "externalReferenceId": "OTHER"})["validationResult"] == "fail"


@pytest.mark.parametrize(("x", "y", "result"), [("43.2961", "5.3699", "success"), ("43.2965", "5.3699", "partial"),
                                                ("43.3961", "5.3699", "fail")])
def test_a_point_is_answered_by_the_nearest_one_near_enough(door: Door, x: str, y: str, result: str) -> None:
    told = door.validated({"@type": "MEFGeographicPoint", "spatialRef": "WGS84", "x": x, "y": y})
    assert told["validationResult"] == result
    assert "alternateGeographicAddress" not in told
    if result != "fail":
        best = told["bestMatchGeographicAddress"]
        assert (best["x"], best["y"], best["associatedGeographicAddress"]["streetName"]) == (
            "43.2961", "5.3699", "du Port")
        assert door.address(best["id"])["@type"] == "MEFGeographicPoint"


def test_what_is_too_vague_is_refused(door: Door) -> None:
    street = {"@type": "FieldedAddress", "streetName": "Long Street", "city": "Vienna", "country": "Austria"}
    assert wrong(door.post(street)) == {("/submittedGeographicAddress", "tooManyRecords")}
    assert ids(door.validated({**street, "streetNr": "60"})) == ("LONG-60", set())


def test_all_that_is_wrong_with_a_request_is_told_at_once(door: Door) -> None:
    point = {"@type": "MEFGeographicPoint", "id": "X", "spatialRef": "moon", "x": "north", "y": "200"}
    at = "/submittedGeographicAddress"
    assert wrong(door.post(point)) == {(f"{at}/id", "unexpectedProperty"), (f"{at}/spatialRef", "invalidValue"),
                                       (f"{at}/x", "invalidFormat"), (f"{at}/y", "invalidValue")}
    assert wrong(door.post({"@type": "FieldedAddress", "city": "Paris", "country": "France"})) == {
        (f"{at}/streetName", "missingProperty")}


def test_alternatives_that_are_not_wanted_are_not_told(door: Door) -> None:
    assert ids(door.validated(ASKED, provideAlternative=False)) == ("QUAY-7B", set())


def test_members_that_nobody_knows_come_back(door: Door) -> None:
    told = door.validated({**ASKED, "colour": "blue"}, hue="red")
    assert told["hue"] == "red"


def test_the_answer_to_a_key_is_repeated(door: Door) -> None:
    body = {"provideAlternative": True, "submittedGeographicAddress": ASKED}
    path, key = f"{door.base.format(ADDRESSES)}/geographicAddressValidation", {"Idempotency-Key": f"k-{door.client}"}
    first, again = (door.service.call("POST", path, door.client, json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.json(), again.headers["idempotency-replayed"]) == (200, first.json(), "true")


@pytest.mark.parametrize("id", ["nothing", "QUAY-9~label", "QUAY-9~point", "PAIX-1~other", "~label", "MEET-ME"])
def test_an_id_that_was_never_given_is_not_found(door: Door, id: str) -> None:
    assert door.get(ADDRESSES, f"/geographicAddress/{id}").status_code == 404


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
    assert {name: site[name] for name in ("name", "companyName", "siteType", "place")} == {
        "name": "Meet-me room", "companyName": "Port Authority", "siteType": "public",
        "place": [{"@type": "GeographicAddressRef", "id": "QUAY-7B"}]}
    assert site["relatedContactInformation"][0]["emailAddress"] == "tom@port.example"
    assert door.get(SITES, "/geographicSite/SITE-QUAY-4").status_code == 404, "nobody says where it is"


@pytest.mark.parametrize(("query", "found"), [
    ("", {"MEET-ME", "RACK-12", "DESK-1"}), ("geographicAddress.id=QUAY-7B", {"MEET-ME"}),
    ("geographicAddress.id=PAIX-1", {"DESK-1"}), ("city=paris", {"RACK-12", "DESK-1"}),
    ("city=Paris&streetName=De%20La%20Paix&streetType=rue&streetNr=1&country=FR", {"DESK-1"}),
    ("streetNr=7b&postcode=13002&country=france", {"MEET-ME"}), ("siteType=private", {"RACK-12", "DESK-1"}),
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


def test_an_order_may_name_whatever_id_was_given_out(service: Running) -> None:
    label = {"@type": "GeographicAddressLabel", "externalReferenceType": "CLLI", "externalReferenceId": "MRSEFR01"}
    given = Door(service, *DOORS[0]).validated(label)["bestMatchGeographicAddress"]["id"]
    for kind, id, status in (("GeographicAddressRef", given, 201), ("GeographicAddressRef", "QUAY-7B", 201),
                             ("GeographicSiteRef", "MEET-ME", 201), ("GeographicSiteRef", "QUAY-7B", 422),
                             ("GeographicAddressRef", "no-such-place", 422)):
        order = copy.deepcopy(INTERNET)
        for follows in ("productOfferingQualificationItem", "quoteItem"):
            order["productOrderItem"][0].pop(follows, None)
        order["productOrderItem"][0]["product"]["place"] = [{"@type": kind, "role": "INSTALL_LOCATION", "id": id}]
        answer = service.call("POST", f"{SONATA}/productOrder", json=order)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert {(one["propertyPath"], one["code"]) for one in answer.json()} == {
                ("/productOrderItem/0/product/place/0/id", "referenceNotFound")}
