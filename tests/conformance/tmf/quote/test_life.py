"""What becomes of a quote, what its buyer may do, and what is told of it: tmf648.yaml, Q7-Q14."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.desk import Desk, Document
from tests.conformance.tmf.asking import MERGE, QUOTE, Kind, quotes
from tests.journeys.documents import ours
from tests.listener import Listener
from tests.running import TMF, Running, eventually

Register = Callable[..., Document]
EVENTS = ("Create", "AttributeValueChange", "StateChange", "Delete", "InformationRequired")


def test_q7_what_cannot_be_quoted_is_cancelled_and_says_why(quote: Kind) -> None:
    made = quote.made(at="RED-Street-1")
    assert (made["state"], made["quoteItem"][0]["state"]) == ("cancelled", "cancelled")
    assert made["note"][-1]["text"] == "Item 1: The place cannot be served."
    sellers = [one["name"] for one in made["relatedParty"] if one["role"] == "sellerContactInformation"]
    assert [made["note"][-1]["author"]] == sellers
    assert not {"quoteItemPrice"} & set(made["quoteItem"][0])
    assert not {"validFor", "quoteTotalPrice"} & set(made)
    later = quote.desk.made({"quoteItem": [{}]}, QUOTE)
    ended = quote.once(later["id"], "cancelled")
    assert ended["note"][-1]["text"].startswith("Item 1: ")


def test_q8_what_could_be_ordered_is_declined_by_its_state_and_nothing_else(quote: Kind, mef: Desk) -> None:
    made = quote.made()
    answer = quote.patch(made["id"], {"state": "rejected"}, MERGE)
    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    assert mef.read(made["id"], QUOTE)["state"] == "declined"
    assert quote.patch(quote.waiting()["id"], {"state": "rejected"}).status_code == 409
    assert quote.patch(made["id"], {"state": "approved"}).status_code == 409


def test_q9_what_is_under_way_is_cancelled_by_its_state_and_nothing_else(quote: Kind, mef: Desk) -> None:
    task = quote.waiting()
    eventually(lambda: mef.read(task["id"], QUOTE)["state"] == "inProgress")
    answer = quote.patch(task["id"], {"state": "cancelled"}, MERGE)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert answer.json()["quoteItem"][0]["state"] == "cancelled"
    assert mef.read(task["id"], QUOTE)["state"] == "cancelled"
    assert quote.patch(quote.made()["id"], {"state": "cancelled"}).status_code == 409


def test_q10_an_order_that_follows_a_quote_accepts_it_and_no_patch_does(quote: Kind) -> None:
    made = quote.made()
    refused = quote.patch(made["id"], {"state": "accepted"})
    assert (refused.status_code, refused.json()["violation"][0]["propertyPath"]) == (409, "/state")
    order = ours("tmf/internet_add.json")
    (item,), (quoted,) = order["productOrderItem"], made["quoteItem"]
    item |= {"productOffering": quoted["productOffering"], "quoteItem": {"quoteId": made["id"], "id": quoted["id"]}}
    item["product"] |= {name: quoted["product"][name] for name in ("productCharacteristic", "place")}
    item.pop("itemTerm", None)
    orders = Desk(quote.desk.service, TMF, quote.desk.client)
    assert orders.made(order)["productOrderItem"][0]["quoteItem"]["quoteId"] == made["id"]
    assert quote.once(made["id"], "accepted")["quoteItem"][0]["state"] == "approved"
    again = orders.post(order)
    assert again.status_code == 400
    assert {one["propertyPath"] for one in again.json()["violation"]} == {"/productOrderItem/0/quoteItem/quoteId"}


def test_q11_what_nobody_has_ordered_in_time_is_cancelled(service: Running) -> None:
    brief = quotes(service, "norms-brief-sil")
    made = brief.made()
    assert made["state"] == "approved"
    ended = brief.once(made["id"], "cancelled")
    assert ended["quoteItem"][0]["state"] == "approved"
    assert ended["quoteTotalPrice"] == made["quoteTotalPrice"]
    assert brief.patch(made["id"], {"state": "rejected"}).status_code == 409


@pytest.mark.parametrize(("body", "status"), [
    ({"externalId": "q12", "category": "q12", "version": "3", "description": "Roof"}, 200),
    ({"expectedFulfillmentStartDate": "2031-01-01T00:00:00Z"}, 200), ({"contactMedium": []}, 200),
    ({"billingAccount": [{"id": "BA-2041"}]}, 200), ({"quoteTotalPrice": []}, 409),
    ({"validFor": {"endDateTime": "2090-01-01T00:00:00Z"}}, 409),
    ({"note": []}, 409), ({"requestedQuoteCompletionDate": "2031-01-01T00:00:00Z"}, 409),
    ({"quoteItem": [{"id": "1", "action": "delete"}]}, 409)])
def test_q12_references_and_what_only_tm_forum_has_are_amended_as_long_as_it_lasts(quote: Kind, body: Document,
                                                                                  status: int) -> None:
    made = quote.made()
    answer = quote.patch(made["id"], body)
    assert answer.status_code == status, answer.text
    seen = quote.desk.read(made["id"], QUOTE)
    for member, value in body.items():
        assert seen.get(member) == (value if status == 200 else made.get(member))


def test_q12_notes_are_appended(quote: Kind) -> None:
    made = quote.made()
    answer = quote.patch(made["id"], {"note": [*made["note"], {"id": "2", "text": "Ring twice."}]})
    assert [note["text"] for note in answer.json()["note"]] == ["Call before you come.", "Ring twice."]


@pytest.mark.parametrize("event", EVENTS)
def test_q13_every_event_can_be_registered_for(quote: Kind, listener: Listener, register: Register,
                                              event: str) -> None:
    assert register(quote.desk, listener, f"eventType=Quote{event}Event")["query"] == f"eventType=Quote{event}Event"


@pytest.mark.parametrize("event", ["ProductOrderCreateEvent", "QuoteItemStateChangeEvent", "quoteStateChange"])
def test_q13_no_other_event_can(quote: Kind, listener: Listener, event: str) -> None:
    answer = quote.desk.post({"callback": listener.url, "query": f"eventType={event}"}, "/hub")
    assert answer.status_code == 400


def test_q14_all_that_happens_is_told_in_order_and_as_it_was(quote: Kind, listener: Listener,
                                                            register: Register) -> None:
    register(quote.desk, listener)
    made = quote.made()
    for number, body in enumerate(({"version": "2"}, {"state": "rejected"}), start=1):
        eventually(lambda number=number: len(listener.of(made["id"])) == number)
        assert quote.patch(made["id"], body).status_code == 200
    quote.desk.call("DELETE", f"{QUOTE}/{made['id']}")
    heard = eventually(lambda: len(found := listener.of(made["id"])) == 4 and found)
    assert [(one.body["eventType"], one.body["event"]["quote"]["state"]) for one in heard] == [
        ("QuoteCreateEvent", "approved"), ("QuoteAttributeValueChangeEvent", "approved"),
        ("QuoteStateChangeEvent", "rejected"), ("QuoteDeleteEvent", "rejected")]
    assert [one.body["event"]["quote"].get("version") for one in heard] == ["1", "2", "2", "2"]


def test_q14_a_quote_that_takes_its_time_is_told_of_too(quote: Kind, listener: Listener, register: Register) -> None:
    register(quote.desk, listener, "eventType=QuoteStateChangeEvent")
    task = quote.desk.made(quote.asking(instant=False), QUOTE)
    eventually(lambda: [one for one in listener.of(task["id"]) if one.body["event"]["quote"]["state"] == "approved"])
    assert {one.body["eventType"] for one in listener.of(task["id"])} == {"QuoteStateChangeEvent"}
