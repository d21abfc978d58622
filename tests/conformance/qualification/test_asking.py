"""Questions: what they must have, and what is said against them (MEF 87 sections 6 and 7)."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from tests.conformance.desk import Desk, changed
from tests.conformance.qualification.inquiring import (
    BASIC,
    ITEM,
    PATH,
    SONATA,
    Document,
    about,
    asked,
    judged,
    question,
)
from tests.running import Running

PROD: Document = {"id": "PROD-501"}
OTHER = "urn:mef:lso:spec:cantata-sonata:ip-uni:v1.0.0:all"
LINE = "urn:mef:lso:spec:cantata-sonata:epl-evc:v1.0.0:all"


def without(document: Document, path: str) -> Document:
    return changed(document, path)


def test_r1_a_buyer_asks_looks_up_and_lists(poq: Desk) -> None:
    made = asked(poq, question(externalId=f"R1 {poq.base}"))
    assert poq.read(made["id"], PATH) == made
    (row,) = poq.listed(f"externalId=R1 {poq.base}", PATH)
    assert row == {"id": made["id"], "externalId": f"R1 {poq.base}", "state": "done.ready"}
    assert poq.get(f"{PATH}/no-such").status_code == 404


def test_r2_r3_r5_who_speaks_for_whom_is_said_where_it_must_be(service: Running, poq: Desk) -> None:
    broker = Desk(service, SONATA, "norms-broker")
    assert broker.post(question(), PATH).json()["code"] == "missingQueryParameter"
    assert broker.call("POST", f"{PATH}?buyerId=north", json=question()).status_code == 201
    assert poq.call("POST", f"{PATH}?buyerId=north", json=question()).json()["code"] == "invalidQuery"
    assert poq.call("POST", f"{PATH}?sellerId=x", json=question()).json()["code"] == "invalidQuery"


@pytest.mark.parametrize(("path", "pointer"), [
    ("/relatedContactInformation", "/relatedContactInformation"),
    ("/productOfferingQualificationItem", "/productOfferingQualificationItem"),
    (f"{ITEM}/product", f"{ITEM}/product"), (f"{ITEM}/id", f"{ITEM}/id"), (f"{ITEM}/action", f"{ITEM}/action"),
])
def test_r7_r17_r20_r32_what_is_required_is_missed(poq: Desk, path: str, pointer: str) -> None:
    assert (pointer, "missingProperty") in poq.refused(without(question(), path), PATH)
    assert poq.refused(question(productOfferingQualificationItem=[]), PATH) == {
        ("/productOfferingQualificationItem", "invalidValue")}


def test_r14_what_is_malformed_is_refused_with_all_its_faults(poq: Desk) -> None:
    document = changed(question(provideAlternative="yes"), f"{ITEM}/action", "remove")
    assert poq.refused(document, PATH) == {("/provideAlternative", "invalidFormat"), (f"{ITEM}/action", "invalidValue")}


def test_r18_who_does_not_say_so_need_not_know_at_once(poq: Desk) -> None:
    made = asked(poq, without(question(), "/instantSyncQualification"))
    assert made["state"] == "acknowledged"


def test_r19_the_strict_say_by_when(service: Running, poq: Desk) -> None:
    strict = Desk(service, SONATA, "norms-strict")
    assert strict.refused(question(instant=False), PATH) == {("/requestedPOQCompletionDate", "missingProperty")}
    assert asked(strict, question(instant=False, requestedPOQCompletionDate="2090-01-01T00:00:00Z"))["id"]
    assert asked(strict, question())["id"]
    assert asked(poq, question(instant=False))["id"]


def test_r21_the_contact_has_its_role(poq: Desk) -> None:
    document = changed(question(), "/relatedContactInformation/0/role", "somebody")
    assert poq.refused(document, PATH) == {("/relatedContactInformation", "missingProperty")}


def test_r33_what_is_added_is_asked_for_by_one_thing(poq: Desk) -> None:
    offering = f"{ITEM}/product/productOffering"
    assert poq.refused(without(question(), offering), PATH) == {(offering, "missingProperty")}
    specified = changed(question(), f"{ITEM}/product/productSpecification", {"id": BASIC})
    assert poq.refused(specified, PATH) == {(f"{ITEM}/product/productSpecification", "unexpectedProperty")}
    assert judged(poq, without(specified, offering))["state"] == "done.ready"


def test_r11_r34_what_is_added_comes_with_its_configuration(poq: Desk) -> None:
    assert poq.refused(without(question(), f"{ITEM}/product/productConfiguration"), PATH) == {
        (f"{ITEM}/product/productConfiguration", "missingProperty")}


def test_r12_r35_configuration_and_offering_fit(poq: Desk) -> None:
    kind = f"{ITEM}/product/productConfiguration/@type"
    assert (kind, "invalidValue") in poq.refused(changed(question(), kind, "urn:nobody:knows"), PATH)
    assert (kind, "invalidValue") in poq.refused(changed(question(), kind, OTHER), PATH)
    unknown = changed(question(), f"{ITEM}/product/productOffering/id", "no-such")
    assert poq.refused(unknown, PATH) == {(f"{ITEM}/product/productOffering/id", "referenceNotFound")}
    bare = without(question(), f"{ITEM}/product/productOffering")
    assert poq.refused(changed(bare, f"{ITEM}/product/productSpecification", {"id": "no-such"}), PATH) == {
        (f"{ITEM}/product/productSpecification/id", "referenceNotFound")}
    assert poq.refused(changed(bare, f"{ITEM}/product/productSpecification", {"id": OTHER}), PATH) == {
        (f"{ITEM}/product/productSpecification/id", "invalidValue")}


def test_r13_a_configuration_conforms_to_its_specification(poq: Desk) -> None:
    mtu = f"{ITEM}/product/productConfiguration/ipvc/mtu"
    assert poq.refused(changed(question(), mtu, "large"), PATH) == {(mtu, "invalidFormat")}


def test_r15_relations_and_places_are_those_of_the_product(poq: Desk) -> None:
    assert poq.refused(without(question(), f"{ITEM}/product/place"), PATH) == {
        (f"{ITEM}/product/place", "missingProperty")}
    role = f"{ITEM}/product/place/0/role"
    assert poq.refused(changed(question(), role, "CELLAR"), PATH) == {(role, "invalidValue")}
    related = changed(question(), f"{ITEM}/qualificationItemRelationship", [{"id": "9", "relationshipType": "NEAR"}])
    assert (f"{ITEM}/qualificationItemRelationship/0/id", "referenceNotFound") in poq.refused(related, PATH)


def test_r36_what_is_added_has_no_id(poq: Desk) -> None:
    assert poq.refused(changed(question(), f"{ITEM}/product/id", "PROD-501"), PATH) == {
        (f"{ITEM}/product/id", "unexpectedProperty")}


def change(**members: Document) -> Document:
    product = {**copy.deepcopy(question()["productOfferingQualificationItem"][0]["product"]), **PROD, **members}
    return about({"id": "1", "action": "modify", "product": product})


def test_r37_what_is_changed_has_id_and_configuration(poq: Desk) -> None:
    assert judged(poq, change())["state"] == "done.ready"
    assert poq.refused(without(change(), f"{ITEM}/product/id"), PATH) == {(f"{ITEM}/product/id", "missingProperty")}
    assert poq.refused(without(change(), f"{ITEM}/product/productConfiguration"), PATH) == {
        (f"{ITEM}/product/productConfiguration", "missingProperty")}


def test_r38_a_change_leaves_offering_and_place(poq: Desk) -> None:
    elsewhere = changed(change(), f"{ITEM}/product/place", [
        {"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": "ADDR-QUAY-4"}])
    assert poq.refused(elsewhere, PATH) == {(f"{ITEM}/product/place", "invalidValue")}
    other = changed(change(), f"{ITEM}/product/productOffering/id", "BasicInternetAccessOffering-0001")
    assert poq.refused(other, PATH) == {(f"{ITEM}/product/productOffering/id", "invalidValue")}


def test_r39_r41_what_is_removed_is_named_by_its_id_alone(poq: Desk) -> None:
    bare = about({"id": "1", "action": "delete", "product": PROD})
    assert judged(poq, bare)["state"] == "done.ready"
    for name, value in (("productOffering", {"id": "OFFER-INTERNET-BASIC"}), ("productOffering", {"id": "no-such"}),
                        ("productSpecification", {"id": BASIC})):
        more = changed(bare, f"{ITEM}/product/{name}", value)
        assert poq.refused(more, PATH) == {(f"{ITEM}/product/{name}", "unexpectedProperty")}


@pytest.mark.parametrize("make", [change, lambda: about({"id": "1", "action": "delete", "product": dict(PROD)})])
def test_r40_what_is_changed_or_removed_is_in_the_inventory(poq: Desk, make: Callable[[], Document]) -> None:
    assert (f"{ITEM}/product/id", "referenceNotFound") in poq.refused(
        changed(make(), f"{ITEM}/product/id", "no-such"), PATH)


@pytest.mark.parametrize("place", [
    {"@type": "FieldedAddress", "country": "Portugal", "city": "Porto", "streetName": "Rua do Cais", "streetNr": "4"},
    {"@type": "FormattedAddress", "country": "Portugal", "city": "Porto", "addrLine1": "Rua do Cais 4"},
    {"@type": "MEFGeographicPoint", "spatialRef": "EPSG:4326", "x": "41.14", "y": "-8.61"},
])
def test_r42_addresses_by_value_are_supported(poq: Desk, place: Document) -> None:
    document = changed(question(), f"{ITEM}/product/place", [{**place, "role": "INSTALL_LOCATION"}])
    assert judged(poq, document)["state"] == "done.ready"


def test_r43_places_by_reference_are_known(poq: Desk) -> None:
    at = f"{ITEM}/product/place/0/id"
    assert poq.refused(changed(question(), at, "no-such"), PATH) == {(at, "referenceNotFound")}


def test_r51_relations_that_share_a_key_are_one(service: Running) -> None:
    ends = [{"relationshipType": "CONNECTS_TO_UNI_A", "id": "PROD-612", "groupingKey": "a"},
            {"relationshipType": "CONNECTS_TO_UNI_A", "id": "PROD-613", "groupingKey": "a"},
            {"relationshipType": "CONNECTS_TO_UNI_Z", "id": "PROD-613"}]
    line: Document = {"productOffering": {"id": "OFFER-EPL"}, "productRelationship": ends,
                      "productConfiguration": {"@type": LINE, "evcEndPointA": {}, "evcEndPointZ": {}}}
    desk = Desk(service, SONATA, "demo-carrier")
    assert judged(desk, about({"id": "1", "action": "add", "product": line}))["state"] == "done.ready"
    apart = copy.deepcopy(line)
    apart["productRelationship"][1]["groupingKey"] = "b"
    found = desk.refused(about({"id": "1", "action": "add", "product": apart}), PATH)
    assert found == {(f"{ITEM}/product/productRelationship/1", "invalidValue")}
