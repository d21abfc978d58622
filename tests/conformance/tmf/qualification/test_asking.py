"""Questions, and what is shown of them: tmf645.yaml, S1-S6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.desk import Desk, Document, changed
from tests.conformance.qualification.inquiring import PATH, SONATA, asked, question
from tests.conformance.tmf.asking import CHECK, QUERY, Kind
from tests.journeys.documents import holds, wrong_with
from tests.running import Running

EDITION = "tmf.v4.qualification"
PARTY = "/relatedParty/0"


def wrong(document: Any, path: str) -> list[Any]:
    return wrong_with(EDITION, document, f"{path}/{{id}}")


def missed(kind: Kind, document: Document) -> set[tuple[str, str]]:
    answer = kind.desk.post(document, kind.path)
    assert answer.status_code == 400, answer.text
    return {(one["code"], one["propertyPath"]) for one in answer.json()["violation"]}


def test_s1_a_check_has_an_item_and_nothing_else_must_be_there(check: Kind) -> None:
    assert missed(check, {}) == {("missingProperty", "/serviceQualificationItem")}
    assert missed(check, {"serviceQualificationItem": []}) == {("invalidValue", "/serviceQualificationItem")}
    made = check.desk.made({"serviceQualificationItem": [{}, {}]}, CHECK)
    assert made["state"] == "accepted"
    assert [item["id"] for item in made["serviceQualificationItem"]] == ["1", "2"]


def test_s1_a_query_has_criteria_and_nothing_else_must_be_there(query: Kind) -> None:
    assert missed(query, {}) == {("missingProperty", "/searchCriteria")}
    made = query.desk.post({"searchCriteria": {}, "instantSyncQualification": True}, QUERY).json()
    assert made["state"] == "done"
    assert len(made["serviceQualificationItem"]) > 3, "all there is"


@pytest.mark.parametrize(("path", "value", "missing"), [
    ("/relatedParty", [{"@referredType": "Organization"}], f"{PARTY}/id"),
    ("/relatedParty", [{"id": "CUST-88"}], f"{PARTY}/@referredType"),
    ("{part}/place", [{"id": "SITE-QUAY-4"}], "{part}/place/0/role"),
    ("{part}/serviceCharacteristic", [{"name": "colour"}], "{part}/serviceCharacteristic/0/value"),
    ("{part}/serviceCharacteristic", [{"value": "blue"}], "{part}/serviceCharacteristic/0/name")])
def test_s2_what_is_there_is_complete(either: Kind, path: str, value: Any, missing: str) -> None:
    document = changed(either.asking(), path.format(part=either.part), value)
    assert ("missingProperty", missing.format(part=either.part)) in missed(either, document)


@pytest.mark.parametrize(("path", "value", "code"), [
    ("{part}/place/0/id", "no-such", "referenceNotFound"),
    ("{part}/relatedEntity", [{"id": "no-such", "role": "productOffering", "@referredType": "ProductOffering"}],
     "referenceNotFound")])
def test_s3_what_is_named_is_known_or_the_question_is_refused(either: Kind, path: str, value: Any, code: str) -> None:
    document = changed(either.asking(), path.format(part=either.part), value)
    answer = either.desk.post(document, either.path)
    assert answer.status_code == 400, answer.text
    assert [one["code"] for one in answer.json()["violation"]] == [code]
    assert answer.json()["violation"][0]["propertyPath"].startswith(path.format(part=either.part))


@pytest.mark.parametrize("members", [{}, {"at": "RED-Street-1"}, {"instant": False},
                                     {"externalId": "s4", "description": "roof"}])
def test_s4_what_is_shown_fits_the_document_and_repeats_what_was_sent(either: Kind, members: Document) -> None:
    document = either.asking(**members)
    shown = either.desk.post(document, either.path).json()
    assert wrong(shown, either.path) == []
    assert holds(shown, document) == []
    assert {"id", "href", "state", either.asked_at} <= set(shown)


def test_s5_what_is_wanted_at_once_is_an_answer_and_anything_else_a_task(either: Kind) -> None:
    answer = either.made()
    assert answer["state"] == "done"
    assert "effectiveQualificationDate" in answer
    assert "estimatedResponseDate" not in answer
    task = either.desk.made(either.asking(instant=False), either.path)
    assert task["state"] == "accepted"
    assert "estimatedResponseDate" in task
    assert not {"effectiveQualificationDate", "expirationDate", "qualificationResult"} & set(task)
    done = either.once(task["id"], "done")
    assert wrong(done, either.path) == []
    assert "effectiveQualificationDate" in done
    assert "estimatedResponseDate" not in done


def test_s5_who_does_not_say_so_need_not_know_at_once(either: Kind) -> None:
    document = {name: value for name, value in either.asking().items() if name != either.instant}
    assert either.desk.made(document, either.path)["state"] == "accepted"


def test_s5_s6_the_state_of_a_task_may_be_spelled_as_the_prose_of_the_document_has_it(either: Kind) -> None:
    mark = f"s5{either.path}"
    sent = either.asking(instant=False, place=either.slow, externalId=mark, state="acknowledged")
    task = either.desk.made(sent, either.path)
    assert task["state"] == "accepted", "as the enumeration has it"
    for states in ("acknowledged,inProgress", "accepted,inProgress"):
        assert [row["id"] for row in either.listed(f"externalId={mark}&state={states}")] == [task["id"]]


def test_s5_what_takes_longer_cannot_be_wanted_at_once(either: Kind) -> None:
    assert missed(either, either.asking(place=either.slow)) == {("otherIssue", "/instantSyncQualification")}


def test_s6_lists_are_asked_for_by_any_attribute_and_show_ones_own_alone(either: Kind) -> None:
    mark = f"s6{either.path}"
    made, task = either.made(externalId=mark), either.waiting(externalId=mark)
    both = [made["id"], task["id"]]
    for query, wanted in (("state=done", both[:1]), ("state=accepted,inProgress", both[1:]),
                          ("instantSyncQualification=false", both[1:]), ("relatedParty.id=CUST-88", both),
                          ("effectiveQualificationDate.gt=2020-01-01T00:00:00Z", both[:1]),
                          ("estimatedResponseDate.gt=2020-01-01T00:00:00Z", both[1:]),
                          ("state=terminatedWithError", [])):
        assert [row["id"] for row in either.listed(f"externalId={mark}&{query}")] == wanted, query
    assert either.desk.get(f"{either.path}?state=asleep").status_code == 400
    stranger = Desk(either.desk.service, either.desk.base, "demo-enterprise")
    assert stranger.listed(f"externalId={mark}", either.path) == []
    for method in ("GET", "PATCH", "DELETE"):
        json = {} if method == "PATCH" else None
        assert stranger.call(method, f"{either.path}/{made['id']}", json=json).status_code == 404


def test_s7_each_dialect_sees_the_questions_of_the_others_in_its_own_words(service: Running, check: Kind,
                                                                          mef: Desk) -> None:
    of_tmf = check.made()
    seen = mef.read(of_tmf["id"], PATH)
    assert seen["state"] == "done.ready"
    assert wrong_with("cantata.grace.qualification", seen, f"{PATH}/{{id}}") == []
    of_sonata = asked(Desk(service, SONATA, "demo-carrier"), question("YELLOW-Street-1"))
    told = check.desk.read(of_sonata["id"], CHECK)
    assert (told["state"], told["qualificationResult"]) == ("done", "qualified")
    assert wrong(told, CHECK) == []


def test_s8_the_same_key_is_one_question(either: Kind) -> None:
    headers = {"Idempotency-Key": f"s8{either.path}"}
    answers = [either.desk.call("POST", either.path, json=either.asking(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
