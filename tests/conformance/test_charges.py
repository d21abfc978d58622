"""How charges begin: MEF 123 R80-R93, with R26, by the orders that bring them about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.asking import (
    CANCEL,
    CHARGE,
    MOVE,
    answered,
    awaiting,
    cancelling,
    charged,
    to_cancel,
    to_move,
    under_way,
)
from tests.conformance.desk import Desk, Document
from tests.conformance.states import lacking
from tests.listener import Listener
from tests.running import eventually

NEEDED = {"id", "state", "creationDate", "responseDueDate", "chargeItem"}


def test_r26_an_item_that_waits_for_an_answer_shows_its_charge(desk: Desk) -> None:
    order, charge = charged(desk)
    (item,) = order["productOrderItem"]
    assert item["state"] == "held"
    assert [one["id"] for one in item["charge"]] == [charge["id"]]
    assert list(lacking(order)) == []


def test_r80_r88_r92_a_charge_has_what_every_charge_needs_and_is_about_one_item(desk: Desk) -> None:
    order, charge = charged(desk, "CHARGE-Quay", "Quay")
    assert set(charge) >= NEEDED
    assert ("productOrder" in charge) != ("productOrderItem" in charge)
    about = charge["productOrderItem"]
    assert (about["productOrderId"], about["productOrderItemId"]) == (order["id"], order["productOrderItem"][0]["id"])
    assert charge["responseDueDate"] > charge["creationDate"]
    for item in charge["chargeItem"]:
        assert {"id", "activityType", "priceType", "priceCategory", "blocking", "price", "state"} <= set(item)
        assert item["state"] == "awaitingResponse"


def test_r81_r82_an_order_and_an_item_have_one_charge_that_awaits_an_answer(desk: Desk) -> None:
    order, charge = charged(desk, "CHARGE-Quay", "CHARGE-Quay")
    met = {charge["id"]}
    answered(desk, charge, "accepted")
    waiting = f"productOrderId={order['id']}&state=awaitingResponse"
    (second,) = eventually(lambda: [row for row in desk.listed(waiting, CHARGE) if row["id"] not in met])
    answered(desk, desk.read(second["id"], CHARGE), "accepted")
    assert desk.ended(order["id"])["state"] == "completed"
    assert len(desk.listed(f"productOrderId={order['id']}", CHARGE)) == 2


def test_r83_while_an_item_has_a_charge_its_order_gets_none(desk: Desk) -> None:
    order, charge = charged(desk, "DELAY-30-CHARGE-CANCEL-CHARGE-Quay")
    assert desk.post(to_cancel(order), CANCEL).status_code == 422
    assert desk.post(to_move(order, requestedCompletionDate="2031-05-01T08:00:00Z"), MOVE).status_code == 422
    assert [row["id"] for row in desk.listed(f"productOrderId={order['id']}", CHARGE)] == [charge["id"]]


def test_r84_r89_r91_a_charge_for_a_cancellation_names_it_and_the_order_that_is_assessed(desk: Desk) -> None:
    order, task, charge = cancelling(desk)
    assert desk.read(order["id"])["state"] == "assessingCancellation"
    assert charge["productOrder"]["productOrderId"] == order["id"]
    assert charge["cancelProductOrder"]["id"] == task["id"]
    assert "productOrderItem" not in charge
    assert desk.once(task["id"], "inProgress.assessingCharge", path=CANCEL)["charge"]["id"] == charge["id"]


@pytest.mark.parametrize(("word", "task_state", "end"), [
    ("accepted", "done", "cancelled"), ("rejected", "done.declined", "inProgress")])
def test_r84_the_answer_to_a_charge_for_a_cancellation_decides_about_it(
        desk: Desk, word: str, task_state: str, end: str) -> None:
    order, task, charge = cancelling(desk)
    answered(desk, charge, word)
    desk.once(task["id"], task_state, path=CANCEL)
    after = desk.once(order["id"], end)
    assert list(lacking(after)) == []
    assert [one["id"] for one in after.get("cancellationCharge", [])] == ([charge["id"]] if word == "accepted" else [])


def test_r85_a_charge_on_an_item_begins_while_the_item_is_in_progress(desk: Desk) -> None:
    order, _ = charged(desk)
    for what, states in ((order, ["acknowledged", "inProgress", "held.assessingCharge"]),
                         (order["productOrderItem"][0], ["acknowledged", "inProgress", "held"])):
        assert [change["state"] for change in what["stateChange"]] == states


@pytest.mark.parametrize("query", ["", "eventType=chargeCreateEvent"])
def test_r86_r102_the_buyer_is_told_of_a_new_charge(
        desk: Desk, listener: Listener, register: Callable[..., Document], query: str) -> None:
    register(desk, listener, query)
    _, charge = charged(desk)
    (heard,) = eventually(lambda: listener.of(charge["id"]))
    assert heard.path.endswith("/listener/chargeCreateEvent")
    assert heard.body["eventType"] == "chargeCreateEvent"
    assert heard.body["event"]["id"] == charge["id"]


def test_o14_the_buyer_is_told_how_a_charge_ends(
        desk: Desk, listener: Listener, register: Callable[..., Document]) -> None:
    register(desk, listener, "eventType=chargeStateChangeEvent")
    _, charge = charged(desk)
    answered(desk, charge, "accepted")
    eventually(lambda: listener.of(charge["id"]))


def test_r90_a_charge_for_another_date_names_the_item_and_the_wish(desk: Desk) -> None:
    order = under_way(desk, "DELAY-30-EXPEDITE-CHARGE-Quay")
    task = desk.made(to_move(order, expediteIndicator=True), MOVE)
    charge = awaiting(desk, order)
    assert charge["productOrderItem"]["productOrderItemId"] == order["productOrderItem"][0]["id"]
    assert charge["modifyProductOrderItemRequestedDeliveryDate"]["id"] == task["id"]
    held = desk.read(order["id"])
    assert (held["state"], held["productOrderItem"][0]["state"]) == ("pending.assessingModification", "pending")
    answered(desk, charge, "rejected")
    assert desk.once(task["id"], "done.declined", path=MOVE)
    (item,) = desk.once(order["id"], "inProgress")["productOrderItem"]
    assert not item.get("expediteAcceptedIndicator")


def test_r93_a_price_has_what_its_type_needs(desk: Desk) -> None:
    _, charge = charged(desk, "CHARGE-OPTION-Quay")
    kinds = {item["priceType"] for item in charge["chargeItem"]}
    assert kinds == {"recurring", "nonRecurring"}
    for item in charge["chargeItem"]:
        assert "dutyFreeAmount" in item["price"]
        assert ("recurringChargePeriod" in item) == (item["priceType"] == "recurring")
        assert ("unitOfMeasure" in item) == (item["priceType"] == "usageBased")
