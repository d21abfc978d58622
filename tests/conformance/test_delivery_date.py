"""Another delivery date for an item: MEF 123 R63-R72, with R20, R25 and R50, which such changes bring about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.asking import MOVE, to_move, under_way
from tests.conformance.desk import Desk, Document, at, changed
from tests.conformance.states import lacking
from tests.journeys.documents import holds
from tests.listener import Listener
from tests.running import eventually

LATER, SOONER = "2031-05-01T08:00:00Z", "2026-12-01T08:00:00Z"
WHOLE = ("id", "creationDate", "expediteIndicator", "productOrderItem", "requestedCompletionDate", "state")
HURRY = {"expediteIndicator": True}


def settled(desk: Desk, task: Document) -> Document:
    """A wish that has come to its end."""
    return desk.once(task["id"], "done", "rejected", "done.declined", path=MOVE)


def test_r63_r66_a_wish_names_the_item_and_what_is_wished(desk: Desk) -> None:
    document = to_move(under_way(desk), **HURRY)
    assert desk.refused(changed(document, "/productOrderItem"), MOVE) >= {("/productOrderItem", "missingProperty")}
    wishes: tuple[Document, ...] = ({}, {"expediteIndicator": False})
    for wish in wishes:
        assert desk.refused({"productOrderItem": document["productOrderItem"], **wish}, MOVE) == {
            ("/requestedCompletionDate", "missingProperty")}
    for member in ("productOrderId", "productOrderItemId"):
        assert (f"/productOrderItem/{member}", "referenceNotFound") in desk.refused(
            changed(document, f"/productOrderItem/{member}", "no-such-thing"), MOVE)


@pytest.mark.parametrize("wish", [HURRY, {**HURRY, "requestedCompletionDate": SOONER}])
def test_o11_r64_r65_a_wish_to_expedite_is_acknowledged(desk: Desk, wish: Document) -> None:
    document = to_move(under_way(desk), **wish)
    task = desk.made(document, MOVE)
    assert holds(task, document) == []
    assert {"id", "creationDate"} <= set(task)
    assert task["state"] == "acknowledged"
    done = settled(desk, task)
    assert done["state"] == "done"
    (item,) = desk.once(document["productOrderItem"]["productOrderId"], "inProgress")["productOrderItem"]
    assert (item["expediteIndicator"], item["expediteAcceptedIndicator"]) == (True, True)


@pytest.mark.parametrize("wish", [{}, {"expediteIndicator": False}])
def test_r67_r68_a_wish_for_another_date_is_acknowledged(desk: Desk, wish: Document) -> None:
    document = to_move(under_way(desk), requestedCompletionDate=LATER, **wish)
    task = desk.made(document, MOVE)
    assert holds(task, document) == []
    assert {"id", "creationDate"} <= set(task)
    assert task["state"] == "acknowledged"
    assert settled(desk, task)["state"] == "done"
    (item,) = desk.once(document["productOrderItem"]["productOrderId"], "inProgress")["productOrderItem"]
    assert item["requestedCompletionDate"] == LATER
    assert not item.get("expediteAcceptedIndicator")


def test_o12_wishes_are_asked_for_by_state_indicator_order_and_dates(desk: Desk) -> None:
    order = under_way(desk)
    task = settled(desk, desk.made(to_move(order, requestedCompletionDate=LATER), MOVE))
    here = f"productOrderId={order['id']}"
    for query, found in (("", 1), ("&state=done", 1), ("&state=rejected", 0), ("&expediteIndicator=true", 0),
                         ("&requestedCompletionDate.gt=2031-01-01T00:00:00Z", 1),
                         ("&requestedCompletionDate.lt=2031-01-01T00:00:00Z", 0),
                         ("&creationDate.gt=2090-01-01T00:00:00Z", 0), ("&creationDate.lt=2090-01-01T00:00:00Z", 1)):
        assert [row["id"] for row in desk.listed(here + query, MOVE)] == [task["id"]] * found, query
    assert desk.listed(f"{here}&expediteIndicator=false", MOVE) == [task]


def test_r69_r71_a_wish_is_shown_whole_in_a_list_and_by_its_id(desk: Desk) -> None:
    order = under_way(desk)
    task = settled(desk, desk.made(to_move(order, requestedCompletionDate=SOONER, **HURRY), MOVE))
    assert set(WHOLE) <= set(task)
    assert desk.listed(f"productOrderId={order['id']}", MOVE) == [task]


def test_r70_no_wish_found_is_an_empty_list(desk: Desk) -> None:
    assert desk.listed("productOrderId=no-such-order", MOVE) == []


def test_r72_a_wish_that_does_not_exist_is_a_404(desk: Desk) -> None:
    answer = desk.get(f"{MOVE}/no-such-wish")
    assert (answer.status_code, answer.json()["code"]) == (404, "notFound")


def test_r62_what_is_refused_changes_nothing(desk: Desk) -> None:
    order = under_way(desk, "DELAY-30-RESCHEDULE-REFUSED-Quay")
    task = desk.made(to_move(order, requestedCompletionDate=LATER), MOVE)
    for seen in desk.seen(order["id"]):
        assert list(lacking(seen)) == []
        if seen["state"] == "inProgress" and len(seen["stateChange"]) > len(order["stateChange"]):
            break
    assert settled(desk, task)["state"] == "rejected"
    (item,), (before,) = seen["productOrderItem"], order["productOrderItem"]
    same = ("requestedCompletionDate", "expectedCompletionDate", "state")
    assert {name: item[name] for name in same} == {name: before[name] for name in same}


def test_a_wish_that_is_refused_is_explained_by_a_note_of_the_seller(desk: Desk) -> None:
    order = under_way(desk, "DELAY-30-RESCHEDULE-REFUSED-Quay")
    assert settled(desk, desk.made(to_move(order, requestedCompletionDate=LATER), MOVE))["state"] == "rejected"
    (item,), (before,) = desk.read(order["id"])["productOrderItem"], order["productOrderItem"]
    (note,) = [one for one in item["note"] if one not in before["note"]]
    assert note["source"] == "seller"
    assert note["text"].startswith("The date stays as it was.")
    assert note["author"]
    assert note["date"]


def test_r25_an_expedite_is_shown_as_accepted_only_when_its_charge_is_settled(desk: Desk) -> None:
    order = under_way(desk, "DELAY-30-EXPEDITE-CHARGE-Quay")
    task = desk.made(to_move(order, **HURRY), MOVE)
    assert desk.once(task["id"], "inProgress.assessingCharge", path=MOVE)
    (item,) = desk.read(order["id"])["productOrderItem"]
    assert not item.get("expediteAcceptedIndicator")
    (charge,) = desk.listed(f"productOrderId={order['id']}", "/charge")
    verdicts = [{"id": one["id"], "acceptanceIndicator": "accepted"}
                for one in desk.read(charge["id"], "/charge")["chargeItem"]]
    assert desk.patch(f"/charge/{charge['id']}", {"chargeItem": verdicts}).status_code == 200
    assert settled(desk, task)["state"] == "done"
    (item,) = desk.once(order["id"], "inProgress")["productOrderItem"]
    assert item["expediteAcceptedIndicator"] is True


def test_r20_r50_a_date_that_is_revised_is_explained_by_a_note_of_the_seller(
        desk: Desk, listener: Listener, register: Callable[..., Document]) -> None:
    kind = "productOrderItemExpectedCompletionDateSet"
    register(desk, listener, f"eventType={kind}")
    order = desk.once(desk.made(at("DELAY-1-LATE-30-Quay"))["id"], "inProgress")
    before = order["productOrderItem"][0]

    def revised() -> Document | None:
        (item,) = desk.read(order["id"])["productOrderItem"]
        return item if item["expectedCompletionDate"] != before["expectedCompletionDate"] else None

    item = eventually(revised)
    new = [note for note in item["note"] if note not in before["note"]]
    assert {note["source"] for note in new} == {"seller"}
    assert all(note["text"] and note["date"] and note["author"] for note in new)
    eventually(lambda: listener.of(order["id"]))
    assert {one.body["event"]["orderItemId"] for one in listener.of(order["id"])} == {before["id"]}
