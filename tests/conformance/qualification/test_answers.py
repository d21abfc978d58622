"""Answers: what they show of items and whole, at once and later (MEF 87 sections 6.2 and 6.3)."""

from __future__ import annotations

import time
from typing import Any

from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import ITEM, PATH, Document, about, asked, judged, question
from tests.running import eventually

VERDICT = {"serviceabilityConfidence", "serviceabilityConfidenceReason", "installationInterval", "guaranteedUntilDate",
           "alternateProductOfferingProposal"}
GREEN, YELLOW, RED, THINKING = "ADDR-QUAY-4", "YELLOW-Street-1", "RED-Street-1", "THINK-5-Street-1"
NOTHING: Document = {"id": "1", "action": "add", "product": {}}


def items_of(answer: Document) -> list[Document]:
    found: list[Document] = answer["productOfferingQualificationItem"]
    return found


def said(sent: Any, back: Any) -> bool:
    """Whether all that was sent came back, among other things."""
    if isinstance(sent, dict):
        return all(name in back and said(value, back[name]) for name, value in sent.items())
    if isinstance(sent, list):
        return len(sent) <= len(back) and all(said(*pair) for pair in zip(sent, back, strict=False))
    return bool(sent == back)


def test_r8_r23_r27_the_answer_repeats_what_was_sent(poq: Desk) -> None:
    document = question(GREEN, YELLOW, externalId="echo", projectId="P1", provideAlternative=True, colour="red",
                        requestedPOQCompletionDate="2090-01-01T00:00:00+02:00")
    answer = asked(poq, document)
    assert said(document, answer)
    assert [item["id"] for item in items_of(answer)] == ["1", "2"]


def test_r9_r10_r28_r29_a_judged_item_has_colour_and_interval(poq: Desk) -> None:
    green, yellow, red = items_of(asked(poq, question(GREEN, YELLOW, RED)))
    assert [one["serviceabilityConfidence"] for one in (green, yellow, red)] == ["green", "yellow", "red"]
    assert green["installationInterval"] == yellow["installationInterval"] == {"amount": 10, "units": "businessDays"}
    assert red["serviceabilityConfidenceReason"] == "The place cannot be served."
    assert "installationInterval" not in red


def test_o1_a_ready_item_that_is_no_no_says_until_when_that_is_guaranteed(poq: Desk) -> None:
    judged_at = asked(poq, question(GREEN, YELLOW, RED))
    green, yellow, red = items_of(judged_at)
    for item in (green, yellow):
        assert item["guaranteedUntilDate"] > judged_at["effectiveQualificationDate"]
    assert "guaranteedUntilDate" not in red
    (waiting,) = items_of(asked(poq, question(THINKING, instant=False)))
    assert "guaranteedUntilDate" not in waiting


def test_r16_what_need_not_be_answered_at_once_is_answered_later(poq: Desk) -> None:
    document = question(GREEN, instant=False)
    made = asked(poq, document)
    assert made["state"] == "acknowledged"
    assert "expectedPOQCompletionDate" in made
    assert "effectiveQualificationDate" not in made
    done = poq.once(made["id"], "done.ready", path=PATH)
    assert "expectedPOQCompletionDate" not in done
    assert "effectiveQualificationDate" in done
    assert [one["state"] for one in done["stateChange"]] == ["acknowledged", "inProgress", "done.ready"]


def test_r24_what_is_wanted_at_once_is_at_its_end(poq: Desk) -> None:
    ready = asked(poq, question(RED))
    assert (ready["state"], [one["state"] for one in ready["stateChange"]]) == ("done.ready", ["done.ready"])
    assert "effectiveQualificationDate" in ready
    assert "expectedPOQCompletionDate" not in ready


def test_r24_what_cannot_be_answered_at_once_is_refused(poq: Desk) -> None:
    assert poq.refused(question(THINKING), PATH) == {("/instantSyncQualification", "otherIssue")}


def test_r25_r26_the_seller_says_whom_to_contact(poq: Desk) -> None:
    for instant in (True, False):
        roles = [one["role"] for one in asked(poq, question(instant=instant))["relatedContactInformation"]]
        assert roles == ["buyerContactInformation", "sellerContactInformation"]


def test_r30_r50_what_is_not_judged_has_no_verdict(poq: Desk) -> None:
    made = asked(poq, question(GREEN, THINKING, instant=False))
    assert not [one for one in items_of(made) if VERDICT & set(one)]
    half = eventually(lambda: (seen := poq.read(made["id"], PATH))["state"] == "inProgress" and
                      items_of(seen)[0]["state"] == "done.ready" and seen)
    assert half["state"] == "inProgress"
    assert items_of(half)[1]["state"] == "inProgress"
    assert not VERDICT & set(items_of(half)[1])


def test_r31_r49_an_item_that_cannot_be_judged_ends_all(tmf: Desk, poq: Desk) -> None:
    """A partner is refused at once; what TM Forum lets in comes to nothing later."""
    sent = {"instantSyncQualification": True, "serviceQualificationItem": [
        {"service": {"relatedEntity": [{"id": "no offering", "role": "productOffering",
                                        "@referredType": "ProductOffering"}]}}, {"service": {}}]}
    desk = Desk(tmf.service, "/tmf-api/serviceQualificationManagement/v4", tmf.client)
    answer = desk.call("POST", "/checkServiceQualification", json=sent)
    assert answer.status_code == 200, answer.text
    seen = (poq if poq.client == desk.client else Desk(poq.service, poq.base, "demo-carrier")).read(
        answer.json()["id"], PATH)
    assert seen["state"] == "terminatedWithError"
    for item in items_of(seen):
        assert item["state"] == "terminatedWithError"
        assert item["terminationError"][0]["code"] == "missingProperty"
        assert not VERDICT & set(item)
    assert (f"{ITEM}/product/productConfiguration", "missingProperty") in poq.refused(about(NOTHING), PATH)


def test_r48_the_whole_is_ready_when_all_items_are(poq: Desk) -> None:
    done = judged(poq, question(GREEN, RED, YELLOW, instant=False))
    assert {one["state"] for one in items_of(done)} == {"done.ready"}
    assert done["state"] == "done.ready"


def test_r47_a_page_says_that_there_is_more(poq: Desk) -> None:
    name = f"R47 {poq.base} {time.time()}"
    ids = [asked(poq, question(projectId=name))["id"] for _ in range(3)]
    page = poq.get(f"{PATH}?projectId={name}&limit=2")
    assert [one["id"] for one in page.json()] == ids[:2]
    assert (page.headers["X-Total-Count"], page.headers["X-Result-Count"]) == ("3", "2")
    assert [one["id"] for one in poq.listed(f"projectId={name}&limit=2&offset=2", PATH)] == ids[2:]


def test_lists_are_asked_for_by_state_and_by_the_day_wanted(poq: Desk) -> None:
    name = f"filters {poq.base} {time.time()}"
    early = asked(poq, question(projectId=name, requestedPOQCompletionDate="2090-01-01T00:00:00Z"))
    late = asked(poq, question(projectId=name, requestedPOQCompletionDate="2090-03-01T00:00:00Z"))
    by = "requestedPOQCompletionDate"
    assert [one["id"] for one in poq.listed(f"projectId={name}&{by}.gt=2090-02-01T00:00:00Z", PATH)] == [late["id"]]
    assert [one["id"] for one in poq.listed(f"projectId={name}&{by}.lt=2090-02-01T00:00:00Z", PATH)] == [early["id"]]
    assert len(poq.listed(f"projectId={name}&state=done.ready", PATH)) == 2
    assert poq.listed(f"projectId={name}&state=acknowledged", PATH) == []
    assert poq.get(f"{PATH}?state=sleepy").json()["code"] == "invalidQuery"
    assert poq.listed(f"projectId={name}", PATH)[0]["requestedPOQCompletionDate"] == "2090-01-01"


def test_alternatives_are_proposed_to_those_who_want_them(poq: Desk) -> None:
    asked_for = question("ALTERNATE-50-Street-1", "YELLOW-ALTERNATE-50-Street-1", GREEN, provideAlternative=True)
    red, yellow, green = items_of(asked(poq, asked_for))
    assert [one["serviceabilityConfidence"] for one in (red, yellow, green)] == ["red", "yellow", "green"]
    for one in (red, yellow):
        (proposal,) = one["alternateProductOfferingProposal"]
        assert set(proposal) == {"id", "alternateProduct", "installationInterval"}
        assert proposal["alternateProduct"]["productOffering"]["id"] == "OFFER-INTERNET-BASIC"
        limit = proposal["alternateProduct"]["productConfiguration"]["ipUni"]["ingressBandwidthProfileEnvelope"][0]
        assert limit["maxIr"] == {"irValue": 50, "irUnits": "MBPS"}
    assert "alternateProductOfferingProposal" not in green
    silent = asked(poq, {**asked_for, "provideAlternative": False})
    assert not [one for one in items_of(silent) if "alternateProductOfferingProposal" in one]
