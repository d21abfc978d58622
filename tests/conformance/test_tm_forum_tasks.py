"""Cancellations and events in the words of TM Forum: tmf622.yaml, C15-C17."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.desk import Desk, Document
from tests.journeys.documents import holds, ours
from tests.listener import Listener
from tests.running import eventually

PATH = "/cancelProductOrder"
EVENTS = [f"{resource}{event}" for resource, events in (
    ("productOrder", ("Create", "AttributeValueChange", "Delete", "StateChange", "InformationRequired")),
    ("cancelProductOrder", ("Create", "StateChange", "InformationRequired"))) for event in events]
Register = Callable[..., Document]


def under_way(tmf: Desk, name: str) -> Document:
    """An order in progress at a place of that name."""
    order: Any = ours("tmf/internet_add.json")
    order.pop("requestedStartDate")
    order["productOrderItem"][0]["product"]["place"][0]["name"] = name
    return tmf.once(tmf.made(order)["id"], "inProgress")


def test_c15_a_cancellation_that_is_granted_ends_the_order(
        tmf: Desk, listener: Listener, register: Register) -> None:
    register(tmf, listener)
    order = under_way(tmf, "DELAY-30-Quay")
    sent = {"productOrder": {"id": order["id"]}, "cancellationReason": "The branch stays where it is."}
    answer = tmf.post(sent, PATH)
    assert answer.status_code == 201, answer.text
    task = answer.json()
    assert answer.headers["Location"] == task["href"]
    assert holds(task, sent) == []
    assert task["state"] == "acknowledged"
    assert tmf.once(task["id"], "done", path=PATH)
    ended = tmf.ended(order["id"])
    assert tmf.read(task["id"], PATH)["effectiveCancellationDate"] == ended["cancellationDate"]
    assert (ended["state"], ended["cancellationReason"]) == ("cancelled", sent["cancellationReason"])
    eventually(lambda: {one.body["eventType"] for one in listener.of(task["id"])} >= {
        "CancelProductOrderCreateEvent", "CancelProductOrderStateChangeEvent"})
    assert tmf.post(sent, PATH).status_code in (400, 409)


def test_c16_an_order_whose_cancellation_is_refused_goes_on(tmf: Desk) -> None:
    order = under_way(tmf, "DELAY-30-CANCEL-REFUSED-Quay")
    task = tmf.made({"productOrder": {"id": order["id"]}}, PATH)
    assert tmf.once(task["id"], "terminatedWithError", path=PATH)
    assert tmf.once(order["id"], "inProgress")["productOrderItem"][0]["state"] == "inProgress"


@pytest.mark.parametrize("event", EVENTS)
def test_c17_every_event_can_be_registered_for(tmf: Desk, listener: Listener, register: Register, event: str) -> None:
    kind = f"{event[:1].upper()}{event[1:]}Event"
    assert register(tmf, listener, f"eventType={kind}")["query"] == f"eventType={kind}"


@pytest.mark.parametrize("event", ["ProductOrderItemStateChangeEvent", "chargeCreateEvent", "TroubleTicketCreateEvent"])
def test_c17_no_other_event_can(tmf: Desk, listener: Listener, event: str) -> None:
    assert tmf.post({"callback": listener.url, "query": f"eventType={event}"}, "/hub").status_code == 400
