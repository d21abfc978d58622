"""Quotes at the door of Sonata: what MEF 115 demands of a seller, through a real server."""

from __future__ import annotations

import pytest

from lso.dialects.book import book
from lso.lifecycle.quote import give_up
from tests.gateway.conftest import Running
from tests.journeys.documents import linkless
from tests.pil.quotes import CANTATA, SONATA, TMF, a_request, asked, priced, seen
from tests.pil.scene import listed, moment, wrong

QUOTE = f"{SONATA}/quote"


@pytest.fixture(autouse=True)
def prices(service: Running) -> None:
    priced(service)


def test_r27_r29_a_quote_is_answered_at_once_with_its_address(service: Running) -> None:
    before = moment()
    answer = service.call("POST", QUOTE, json=a_request())
    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "approved.orderable")
    assert answer.headers["location"] == told["href"]
    assert told["href"].endswith(f"{QUOTE}/{told['id']}")
    assert before <= told["quoteDate"] <= moment()
    assert seen(service, told["id"]) == told


def test_r13_r26_what_was_sent_comes_back(service: Running) -> None:
    sent = a_request(externalId="X-1", projectId="P", description="Quay", note=[
        {"id": "1", "author": "Ines", "date": "2026-01-30T10:00:00Z", "source": "buyer", "text": "Soon."}])
    told = asked(service, sent)
    assert {name: told[name] for name in ("externalId", "projectId", "description", "note")} == {
        name: sent[name] for name in ("externalId", "projectId", "description", "note")}
    assert linkless({name: told["quoteItem"][0][name] for name in sent["quoteItem"][0]}) == sent["quoteItem"][0]


def test_r53_r54_cancel_and_decline_repeat_what_was_said_and_hold_to_the_states(service: Running) -> None:
    orderable, waiting = asked(service), asked(service, a_request(instant=False))
    said = {"quoteId": orderable["id"], "reason": "Too dear."}
    answer = service.call("POST", f"{SONATA}/rejectQuote", json=said)
    assert (answer.status_code, answer.json()) == (200, said)
    assert seen(service, orderable["id"])["state"] == "declined"
    for path, id in (("rejectQuote", orderable["id"]), ("cancelQuote", orderable["id"]), ("cancelQuote", waiting["id"]),
                     ("rejectQuote", waiting["id"])):
        answer = service.call("POST", f"{SONATA}/{path}", json={"quoteId": id})
        assert wrong(answer) == {("/quoteId", "invalidValue")}
    for path in ("rejectQuote", "cancelQuote"):
        assert wrong(service.call("POST", f"{SONATA}/{path}", json={"quoteId": "none"})) == {
            ("/quoteId", "referenceNotFound")}
        assert wrong(service.call("POST", f"{SONATA}/{path}", json={})) == {("/quoteId", "missingProperty")}


@pytest.mark.parametrize(("instant", "path", "told"), [
    (True, "cancelQuote", "a quote that is approved.orderable cannot be cancelled"),
    (False, "rejectQuote", "a quote that is acknowledged cannot be declined")])
def test_a_refusal_speaks_of_states_as_its_caller_does(service: Running, instant: bool, path: str, told: str) -> None:
    made = asked(service, a_request(instant=instant))
    (error,) = service.call("POST", f"{SONATA}/{path}", json={"quoteId": made["id"]}).json()
    assert error["reason"] == told


def test_a_refusal_names_no_member_but_by_its_pointer(service: Running) -> None:
    bare = a_request(instant=False)
    del bare["requestedQuoteCompletionDate"]
    bare["quoteItem"][0]["quoteItemRelationship"] = [{"id": "none", "relationshipType": "CONNECTS_TO_UNI_A"}]
    told = {one["propertyPath"]: one["reason"] for one in service.call("POST", QUOTE, json=bare).json()}
    assert told["/requestedQuoteCompletionDate"] == "it is missing (MEF 115 R19)"
    assert told["/quoteItem/0/quoteItemRelationship/0/id"] == "no item beside this one has that id (MEF 115 R25)"


def test_r50_a_list_shows_what_a_list_has_to_show(service: Running) -> None:
    told = asked(service, a_request(externalId="listed"))
    (row,) = service.call("GET", f"{QUOTE}?externalId=listed").json()
    assert row == {name: told[name] for name in ("id", "externalId", "state", "quoteLevel", "quoteDate",
                                                 "effectiveQuoteCompletionDate")}


def test_a_list_is_chosen_from_by_every_filter(service: Running) -> None:
    told = asked(service, a_request(externalId="found", projectId="harbour"))
    waiting = asked(service, a_request(instant=False, externalId="waiting", projectId="harbour"))
    here = f"{QUOTE}?projectId=harbour"
    for query, found in (("externalId=found", told), ("state=approved.orderable", told),
                         ("state=acknowledged", waiting), ("quoteLevel=firm", told),
                         (f"effectiveQuoteCompletionDate.gt={moment(-1)}", told),
                         ("requestedQuoteCompletionDate.gt=2030-12-31T00:00:00Z", waiting),
                         ("requestedQuoteCompletionDate.lt=2031-01-02T00:00:00Z", waiting),
                         (f"expectedQuoteCompletionDate.lt={moment(1)}", waiting)):
        assert listed(service, f"{here}&{query}") == [found["id"]], query
    assert set(listed(service, f"{here}&quoteDate.gt={moment(-1)}&quoteDate.lt={moment(1)}")) == {
        told["id"], waiting["id"]}
    assert service.call("GET", f"{QUOTE}?state=sold").status_code == 400
    page = service.call("GET", f"{here}&limit=1")
    assert (page.headers["x-total-count"], page.headers["x-result-count"]) == ("2", "1")


def test_the_same_key_gives_the_same_quote(service: Running) -> None:
    headers = {"Idempotency-Key": "quote-once"}
    first, again = (service.call("POST", QUOTE, json=a_request(), headers=headers).json() for _ in range(2))
    assert first == again
    other = service.call("POST", QUOTE, json=a_request(externalId="other"), headers=headers)
    assert other.status_code == 422


def test_nobody_sees_the_quotes_of_another_tenant(service: Running) -> None:
    id = asked(service)["id"]
    assert service.call("GET", f"{QUOTE}/{id}", "rival").status_code == 404
    assert id not in listed(service, QUOTE, "rival")
    assert wrong(service.call("POST", f"{SONATA}/rejectQuote", "rival", json={"quoteId": id})) == {
        ("/quoteId", "referenceNotFound")}


def test_a_quote_is_the_same_in_every_dialect_of_its_tenant(service: Running) -> None:
    told = asked(service)
    assert linkless(seen(service, told["id"], "carrier-sil", CANTATA)) == linkless(told)
    tmf = seen(service, told["id"], "carrier-sil", TMF)
    assert (tmf["state"], tmf["quoteItem"][0]["state"]) == ("approved", "approved")
    amounts = {price["price"]["dutyFreeAmount"]["value"] for price in tmf["quoteItem"][0]["quoteItemPrice"]}
    assert amounts == {109.9, 150}


def test_a_quote_that_has_no_answer_in_time_cannot_be_provided() -> None:
    document = {"state": "in_progress", "history": [], "items": [{"id": "1", "state": "in_progress"}]}
    after = give_up(document, at="2026-01-01T00:00:00Z")
    assert (after["state"], after["items"][0]["state"]) == ("unable_to_provide", "unable_to_provide")


def test_hubs_take_the_events_of_quotes(service: Running) -> None:
    for kind in ("quoteStateChangeEvent", "quoteItemStateChangeEvent"):
        body = {"callback": "http://127.0.0.1:9", "query": f"eventType={kind}"}
        hub = service.call("POST", f"{SONATA}/hub", json=body)
        assert hub.status_code == 201, hub.text
        assert service.call("DELETE", f"{SONATA}/hub/{hub.json()['id']}").status_code == 204


def test_all_three_editions_are_served() -> None:
    assert {"sonata.grace.quote", "cantata.grace.quote", "tmf.v4.quote"} <= {one.edition for one in book().editions}
