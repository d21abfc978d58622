"""Words that TM Forum and MEF share and mean different things by: tmf645.yaml, F (translation 11.2, 11.4)."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk, changed
from tests.conformance.qualification.inquiring import ITEM, PATH, asked, question
from tests.conformance.tmf.asking import CHECK, LATER, Kind, checks
from tests.running import Running, eventually


def test_f1_the_expected_date_is_the_askers_wish_here_and_the_sellers_forecast_there(check: Kind, mef: Desk) -> None:
    task = check.waiting(expectedQualificationDate=LATER)
    seen = mef.read(task["id"], PATH)
    assert seen["requestedPOQCompletionDate"] == task["expectedQualificationDate"] == LATER
    assert seen["expectedPOQCompletionDate"] == task["estimatedResponseDate"] < LATER
    theirs = asked(mef, question("THINK-5-Street-1", instant=False, requestedPOQCompletionDate=LATER))
    told = check.desk.read(theirs["id"], CHECK)
    assert told["expectedQualificationDate"] == LATER
    assert told["estimatedResponseDate"] == theirs["expectedPOQCompletionDate"]


def test_f2_who_could_not_answer_in_time_is_done_without_a_result(check: Kind, mef: Desk) -> None:
    task = check.waiting(expectedQualificationDate="2026-01-01T00:00:00Z")
    done = check.once(task["id"], "done")
    assert "qualificationResult" not in done
    assert {item["state"] for item in done["serviceQualificationItem"]} == {"terminatedWithError"}
    assert mef.read(task["id"], PATH)["state"] == "done.unableToProvide"
    assert task["id"] in {row["id"] for row in check.listed("state=done")}


@pytest.mark.parametrize(("place", "colour", "wanted", "result"), [
    ("ADDR-QUAY-4", "green", True, "qualified"), ("YELLOW-Street-1", "yellow", True, "qualified"),
    ("YELLOW-ALTERNATE-50-Street-1", "yellow", True, "qualified"), ("RED-Street-1", "red", True, "unqualified"),
    ("ALTERNATE-50-Street-1", "red", True, "alternate"), ("ALTERNATE-50-Street-1", "red", False, "unqualified")])
def test_f3_three_colours_are_three_other_words(check: Kind, mef: Desk, place: str, colour: str, wanted: bool,
                                               result: str) -> None:
    theirs = asked(mef, question(place, provideAlternative=wanted))
    assert theirs["productOfferingQualificationItem"][0]["serviceabilityConfidence"] == colour
    told = check.desk.read(theirs["id"], CHECK)
    assert told["serviceQualificationItem"][0]["qualificationResult"] == told["qualificationResult"] == result
    ours = check.made(at=place, provideAlternative=wanted)
    assert ours["serviceQualificationItem"][0]["qualificationResult"] == result
    seen = mef.read(ours["id"], PATH)["productOfferingQualificationItem"][0]
    assert seen["serviceabilityConfidence"] == colour


def test_f4_a_service_that_is_there_is_to_be_changed_and_any_other_is_new(check: Kind, mef: Desk) -> None:
    new = check.made()
    assert mef.read(new["id"], PATH)["productOfferingQualificationItem"][0]["action"] == "add"
    there = changed(changed(check.asking(), f"{check.part}/id", "PROD-501"), f"{check.part}/place/0/name")
    answer = check.desk.post(there, CHECK)
    assert answer.status_code == 200, answer.text
    seen = mef.read(answer.json()["id"], PATH)["productOfferingQualificationItem"][0]
    assert (seen["action"], seen["product"]["id"]) == ("modify", "PROD-501")
    for made in (new, answer.json()):
        assert "action" not in made["serviceQualificationItem"][0], "TM Forum has no word for it"


def test_f5_the_id_of_an_error_is_its_code(check: Kind, mef: Desk) -> None:
    task = check.desk.made({"serviceQualificationItem": [{}]}, CHECK)
    (error, *_) = check.once(task["id"], "terminatedWithError")["serviceQualificationItem"][0]["terminationError"]
    seen = mef.service.call("GET", f"/mefApi/sonata/productOfferingQualification/v7{PATH}/{task['id']}").json()
    theirs = seen["productOfferingQualificationItem"][0]["terminationError"][0]
    assert (theirs["code"], theirs["value"]) == (error["id"], error["value"])
    assert (theirs["code"], theirs["propertyPath"].rpartition("/")[0]) == ("missingProperty", f"{ITEM}/product")


def test_f6_an_interval_is_never_told_as_a_date(service: Running, check: Kind, mef: Desk) -> None:
    made = check.made()
    assert mef.read(made["id"], PATH)["productOfferingQualificationItem"][0]["installationInterval"] == {
        "amount": 10, "units": "businessDays"}
    (item,) = made["serviceQualificationItem"]
    assert not {"installationInterval", "expectedActivationDate"} & set(item)
    assert item["expectedServiceAvailabilityDate"] == "2026-03-02T08:00:00Z", "what was wished for"
    extended = checks(service, "norms-extended-sil").made()
    assert extended["serviceQualificationItem"][0]["installationInterval"] == {"amount": 10, "units": "businessDay"}


def test_f7_a_no_has_reasons_here_and_any_colour_there(check: Kind, mef: Desk) -> None:
    theirs = asked(mef, question("YELLOW-Street-1"))
    assert theirs["productOfferingQualificationItem"][0]["serviceabilityConfidenceReason"]
    (item,) = check.desk.read(theirs["id"], CHECK)["serviceQualificationItem"]
    assert "eligibilityUnavailabilityReason" not in item
    no = check.made(at="RED-Street-1")
    (item,) = no["serviceQualificationItem"]
    seen = eventually(lambda: mef.read(no["id"], PATH)["productOfferingQualificationItem"][0])
    assert [one["label"] for one in item["eligibilityUnavailabilityReason"]] == [
        seen["serviceabilityConfidenceReason"]]
