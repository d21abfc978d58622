"""Cancelling an order: MEF 123 R73-R79, and what becomes of the order (R47, R62)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest

from tests.conformance.asking import CANCEL, REASON, SLOW, to_cancel, under_way
from tests.conformance.desk import Desk, Document, at, changed
from tests.conformance.states import lacking
from tests.journeys.documents import holds


def cancelled(desk: Desk, street: str = SLOW) -> tuple[Document, Document]:
    """A cancellation that has come to its end, and its order."""
    order = under_way(desk, street)
    task = desk.made(to_cancel(order), CANCEL)
    return desk.once(task["id"], "done", "rejected", path=CANCEL), order


def test_r73_an_order_that_one_did_not_place_cannot_be_cancelled(
        desk: Desk, tenant: Callable[..., Desk]) -> None:
    wrong = {("/productOrder/productOrderId", "referenceNotFound")}
    assert desk.refused(to_cancel({"id": "no-such-order"}), CANCEL) == wrong
    assert tenant("norms-strict").refused(to_cancel(under_way(desk)), CANCEL) == wrong


def test_r74_a_cancellation_names_the_order_and_whom_to_contact(desk: Desk) -> None:
    document = to_cancel(under_way(desk))
    assert desk.refused(changed(document, "/productOrder"), CANCEL) >= {("/productOrder", "missingProperty")}
    assert desk.refused(changed(document, "/relatedContactInformation"), CANCEL) >= {
        ("/relatedContactInformation", "missingProperty")}
    assert desk.refused(changed(document, "/relatedContactInformation/0/role", "friend"), CANCEL) == {
        ("/relatedContactInformation", "missingProperty")}


def test_r75_r76_the_answer_repeats_what_was_sent_and_has_id_state_and_a_contact(desk: Desk) -> None:
    document = to_cancel(under_way(desk), mood="sorry")
    task = desk.made(document, CANCEL)
    assert holds(task, document) == []
    assert task["id"]
    assert task["state"] == "acknowledged"
    roles = {contact["role"] for contact in task["relatedContactInformation"]}
    assert roles == {"cancelProductOrderContact", "cancelProductOrderSellerContact"}


def test_o13_cancellations_are_asked_for_by_order_state_and_kind_of_reason(desk: Desk) -> None:
    task, order = cancelled(desk)
    here = f"productOrderId={order['id']}"
    for query, found in ((here, 1), (f"{here}&state=done", 1), (f"{here}&state=rejected", 0),
                         (f"{here}&cancellationReasonType=technical", 1),
                         (f"{here}&cancellationReasonType=commercial", 0)):
        assert [row["id"] for row in desk.listed(query, CANCEL)] == [task["id"]] * found, query
    assert desk.get(f"{CANCEL}?state=lost").status_code == 400


def test_r77_a_list_shows_what_identifies_a_cancellation_and_nothing_else(desk: Desk) -> None:
    task, order = cancelled(desk)
    members = ("id", "cancellationReasonType", "productOrder", "state")
    assert desk.listed(f"productOrderId={order['id']}", CANCEL) == [{name: task[name] for name in members}]


def test_r78_no_cancellation_found_is_an_empty_list(desk: Desk) -> None:
    assert desk.listed("productOrderId=no-such-order", CANCEL) == []


def test_r79_a_cancellation_is_shown_whole(desk: Desk) -> None:
    order = under_way(desk)
    task = desk.made(to_cancel(order), CANCEL)
    done = desk.once(task["id"], "done", path=CANCEL)
    assert holds(done, to_cancel(order)) == []
    assert done == {**task, "state": "done"}
    assert desk.get(f"{CANCEL}/no-such-cancellation").status_code == 404


def test_r79_a_cancellation_that_was_refused_says_why(desk: Desk) -> None:
    task, order = cancelled(desk, "DELAY-30-CANCEL-REFUSED-Quay")
    assert task["state"] == "rejected"
    assert task["cancellationDeniedReason"]
    after = desk.once(order["id"], "inProgress")
    assert after["productOrderItem"][0]["state"] == "inProgress"
    assert list(lacking(after)) == []


def test_r47_r62_through_its_cancellation_an_order_has_what_its_state_demands(desk: Desk) -> None:
    order = under_way(desk)
    desk.made(to_cancel(order), CANCEL)
    for seen in chain([order], desk.seen(order["id"])):
        assert list(lacking(seen)) == []
    assert seen["state"] == "cancelled"
    assert {item["state"] for item in seen["productOrderItem"]} == {"cancelled"}
    assert seen["cancellationReason"] == REASON
    assert [change["state"] for change in seen["stateChange"]] == [
        "acknowledged", "inProgress", "assessingCancellation", "pendingCancellation", "cancelled"]


@pytest.mark.parametrize("street", ["Quay", "FAIL-Quay", "REJECT-Quay"])
def test_r62_an_order_that_has_ended_stays_as_it_ended(desk: Desk, street: str) -> None:
    order = desk.ended(desk.made(at(street))["id"])
    answer = desk.post(to_cancel(order), CANCEL)
    if answer.status_code == 201:
        assert desk.once(answer.json()["id"], "rejected", path=CANCEL)["cancellationDeniedReason"]
    else:
        assert answer.status_code == 422
    assert desk.read(order["id"]) == order
