"""Answers, and what is told of them: tmf645.yaml, S9-S17."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.desk import Desk, Document, changed
from tests.conformance.qualification.inquiring import BASIC, SONATA, asked, question
from tests.conformance.tmf.asking import CHECK, MERGE, QUERY, Kind
from tests.listener import Listener
from tests.running import Running, eventually

Register = Callable[..., Document]
EVENTS = [f"{resource}{event}Event" for resource, events in (
    ("CheckServiceQualification", ("Create", "AttributeValueChange", "StateChange", "Delete", "InformationRequired")),
    ("QueryServiceQualification", ("Create", "StateChange", "Delete"))) for event in events]
VERDICT = {"qualificationResult", "expirationDate", "alternateServiceProposal", "eligibilityUnavailabilityReason"}
GREEN, YELLOW, RED, OTHER = "ADDR-QUAY-4", "YELLOW-Street-1", "RED-Street-1", "ALTERNATE-50-Street-1"


def several(check: Kind, *places: str, **members: object) -> Document:
    """A check of the same service at several places."""
    one = check.asking(**members)
    items = [{**check.asking(at=place)["serviceQualificationItem"][0], "id": str(number)}
             for number, place in enumerate(places, start=1)]
    answer = check.desk.post({**one, "serviceQualificationItem": items}, CHECK)
    assert answer.status_code == 200, answer.text
    made: Document = answer.json()
    return made


@pytest.mark.parametrize(("places", "result"), [
    ((GREEN, YELLOW), "qualified"), ((GREEN, OTHER), "alternate"), ((GREEN, OTHER, RED), "unqualified")])
def test_s9_the_result_is_the_worst_of_its_items(check: Kind, places: tuple[str, ...], result: str) -> None:
    words = {GREEN: "qualified", YELLOW: "qualified", OTHER: "alternate", RED: "unqualified"}
    made = several(check, *places)
    assert made["qualificationResult"] == result
    items = made["serviceQualificationItem"]
    assert [item["qualificationResult"] for item in items] == [words[place] for place in places]
    assert {item["state"] for item in items} == {"done"}


def test_s10_alternatives_are_proposed_to_those_who_want_them(check: Kind) -> None:
    (item,) = check.made(at=OTHER, provideAlternative=True)["serviceQualificationItem"]
    (proposal,) = item["alternateServiceProposal"]
    assert proposal["alternateService"]["serviceSpecification"]["id"] == BASIC
    silent = check.made(at=OTHER, provideAlternative=False)
    assert silent["qualificationResult"] == "unqualified"
    assert "alternateServiceProposal" not in silent["serviceQualificationItem"][0]
    unsaid = {name: value for name, value in check.asking(at=OTHER).items() if name != "provideAlternative"}
    assert check.desk.post(unsaid, CHECK).json()["qualificationResult"] == "unqualified"


def test_s11_a_no_says_why_to_those_who_want_to_know(check: Kind) -> None:
    (item,) = check.made(at=RED, provideUnavailabilityReason=True)["serviceQualificationItem"]
    assert [one["label"] for one in item["eligibilityUnavailabilityReason"]] == ["The place cannot be served."]
    silent = check.made(at=RED, provideUnavailabilityReason=False)
    unsaid = {name: value for name, value in check.asking(at=RED).items() if name != "provideUnavailabilityReason"}
    answer = check.desk.post(unsaid, CHECK)
    assert answer.status_code == 200, answer.text
    for made in (silent, answer.json()):
        assert made["provideUnavailabilityReason"] is False
        assert "eligibilityUnavailabilityReason" not in made["serviceQualificationItem"][0]


def test_s11_who_asks_in_mef_is_told(service: Running, check: Kind) -> None:
    theirs = asked(Desk(service, SONATA, "demo-carrier"), question(RED))
    assert theirs["productOfferingQualificationItem"][0]["serviceabilityConfidenceReason"]
    (item,) = check.desk.read(theirs["id"], CHECK)["serviceQualificationItem"]
    assert item["eligibilityUnavailabilityReason"]


def test_s12_what_cannot_be_judged_ends_with_an_error(check: Kind) -> None:
    task = check.desk.made({"serviceQualificationItem": [{}, check.asking()["serviceQualificationItem"][0] | {
        "id": "2"}]}, CHECK)
    ended = check.once(task["id"], "terminatedWithError")
    wrong, other = ended["serviceQualificationItem"]
    assert (wrong["state"], other["state"]) == ("terminatedWithError", "terminatedWithError")
    assert wrong["terminationError"][0]["id"] == "missingProperty"
    assert wrong["terminationError"][0]["value"]
    for item in (wrong, other):
        assert not VERDICT & set(item)
    assert "qualificationResult" not in ended


def test_s13_a_query_finds_what_can_be_had_at_a_place(query: Kind) -> None:
    answer = query.made()
    offerings = [entity["id"] for item in answer["serviceQualificationItem"]
                 for entity in item["service"]["relatedEntity"] if entity["role"] == "productOffering"]
    assert {"OFFER-INTERNET-BASIC", "OFFER-UNI"} <= set(offerings)
    assert "OFFER-EPL" not in offerings  # a line runs between two places
    assert "OFFER-ACCESS-ELINE" not in offerings  # carriers' own, which TM Forum does not know
    assert all(item["service"]["place"][0]["id"] == "SITE-QUAY-4" for item in answer["serviceQualificationItem"])
    assert query.made(at=RED)["serviceQualificationItem"] == []


def test_s13_a_query_looks_for_one_offering_or_one_specification(query: Kind) -> None:
    entity = [{"id": "OFFER-UNI", "role": "productOffering", "@referredType": "ProductOffering"}]
    named = changed(query.asking(), f"{query.part}/relatedEntity", entity)
    assert len(query.desk.post(named, QUERY).json()["serviceQualificationItem"]) == 1
    wanted = changed(query.asking(), f"{query.part}/serviceSpecification", {"id": BASIC})
    found = query.desk.post(wanted, QUERY).json()["serviceQualificationItem"]
    assert {one["service"]["serviceSpecification"]["id"] for one in found} == {BASIC}


@pytest.mark.parametrize(("body", "status"), [
    ({"externalId": "s14", "description": "roof"}, 200), ({"mood": "blue"}, 200),
    ({"instantSyncQualification": True}, 409), ({"expectedQualificationDate": "2090-01-01T00:00:00Z"}, 409)])
def test_s14_a_question_is_amended_until_it_has_its_answer(either: Kind, body: Document, status: int) -> None:
    task, done = either.waiting(), either.made()
    answer = either.patch(task["id"], body, MERGE)
    assert answer.status_code == status, answer.text
    for member, value in body.items():
        seen = either.desk.read(task["id"], either.path).get(member)
        assert seen == (value if status == 200 else task.get(member))
    assert either.patch(done["id"], {"externalId": "s14"}, MERGE).status_code == 409


@pytest.mark.parametrize("event", EVENTS)
def test_s15_every_event_can_be_registered_for(check: Kind, listener: Listener, register: Register,
                                              event: str) -> None:
    assert register(check.desk, listener, f"eventType={event}")["query"] == f"eventType={event}"


@pytest.mark.parametrize("event", ["QuoteCreateEvent", "QueryServiceQualificationInformationRequiredEvent"])
def test_s15_no_other_event_can(check: Kind, listener: Listener, event: str) -> None:
    answer = check.desk.post({"callback": listener.url, "query": f"eventType={event}"}, "/hub")
    assert answer.status_code == 400


def test_s16_moves_are_told_in_their_order_with_the_resource_as_it_was(either: Kind, listener: Listener,
                                                                      register: Register) -> None:
    name = either.path[1:]
    whole = f"{name[0].upper()}{name[1:]}"
    register(either.desk, listener, f"eventType={whole}CreateEvent,{whole}StateChangeEvent")
    task = either.desk.made(either.asking(instant=False), either.path)
    heard = eventually(lambda: len(found := listener.of(task["id"])) == 3 and found)
    assert [(one.body["eventType"], one.body["event"][name]["state"]) for one in heard] == [
        (f"{whole}CreateEvent", "accepted"), (f"{whole}StateChangeEvent", "inProgress"),
        (f"{whole}StateChangeEvent", "done")]
    items = [one.body["event"][name].get("serviceQualificationItem", []) for one in heard]
    assert not [item for early in items[:2] for item in early if VERDICT & set(item)]
    assert items[2] == either.desk.read(task["id"], either.path)["serviceQualificationItem"]


def test_s16_amendments_of_a_check_are_told(check: Kind, listener: Listener, register: Register) -> None:
    register(check.desk, listener, "eventType=CheckServiceQualificationAttributeValueChangeEvent")
    task = check.waiting()
    check.patch(task["id"], {"description": "roof"})
    heard = eventually(lambda: [one.body["event"]["checkServiceQualification"] for one in listener.of(task["id"])
                                if "roof" in one.raw.decode()])
    assert heard[-1]["description"] == "roof"
