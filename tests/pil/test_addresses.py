"""Addresses at the doors of Sonata and Cantata: looked for in all representations, shown by ids given out."""

from __future__ import annotations

import copy

import pytest

from tests.gateway.conftest import SONATA, Running
from tests.pil.places import ADDRESSES, ASKED, DOORS, Document, Door, ids, wrong
from tests.pil.scene import INTERNET


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
    assert door.address(best["id"])["addrLine1"] == "Quai du Port 7B"
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


@pytest.mark.usefixtures("places")
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
