"""What a request for a quote has to say (MEF 115)."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk, changed
from tests.conformance.qualification.inquiring import PATH as QUALIFICATION_PATH
from tests.conformance.qualification.inquiring import SONATA as QUALIFICATIONS
from tests.conformance.qualification.inquiring import question
from tests.conformance.quote.quoting import ITEM, PATH, SONATA, TERM, Document, about, asked, request
from tests.running import Running

PRODUCT = f"{ITEM}/product"


def test_r1_r2_who_speaks_for_whom_is_said_where_it_must_be(service: Running, desk: Desk) -> None:
    broker = Desk(service, SONATA, "norms-broker")
    assert broker.post(request(), PATH).status_code == 400
    assert broker.post(request(), f"{PATH}?buyerId=north").status_code == 201
    assert desk.post(request(), f"{PATH}?buyerId=north").status_code == 400


@pytest.mark.parametrize("path", ["/instantSyncQuote", "/buyerRequestedQuoteLevel", f"{ITEM}/id", f"{ITEM}/action"])
def test_r9_r10_r11_r15_r16_r20_r21_what_is_required_is_missed(desk: Desk, path: str) -> None:
    assert desk.refused(changed(request(), path), PATH) == {(path, "missingProperty")}


def test_r12_r17_there_is_at_least_one_item(desk: Desk) -> None:
    assert {pointer for pointer, _ in desk.refused({**request(), "quoteItem": []}, PATH)} == {"/quoteItem"}
    assert ("/quoteItem", "missingProperty") in desk.refused(changed(request(), "/quoteItem"), PATH)


def test_r14_both_kinds_of_requests_are_taken(desk: Desk) -> None:
    assert asked(desk, request())["state"] == "approved.orderable"
    assert asked(desk, request(instant=False))["state"] == "acknowledged"


def test_r18_r19_r59_who_can_wait_says_until_when_and_whom_to_contact(desk: Desk) -> None:
    waiting = request(instant=False)
    for member in ("requestedQuoteCompletionDate", "relatedContactInformation"):
        bare = {name: value for name, value in waiting.items() if name != member}
        assert desk.refused(bare, PATH) == {(f"/{member}", "missingProperty")}
    hurried = {name: value for name, value in request().items() if name != "relatedContactInformation"}
    assert asked(desk, hurried)["state"] == "approved.orderable"


def test_r22_r42_r43_what_is_added_has_offering_and_configuration(desk: Desk) -> None:
    for member in ("productOffering", "productConfiguration"):
        wrong = desk.refused(changed(request(), f"{PRODUCT}/{member}"), PATH)
        assert (f"{PRODUCT}/{member}", "missingProperty") in wrong
    assert desk.post(changed(request(), PRODUCT), PATH).status_code == 422


def test_r23_who_can_wait_names_a_technical_contact(desk: Desk) -> None:
    bare = changed(request(instant=False), f"{ITEM}/relatedContactInformation")
    assert desk.refused(bare, PATH) == {(f"{ITEM}/relatedContactInformation", "missingProperty")}
    assert asked(desk, changed(request(), f"{ITEM}/relatedContactInformation"))["state"] == "approved.orderable"


def test_r24_the_strict_name_a_contact_at_the_place(service: Running) -> None:
    strict = Desk(service, SONATA, "norms-strict")
    assert (f"{ITEM}/relatedContactInformation", "missingProperty") in strict.refused(request(instant=False), PATH)


@pytest.mark.parametrize("promised", ["what was asked about", "what was proposed instead"])
def test_mef_80_r22_r32_nothing_is_wanted_sooner_than_it_was_qualified(service: Running, promised: str) -> None:
    poq, desk = Desk(service, QUALIFICATIONS, "demo-carrier"), Desk(service, SONATA, "demo-carrier")
    made = poq.made(question("YELLOW-ALTERNATE-50-Street-1", provideAlternative=True), QUALIFICATION_PATH)
    (judged,) = made["productOfferingQualificationItem"]
    follows, product = {"productOfferingQualificationId": made["id"], "id": "1"}, dict(judged["product"])
    if promised == "what was proposed instead":
        (proposal,) = judged["alternateProductOfferingProposal"]
        follows["alternateProductProposalId"] = proposal["id"]
        product["productConfiguration"] = proposal["alternateProduct"]["productConfiguration"]
    at, interval = f"{ITEM}/requestedQuoteItemInstallationInterval", judged["installationInterval"]
    following = changed(changed(request(), PRODUCT, product), f"{ITEM}/productOfferingQualificationItem", follows)
    sooner = {**interval, "amount": interval["amount"] - 1}
    assert desk.refused(changed(following, at, sooner), PATH) == {(at, "invalidValue")}
    assert asked(desk, changed(following, at, interval))
    assert asked(desk, changed(request(), at, sooner)), "what follows nothing may be wished for as one likes"


def test_o1_items_follow_a_qualification_where_that_was_agreed(service: Running) -> None:
    missing = {(f"{ITEM}/productOfferingQualificationItem", "missingProperty")}
    assert Desk(service, SONATA, "norms-qualified").refused(request(), PATH) == missing


def test_r25_items_are_related_to_items_that_are_there(desk: Desk) -> None:
    asking = changed(request(), f"{ITEM}/quoteItemRelationship", [{"id": "9", "relationshipType": "CONNECTS_TO_UNI"}])
    assert (f"{ITEM}/quoteItemRelationship/0/id", "referenceNotFound") in desk.refused(asking, PATH)


def test_r6_r7_r8_a_configuration_conforms_to_its_specification(desk: Desk) -> None:
    here = f"{PRODUCT}/productConfiguration"
    wrong = desk.refused(changed(request(), f"{here}/ipUni", "fast"), PATH)
    assert {pointer for pointer, _ in wrong} == {f"{here}/ipUni"}
    assert (f"{here}/@type", "invalidValue") in desk.refused(changed(request(), f"{here}/@type", "urn:none"), PATH)


def test_r37_r38_a_term_says_for_how_long_it_rolls_if_it_does(desk: Desk) -> None:
    here = f"{ITEM}/requestedQuoteItemTerm"
    rolling = changed(request(), here, {**TERM, "endOfTermAction": "roll"})
    assert desk.refused(rolling, PATH) == {(f"{here}/rollInterval", "missingProperty")}
    fixed = changed(request(), here, {**TERM, "rollInterval": {"amount": 1, "units": "calendarMonths"}})
    assert desk.refused(fixed, PATH) == {(f"{here}/rollInterval", "unexpectedProperty")}


def test_r44_what_is_added_has_no_id(desk: Desk) -> None:
    named = changed(request(), f"{PRODUCT}/id", "PROD-501")
    assert desk.refused(named, PATH) == {(f"{PRODUCT}/id", "unexpectedProperty")}


def test_r45_r46_what_is_changed_is_in_the_inventory_and_stays_there(desk: Desk) -> None:
    item = {**request()["quoteItem"][0], "action": "modify"}
    item["product"] |= {"id": "PROD-501"}
    assert asked(desk, about(item))["state"] == "approved.orderable"
    for path, value, found in ((f"{PRODUCT}/id", None, (f"{PRODUCT}/id", "missingProperty")),
                               (f"{PRODUCT}/id", "NONE", (f"{PRODUCT}/id", "referenceNotFound")),
                               (f"{PRODUCT}/productConfiguration", None,
                                (f"{PRODUCT}/productConfiguration", "missingProperty"))):
        assert found in desk.refused(changed(about(item), path, value) if value else changed(about(item), path), PATH)
    elsewhere = changed(about(item), f"{PRODUCT}/place/0/id", "ADDR-QUAY-4")
    assert {pointer.rpartition("/place")[0] for pointer, _ in desk.refused(elsewhere, PATH)} == {PRODUCT}


@pytest.mark.parametrize("more", ["productOffering", "productConfiguration", "place"])
def test_r47_r48_r49_what_is_removed_is_named_by_its_id_alone(desk: Desk, more: str) -> None:
    item: Document = {"id": "1", "action": "delete", "product": {"id": "PROD-501"}}
    assert asked(desk, about(item))["state"] == "approved.orderable"
    assert desk.refused(changed(about(item), f"{PRODUCT}/id"), PATH) == {(f"{PRODUCT}/id", "missingProperty")}
    told = about({**item, "product": {"id": "PROD-501", more: request()["quoteItem"][0]["product"][more]}})
    (found,) = desk.refused(told, PATH)
    assert found[0].startswith(f"{PRODUCT}/{more}")


def test_r63_places_by_reference_are_known(desk: Desk) -> None:
    unknown = changed(request(), f"{PRODUCT}/place/0/id", "NOWHERE")
    assert desk.refused(unknown, PATH) == {(f"{PRODUCT}/place/0/id", "referenceNotFound")}
