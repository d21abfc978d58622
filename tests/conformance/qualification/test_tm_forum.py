"""TMF645: the same questions in TM Forum's words, and what can be had at a place; each dialect sees the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder
from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import (
    CANTATA,
    PATH,
    SONATA,
    TMF,
    Document,
    asked,
    question,
)
from tests.journeys.documents import holds, ours
from tests.listener import Listener
from tests.running import Running, eventually

CHECK, QUERY = "/checkServiceQualification", "/queryServiceQualification"
MERGE = "application/merge-patch+json"
SPECS = data_folder("specs")
DOCUMENTS = {"tmf": "tmf/TMF645-ServiceQualification-v4.yaml",
             "mef": "sonata/productOfferingQualificationManagement.yaml"}
Register = Callable[..., Document]


@pytest.fixture
def desk(service: Running) -> Desk:
    return Desk(service, TMF, "demo-carrier-sil")


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


def sent(desk: Desk, path: str, document: Document, status: int = 201) -> Document:
    answer = desk.post(document, path)
    assert answer.status_code == status, answer.text
    assert answer.headers["Location"] == answer.json()["href"]
    made: Document = answer.json()
    return made


def check(place: str = "SITE-QUAY-4", **members: Any) -> Document:
    document: Document = ours("tmf/qualification/asked.json") | members
    document["serviceQualificationItem"] = document["serviceQualificationItem"][:1]
    document["serviceQualificationItem"][0]["service"]["place"][0] |= {
        "id": place, "@referredType": "GeographicSite" if place.startswith("SITE") else "GeographicAddress"}
    return document


def query(place: str = "SITE-QUAY-4", **members: Any) -> Document:
    document: Document = ours("tmf/qualification_query/asked.json") | members
    document["searchCriteria"]["service"]["place"][0] |= {
        "id": place, "@referredType": "GeographicSite" if place.startswith("SITE") else "GeographicAddress"}
    return document


def valid(document: Document, schema: str, family: str = "tmf") -> list[Any]:
    validators = Validators(load(SPECS / DOCUMENTS[family]), load_products(SPECS / "products"), None)
    return list(validators.named(schema).findings(document))


def test_a_check_that_is_wanted_at_once_is_an_answer_and_any_other_a_task(desk: Desk) -> None:
    answer = sent(desk, CHECK, check(instantSyncQualification=True), 200)
    assert (answer["state"], answer["qualificationResult"]) == ("done", "qualified")
    assert valid(answer, "CheckServiceQualification") == []
    assert holds(answer, check(instantSyncQualification=True)) == []
    task = sent(desk, CHECK, check(instantSyncQualification=False))
    assert task["state"] == "accepted"
    assert "estimatedResponseDate" in task
    done = desk.once(task["id"], "done", path=CHECK)
    assert done["serviceQualificationItem"][0]["qualificationResult"] == "qualified"
    assert valid(done, "CheckServiceQualification") == []


def test_a_check_that_is_not_qualified_says_why_and_what_else_there_is(desk: Desk) -> None:
    answer = sent(desk, CHECK, check("RED-Street-1", instantSyncQualification=True), 200)
    (item,) = answer["serviceQualificationItem"]
    assert (answer["qualificationResult"], item["qualificationResult"]) == ("unqualified", "unqualified")
    assert item["eligibilityUnavailabilityReason"][0]["label"] == "The place cannot be served."
    answer = sent(desk, CHECK, check("ALTERNATE-50-Street-1", instantSyncQualification=True), 200)
    (item,) = answer["serviceQualificationItem"]
    assert (answer["qualificationResult"], item["qualificationResult"]) == ("alternate", "alternate")
    (proposal,) = item["alternateServiceProposal"]
    assert proposal["alternateService"]["serviceSpecification"]["id"]
    assert valid(answer, "CheckServiceQualification") == []


def test_each_dialect_sees_the_questions_of_the_others_in_its_own_words(service: Running, desk: Desk) -> None:
    cantata = Desk(service, CANTATA, "demo-carrier-sil")
    of_tmf = sent(desk, CHECK, check(instantSyncQualification=True), 200)
    seen = cantata.read(of_tmf["id"], PATH)
    assert seen["state"] == "done.ready"
    assert valid(seen, "ProductOfferingQualification", "mef") == []
    of_sonata = asked(Desk(service, SONATA, "demo-carrier"), question("YELLOW-Street-1"))
    told = desk.read(of_sonata["id"], CHECK)
    assert (told["state"], told["qualificationResult"]) == ("done", "qualified")
    assert valid(told, "CheckServiceQualification") == []
    stranger = Desk(service, TMF, "demo-enterprise")
    assert stranger.get(f"{CHECK}/{of_tmf['id']}").status_code == 404
    assert of_tmf["id"] not in {one["id"] for one in stranger.listed(path=CHECK)}


def test_what_can_be_had_at_a_place_is_found(desk: Desk) -> None:
    answer = sent(desk, QUERY, query(instantSyncQualification=True), 200)
    assert answer["state"] == "done"
    assert valid(answer, "QueryServiceQualification") == []
    offerings = [entity["id"] for item in answer["serviceQualificationItem"]
                 for entity in item["service"]["relatedEntity"] if entity["role"] == "productOffering"]
    assert {"OFFER-INTERNET-BASIC", "OFFER-UNI"} <= set(offerings)
    assert "OFFER-EPL" not in offerings  # a line runs between two places
    assert "OFFER-ACCESS-ELINE" not in offerings  # carriers' own, which TM Forum does not know
    assert all(item["service"]["place"][0]["id"] == "SITE-QUAY-4" for item in answer["serviceQualificationItem"])
    nothing = sent(desk, QUERY, query("RED-Street-1", instantSyncQualification=True), 200)
    assert nothing["serviceQualificationItem"] == []


def test_a_query_looks_for_one_offering_or_one_specification(desk: Desk) -> None:
    document = query(instantSyncQualification=True)
    wanted = document["searchCriteria"]["service"]
    wanted["relatedEntity"] = [{"id": "OFFER-UNI", "role": "productOffering", "@referredType": "ProductOffering"}]
    assert len(sent(desk, QUERY, document, 200)["serviceQualificationItem"]) == 1
    wanted["relatedEntity"][0]["id"] = "no-such"
    refused = desk.post(document, QUERY)
    assert refused.status_code == 400
    assert refused.json()["violation"][0]["code"] == "referenceNotFound"
    del wanted["relatedEntity"]
    wanted["serviceSpecification"] = {"id": "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"}
    found = sent(desk, QUERY, document, 200)["serviceQualificationItem"]
    assert {one["service"]["serviceSpecification"]["id"] for one in found} == {wanted["serviceSpecification"]["id"]}


def test_a_query_may_be_answered_later_and_its_events_show_what_it_was_like(
        desk: Desk, register: Register, listener: Listener) -> None:
    register(desk, listener)
    task = sent(desk, QUERY, query(instantSyncQualification=False))
    assert (task["state"], "serviceQualificationItem" in task) == ("accepted", False)
    assert desk.once(task["id"], "done", path=QUERY)["serviceQualificationItem"]

    def heard() -> Any:
        found = [one.body for one in listener.heard
                 if one.body["event"]["queryServiceQualification"]["id"] == task["id"]]
        return len(found) == 3 and found

    created, *moved = eventually(heard)
    assert created["eventType"] == "QueryServiceQualificationCreateEvent"
    assert created["event"]["queryServiceQualification"]["state"] == "accepted"
    assert "serviceQualificationItem" not in created["event"]["queryServiceQualification"]
    assert [one["event"]["queryServiceQualification"]["state"] for one in moved] == ["inProgress", "done"]


@pytest.mark.parametrize(("path", "make"), [(CHECK, check), (QUERY, query)])
def test_questions_are_amended_until_they_are_answered_and_removed_afterwards(
        desk: Desk, register: Register, listener: Listener, path: str, make: Callable[..., Document]) -> None:
    waiting = sent(desk, path, make("THINK-5-Street-1", instantSyncQualification=False))
    amended = desk.patch(f"{path}/{waiting['id']}", {"description": "roof"}, MERGE)
    assert (amended.status_code, amended.json()["description"]) == (200, "roof"), amended.text
    assert desk.patch(f"{path}/{waiting['id']}", {"instantSyncQualification": True}, MERGE).status_code == 409
    assert desk.call("DELETE", f"{path}/{waiting['id']}").status_code == 409
    register(desk, listener)
    done = sent(desk, path, make(instantSyncQualification=True), 200)
    assert desk.patch(f"{path}/{done['id']}", {"description": "roof"}, MERGE).status_code == 409
    assert desk.call("DELETE", f"{path}/{done['id']}").status_code == 204
    assert desk.get(f"{path}/{done['id']}").status_code == 404
    name = path[1].upper() + path[2:]
    eventually(lambda: {one.body["eventType"] for one in listener.heard} >= {
        f"{name}CreateEvent", f"{name}DeleteEvent"})


def test_any_attribute_chooses_from_a_list(desk: Desk) -> None:
    made = sent(desk, CHECK, check(instantSyncQualification=True, externalId="CRM-645"), 200)
    assert [one["id"] for one in desk.listed("externalId=CRM-645&state=done", CHECK)] == [made["id"]]
    assert desk.listed("externalId=CRM-645&qualificationResult=unqualified", CHECK) == []
    assert desk.listed("externalId=CRM-645&fields=state", CHECK)[0].keys() <= {"id", "href", "state"}


def test_the_same_key_is_one_question(desk: Desk, poq: Desk) -> None:
    for at, path, document, status in ((desk, CHECK, check(instantSyncQualification=True), 200),
                                       (poq, PATH, question(), 201)):
        answers = [at.call("POST", path, json=document, headers={"Idempotency-Key": f"q {at.base}"}) for _ in range(2)]
        assert {answer.status_code for answer in answers} == {status}
        assert answers[0].json() == answers[1].json()
