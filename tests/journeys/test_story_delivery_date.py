"""Story 3: an item is wanted on another day, or sooner; what the buyer pays for is granted."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.conformance.asking import CHARGE, MOVE, answered, awaiting, to_move, under_way
from tests.conformance.desk import Desk
from tests.journeys.documents import holds, wrong_with
from tests.journeys.ledger import done_for, told
from tests.journeys.test_stories import subscribed
from tests.listener import Listener
from tests.running import MEF, TMF, Running, eventually

LATER = "2031-05-01T08:00:00Z"
DATED = "productOrderItemExpectedCompletionDateSet"
MOVED = "modifyProductOrderItemRequestedDeliveryDateStateChangeEvent"


def test_an_item_that_is_moved_to_another_day_shows_it_to_all_and_is_completed(
        service: Running, listener: Listener, sonata: Desk, cantata: Desk, tmf: Desk) -> None:
    subscribed(service, MEF, sonata.client, listener.url)
    subscribed(service, TMF, tmf.client, f"{listener.url}/tmf")
    order = under_way(sonata, "DELAY-5-Quay")
    asked = to_move(order, requestedCompletionDate=LATER)
    task = sonata.made(asked, MOVE)
    assert holds(task, asked) == []
    done = sonata.once(task["id"], "done", path=MOVE)
    assert wrong_with("sonata.grace.order", done, f"{MOVE}/{{id}}") == []

    item = sonata.once(order["id"], "inProgress")["productOrderItem"][0]
    assert (item["requestedCompletionDate"], item["state"]) == (LATER, "inProgress")
    assert item["expectedCompletionDate"] == LATER
    assert [note["source"] for note in item["note"]] == ["buyer", "seller"], "a date that moves is explained"
    assert cantata.read(order["id"])["productOrderItem"][0]["requestedCompletionDate"] == LATER
    assert cantata.read(task["id"], MOVE)["state"] == "done"

    ended = sonata.ended(order["id"])
    assert ended["state"] == "completed"
    assert [change["state"] for change in ended["stateChange"]] == [
        "acknowledged", "inProgress", "pending.assessingModification", "inProgress", "completed"]
    assert ended["productOrderItem"][0]["requestedCompletionDate"] == LATER
    assert tmf.read(order["id"])["requestedCompletionDate"] == LATER
    assert done_for(service, order["id"])[-1] == "activated"

    eventually(lambda: told(listener, task["id"], MOVED) and told(listener, order["id"], DATED))
    assert {event["orderItemId"] for event in told(listener, order["id"], DATED)} == {item["id"]}
    eventually(lambda: any(
        event["productOrder"]["requestedCompletionDate"] == LATER
        for event in told(listener, order["id"], "ProductOrderAttributeValueChangeEvent", "/tmf")))


def test_an_item_is_hurried_for_a_charge_that_the_buyer_accepts(
        service: Running, listener: Listener, sonata: Desk, cantata: Desk) -> None:
    subscribed(service, MEF, sonata.client, listener.url)
    order = under_way(sonata, "DELAY-8-EXPEDITE-CHARGE-Quay")
    before = order["productOrderItem"][0]
    task = sonata.made(to_move(order, expediteIndicator=True), MOVE)
    charge = awaiting(sonata, order)
    assert charge["modifyProductOrderItemRequestedDeliveryDate"]["id"] == task["id"]
    assert {item["priceCategory"] for item in charge["chargeItem"]} == {"expedite"}
    assert sonata.read(order["id"])["state"] == "pending.assessingModification"
    assert sonata.read(task["id"], MOVE)["state"] == "inProgress.assessingCharge"

    answered(sonata, charge, "accepted")
    assert sonata.once(task["id"], "done", path=MOVE)
    item = sonata.once(order["id"], "inProgress")["productOrderItem"][0]
    assert (item["expediteIndicator"], item["expediteAcceptedIndicator"]) == (True, True)
    assert item["expectedCompletionDate"] < before["expectedCompletionDate"]
    assert [one["id"] for one in item["charge"]] == [charge["id"]]
    assert cantata.read(order["id"])["productOrderItem"][0]["expediteAcceptedIndicator"] is True
    assert cantata.read(charge["id"], CHARGE)["state"] == "completed"

    ended = sonata.ended(order["id"])
    assert ended["state"] == "completed"
    assert wrong_with("sonata.grace.order", ended) == []
    promised = datetime.fromisoformat(before["expectedCompletionDate"])
    assert datetime.now(UTC) < promised, "it was not done any sooner"
    eventually(lambda: told(listener, task["id"], MOVED)[1:] and told(listener, charge["id"], "chargeCreateEvent"))


def test_an_item_is_not_hurried_when_the_buyer_does_not_pay_for_it(sonata: Desk) -> None:
    order = under_way(sonata, "DELAY-4-EXPEDITE-CHARGE-Quay")
    task = sonata.made(to_move(order, expediteIndicator=True), MOVE)
    answered(sonata, awaiting(sonata, order), "rejected")
    assert sonata.once(task["id"], "done.declined", path=MOVE)
    ended = sonata.ended(order["id"])
    assert ended["state"] == "completed"
    assert not ended["productOrderItem"][0].get("expediteAcceptedIndicator")
    assert not ended["productOrderItem"][0].get("charge")
