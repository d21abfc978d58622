"""MEF 121: what is asked about addresses, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.desk import Desk, Document
from tests.conformance.places import (
    ADDRESS,
    ADDRESSES,
    EACH,
    FIELDED,
    FORMATTED,
    LABEL,
    POINT,
    VALIDATION,
    asking,
    best,
    validated,
)
from tests.journeys.documents import ours
from tests.running import MEF, Running

AT = "/submittedGeographicAddress"
each = pytest.mark.parametrize("submitted", EACH, ids=lambda one: one["@type"])


def at(desk: Desk, client: str, query: str = "") -> int:
    """The status of a validation in the name of a client."""
    return Desk(desk.service, ADDRESSES["sonata"], client, query).post(asking(FIELDED), VALIDATION).status_code


def test_r1_an_address_is_validated_and_retrieved(desk: Desk) -> None:
    assert desk.read(best(desk, FIELDED)["id"], ADDRESS)["streetName"] == "Mill"


def test_r2_r3_who_speaks_for_several_buyers_names_one_and_nobody_else_does(desk: Desk) -> None:
    assert at(desk, "norms-broker", "buyerId=north") == 200
    assert at(desk, "norms-broker") == at(desk, "demo-carrier", "buyerId=north") == 400


def test_r4_r5_where_several_sellers_answer_one_is_named_and_nowhere_else(desk: Desk) -> None:
    assert at(desk, "norms-house", "sellerId=east") == 200
    assert at(desk, "norms-house") == at(desk, "demo-carrier", "sellerId=east") == 400


@each
def test_r6_members_that_are_required_are_demanded(desk: Desk, submitted: Document) -> None:
    for name in {"FieldedAddress": ("country", "city", "streetName"),
                 "FormattedAddress": ("addrLine1", "city", "country"),
                 "GeographicAddressLabel": ("externalReferenceType", "externalReferenceId"),
                 "MEFGeographicPoint": ("spatialRef", "x", "y")}[submitted["@type"]]:
        wanting = {member: value for member, value in submitted.items() if member != name}
        assert (f"{AT}/{name}", "missingProperty") in desk.refused(asking(wanting), VALIDATION)
    assert desk.refused({}, VALIDATION) == {("/provideAlternative", "missingProperty"), (AT, "missingProperty")}


def test_r7_r8_addresses_are_understood_in_fields_and_in_lines(desk: Desk) -> None:
    for submitted in (FIELDED, FORMATTED):
        assert validated(desk, submitted)["validationResult"] == "success"


def test_r9_a_reference_system_that_was_not_agreed_is_refused(desk: Desk) -> None:
    assert desk.refused(asking({**POINT, "spatialRef": "moon"}), VALIDATION) == {(f"{AT}/spatialRef", "invalidValue")}
    assert validated(desk, {**POINT, "spatialRef": "EPSG:4326"})["validationResult"] == "success"


def test_r10_what_does_not_conform_to_the_document_is_refused(desk: Desk) -> None:
    wrong = desk.refused(asking({**FIELDED, "city": 3}, provideAlternative="yes"), VALIDATION)
    assert {pointer for pointer, _code in wrong} == {f"{AT}/city", "/provideAlternative"}


@each
def test_r11_an_id_is_not_submitted(desk: Desk, submitted: Document) -> None:
    assert desk.refused(asking({**submitted, "id": "NORM-12"}), VALIDATION) == {(f"{AT}/id", "unexpectedProperty")}


def test_r12_who_wants_no_alternatives_gets_none(desk: Desk) -> None:
    assert "alternateGeographicAddress" in validated(desk, FIELDED)
    assert "alternateGeographicAddress" not in validated(desk, FIELDED, provideAlternative=False)


def test_r13_without_a_postcode_an_address_is_found_as_well(desk: Desk) -> None:
    found = {name: value for name, value in FIELDED.items() if name != "postcode"}
    assert best(desk, found)["id"] == "NORM-12"


def test_r14_without_a_number_all_addresses_of_the_street_are_alternatives(desk: Desk) -> None:
    told = validated(desk, {name: value for name, value in FIELDED.items() if name != "streetNr"})
    assert "bestMatchGeographicAddress" not in told
    assert {one["id"] for one in told["alternateGeographicAddress"]} == {"NORM-12", "NORM-12-2", "NORM-14"}


@each
def test_r15_what_was_submitted_comes_back_unchanged(desk: Desk, submitted: Document) -> None:
    sent = {**submitted, "colour": "blue"}
    assert validated(desk, sent)["submittedGeographicAddress"] == sent


@each
def test_r16_d6_an_address_that_is_known_is_answered_in_its_own_representation(desk: Desk, submitted: Document) -> None:
    told = validated(desk, submitted)
    assert (told["validationResult"], told["bestMatchGeographicAddress"]["@type"]) == ("success", submitted["@type"])


@pytest.mark.parametrize("submitted", [LABEL, POINT, {**POINT, "x": "52.6391"}])
def test_r17_for_points_and_labels_there_is_a_best_match_alone(desk: Desk, submitted: Document) -> None:
    told = validated(desk, submitted)
    assert "bestMatchGeographicAddress" in told
    assert "alternateGeographicAddress" not in told


@each
def test_r18_d5_what_is_not_known_has_neither_match_nor_alternatives(desk: Desk, submitted: Document) -> None:
    strange: dict[str, Any] = {"city": "Atlantis", "postcode": "0", "country": "Chad", "externalReferenceId": "NONE",
                               "x": "1"}
    told = validated(desk, {name: strange.get(name, value) for name, value in submitted.items()})
    assert told["validationResult"] == "fail"
    assert not {"bestMatchGeographicAddress", "alternateGeographicAddress"} & told.keys()


def test_r19_what_too_many_addresses_fit_is_refused(desk: Desk) -> None:
    vague = {**FIELDED, "streetName": "Serpentine", "streetType": "Road"}
    del vague["streetNr"]
    assert desk.refused(asking(vague), VALIDATION) == {(AT, "tooManyRecords")}


def test_r20_an_id_that_is_not_known_is_not_found(desk: Desk) -> None:
    assert desk.get(f"{ADDRESS}/no-such-address").status_code == 404


def test_r21_ids_are_unique_among_all_representations(desk: Desk) -> None:
    ids = [best(desk, submitted)["id"] for submitted in EACH]
    assert len(set(ids)) == len(ids)
    assert [desk.read(id, ADDRESS)["@type"] for id in ids] == [submitted["@type"] for submitted in EACH]


def test_d1_d3_d4_whatever_is_found_has_an_id(desk: Desk) -> None:
    for submitted in EACH:
        told = validated(desk, submitted)
        for one in (told["bestMatchGeographicAddress"], *told.get("alternateGeographicAddress", ())):
            assert desk.read(one["id"], ADDRESS)["id"] == one["id"]


@each
def test_d2_an_id_that_was_given_is_used_later(desk: Desk, submitted: Document, placed: Running) -> None:
    order = ours("sonata/internet_add.json")
    order["productOrderItem"][0]["product"]["place"] = [
        {"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": best(desk, submitted)["id"]}]
    assert Desk(placed, MEF, "demo-carrier").made(order)["state"] == "acknowledged"


def test_d7_something_like_it_is_partial(desk: Desk) -> None:
    told = validated(desk, {**FIELDED, "streetName": "Mlil"})
    assert (told["validationResult"], told["bestMatchGeographicAddress"]["id"]) == ("partial", "NORM-12")
    told = validated(desk, {**FIELDED, "streetNr": "13"})
    assert told["validationResult"] == "partial"
    assert {one["id"] for one in told["alternateGeographicAddress"]} == {"NORM-12", "NORM-12-2", "NORM-14"}


@pytest.mark.parametrize("submitted", [LABEL, POINT])
def test_o1_the_postal_address_of_a_point_or_label_is_told(desk: Desk, submitted: Document) -> None:
    told = best(desk, submitted)["associatedGeographicAddress"]
    assert (told["@type"], told["id"], told["streetName"]) == ("FieldedAddress", "NORM-12", "Mill")
