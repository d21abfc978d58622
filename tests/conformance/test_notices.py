"""Who hears of what: MEF 123 R101-R106."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.desk import Desk, Document, at, internet
from tests.listener import Heard, Listener
from tests.running import eventually

Register = Callable[..., Document]
ORDER, ITEM = "productOrderStateChangeEvent", "productOrderItemStateChangeEvent"
KINDS = [ORDER, ITEM, "productOrderItemExpectedCompletionDateSet", "productSpecificProductOrderItemMilestoneEvent",
         "cancelProductOrderStateChangeEvent", "chargeCreateEvent", "chargeStateChangeEvent", "chargeTimeoutEvent",
         "modifyProductOrderItemRequestedDeliveryDateStateChangeEvent"]


def heard(listener: Listener, id: str, kind: str) -> list[Heard]:
    return [one for one in listener.of(id) if one.body["eventType"] == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_o15_o18_every_event_can_be_registered_for(
        desk: Desk, listener: Listener, register: Register, kind: str) -> None:
    kept = register(desk, listener, f"eventType={kind}")
    assert desk.read(kept["id"], "/hub") == kept
    assert desk.call("DELETE", f"/hub/{kept['id']}").status_code == 204


@pytest.mark.parametrize("query", [f"eventType={ORDER},{ITEM}", f"eventType={ORDER}&eventType={ITEM}",
                                   f"eventType = {ORDER}, {ITEM}"])
def test_r101_events_are_chosen_by_their_type(desk: Desk, listener: Listener, register: Register, query: str) -> None:
    register(desk, listener, query)
    order = desk.made(internet())
    eventually(lambda: len(heard(listener, order["id"], ORDER)) == len(heard(listener, order["id"], ITEM)) == 2)


@pytest.mark.parametrize("query", ["eventType=doorOpened", "colour=red", "state=completed"])
def test_r101_what_cannot_choose_is_refused(desk: Desk, listener: Listener, query: str) -> None:
    answer = desk.post({"callback": listener.url, "query": query}, "/hub")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalidBody")


def test_r104_who_has_not_registered_for_an_event_does_not_hear_of_it(
        desk: Desk, listener: Listener, register: Register) -> None:
    stranger, gone = Listener(), Listener()
    try:
        register(desk, listener, f"eventType={ORDER}")
        assert desk.call("DELETE", f"/hub/{register(desk, gone)['id']}").status_code == 204
        order = desk.made(internet())
        eventually(lambda: len(heard(listener, order["id"], ORDER)) == 2)
        assert heard(listener, order["id"], ITEM) == gone.heard == stranger.heard == []
    finally:
        stranger.close()
        gone.close()


def test_r105_who_has_registered_hears_of_every_change_of_state(
        desk: Desk, listener: Listener, register: Register) -> None:
    register(desk, listener)
    order = desk.made(at("FAIL-Street-1"))
    eventually(lambda: len(heard(listener, order["id"], ORDER)) == len(heard(listener, order["id"], ITEM)) == 2)
    edition = desk.base.removeprefix("/mefApi/").replace("Management", "Notification")
    assert {one.path for one in listener.of(order["id"])} >= {
        f"/mefApi/{edition}/listener/{kind}" for kind in (ORDER, ITEM)}
    for one in listener.of(order["id"]):
        assert one.body["event"]["href"] == desk.read(order["id"])["href"]
        assert one.body["eventTime"] >= order["orderDate"], "there is no event for what the answer has said"


def test_r106_an_event_about_an_item_names_it(desk: Desk, listener: Listener, register: Register) -> None:
    register(desk, listener)
    order = desk.made(internet())
    eventually(lambda: len(heard(listener, order["id"], ITEM)) == 2)
    for one in listener.of(order["id"]):
        named = one.body["event"].get("orderItemId")
        assert named == (None if one.body["eventType"] == ORDER else order["productOrderItem"][0]["id"])


def test_o19_cr7_cr8_milestones_are_told_by_name_and_kept(
        desk: Desk, listener: Listener, register: Register) -> None:
    kind = "productSpecificProductOrderItemMilestoneEvent"
    register(desk, listener, f"eventType={kind}")
    order = desk.ended(desk.made(at("DELAY-1-MILESTONES-Quay"))["id"])
    (item,) = order["productOrderItem"]
    names = [milestone["name"] for milestone in item["milestone"]]
    assert len(names) == 3
    assert all(milestone["date"] for milestone in item["milestone"])
    eventually(lambda: len(heard(listener, order["id"], kind)) == len(names))
    told = [(one.body["event"]["milestoneName"], one.body["event"]["orderItemId"]) for one in listener.of(order["id"])]
    assert sorted(told) == sorted((name, item["id"]) for name in names)
