"""Quotes at the door of the enterprise: Cantata's words, and TM Forum's, which can also amend and remove."""

from __future__ import annotations

import pytest

from tests.gateway.conftest import Running
from tests.pil.quotes import CANTATA, SONATA, TMF, Document, a_request, asked, priced, seen
from tests.service.conftest import own

QUOTE = f"{TMF}/quote"


@pytest.fixture(autouse=True)
def prices(service: Running) -> None:
    priced(service)


def a_tmf_request(**members: object) -> Document:
    document = own("tmf/quote/asked.json")
    document["quoteItem"] = document["quoteItem"][:1]
    del document["quoteItem"][0]["productOfferingQualificationItem"], document["quoteItem"][0]["product"]["productTerm"]
    return document | members


def made(service: Running, **members: object) -> Document:
    answer = service.call("POST", QUOTE, "enterprise", json=a_tmf_request(**members))
    assert answer.status_code in (200, 201), answer.text
    told: Document = answer.json()
    return told


@pytest.mark.parametrize(("instant", "status", "state"), [(True, 200, "approved"), (False, 201, "inProgress")])
def test_what_is_wanted_at_once_is_an_answer_and_anything_else_a_task(service: Running, instant: bool, status: int,
                                                                     state: str) -> None:
    answer = service.call("POST", QUOTE, "enterprise", json=a_tmf_request(instantSyncQuote=instant))
    assert (answer.status_code, answer.json()["state"]) == (status, state), answer.text
    assert answer.headers["location"] == answer.json()["href"]


def test_a_quote_is_amended_and_declined_by_its_state(service: Running) -> None:
    id = made(service, instantSyncQuote=True)["id"]
    merge = {"Content-Type": "application/merge-patch+json"}
    answer = service.call("PATCH", f"{QUOTE}/{id}", "enterprise", content='{"description": "Roof"}', headers=merge)
    assert (answer.status_code, answer.json()["description"]) == (200, "Roof"), answer.text
    for body in ('{"state": "accepted"}', '{"quoteTotalPrice": []}', '{"instantSyncQuote": false}'):
        refused = service.call("PATCH", f"{QUOTE}/{id}", "enterprise", content=body, headers=merge)
        assert refused.status_code == 409, refused.text
    assert service.call("DELETE", f"{QUOTE}/{id}", "enterprise").status_code == 409
    answer = service.call("PATCH", f"{QUOTE}/{id}", "enterprise", content='{"state": "rejected"}', headers=merge)
    assert (answer.status_code, answer.json()["state"]) == (200, "rejected"), answer.text
    assert seen(service, id, "enterprise", CANTATA)["state"] == "declined"
    assert service.call("PATCH", f"{QUOTE}/{id}", "enterprise", content='{"version": "2"}', headers=merge
                        ).status_code == 409
    assert service.call("DELETE", f"{QUOTE}/{id}", "enterprise").status_code == 204
    assert service.call("GET", f"{QUOTE}/{id}", "enterprise").status_code == 404


def test_one_fault_of_a_patch_is_told_once_and_of_the_quote(service: Running) -> None:
    id, merge = made(service, instantSyncQuote=False)["id"], {"Content-Type": "application/merge-patch+json"}

    def refused(state: str) -> Document:
        told: Document = service.call("PATCH", f"{QUOTE}/{id}", "enterprise", json={"state": state},
                                      headers=merge).json()
        return told

    bogus = refused("bogus")
    assert bogus["reason"] == "The quote would not be what it may be."
    assert [one["propertyPath"] for one in bogus["violation"]] == ["/state"]
    assert refused("rejected")["reason"] == "a quote that is inProgress cannot be declined"


def test_any_attribute_chooses_from_a_list(service: Running) -> None:
    told = made(service, instantSyncQuote=True, externalId="CRM-9", category="B2B")
    for query in ("externalId=CRM-9", "externalId=CRM-9&state=approved", "externalId=CRM-9&quoteItem.state=approved"):
        answer = service.call("GET", f"{QUOTE}?{query}", "enterprise")
        assert [one["id"] for one in answer.json()] == [told["id"]], answer.text
    (few,) = service.call("GET", f"{QUOTE}?externalId=CRM-9&fields=state", "enterprise").json()
    assert {"state", "id"} <= set(few) <= {"state", "id", "href", "@type"}


def test_a_cantata_quote_is_seen_in_tm_forum_s_words_and_by_no_other_tenant(service: Running) -> None:
    told = asked(service, a_request(), "enterprise", CANTATA)
    assert seen(service, told["id"], "enterprise", TMF)["state"] == "approved"
    assert service.call("GET", f"{SONATA}/quote/{told['id']}").status_code == 404
    said = {"quoteId": told["id"]}
    assert service.call("POST", f"{CANTATA}/rejectQuote", "enterprise", json=said).json() == said
    assert seen(service, told["id"], "enterprise", TMF)["state"] == "rejected"
