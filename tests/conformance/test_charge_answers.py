"""How charges are answered, end and are looked up: MEF 123 R94-R100."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.asking import CHARGE, answered, cancelling, charged, verdicts
from tests.conformance.desk import Desk, Document
from tests.conformance.states import lacking
from tests.listener import Listener
from tests.running import eventually

NOTE = {"id": "n-1", "author": "Ada", "date": "2030-01-01T00:00:00Z", "source": "buyer", "text": "As agreed."}
LISTED = {"id", "state", "creationDate", "responseDueDate"}


def test_r94_r95_an_answer_speaks_of_every_item_at_once(desk: Desk) -> None:
    _, charge = charged(desk, "CHARGE-OPTION-Quay")
    first, second = verdicts(charge, "accepted")["chargeItem"]
    for part in ([], [first], [first, first], [first, {"id": second["id"]}], [first, {**second, "id": "none"}]):
        answer = desk.patch(f"{CHARGE}/{charge['id']}", {"chargeItem": part})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalidBody")
    assert desk.read(charge["id"], CHARGE) == charge


def test_o16_an_answer_appends_notes(desk: Desk) -> None:
    _, charge = charged(desk)
    told = answered(desk, charge, "accepted", note=[NOTE])
    assert [item["note"] for item in told["chargeItem"]] == [[NOTE]] * len(told["chargeItem"])


def test_r96_what_is_not_answered_in_time_is_declined(
        tenant: Callable[..., Desk], listener: Listener, register: Callable[..., Document]) -> None:
    here = tenant("norms-hurried")
    register(here, listener, "eventType=chargeTimeoutEvent")
    order, charge = charged(here, "CHARGE-Quay", "Quay")
    over = here.once(charge["id"], "timeout", path=CHARGE)
    assert {item["state"] for item in over["chargeItem"]} == {"declinedByBuyer"}
    ended = here.ended(order["id"])
    assert ended["state"] == "partial"
    assert [item["state"] for item in ended["productOrderItem"]] == ["failed", "completed"]
    assert not ended["productOrderItem"][0].get("charge")
    eventually(lambda: listener.of(charge["id"]))
    assert here.patch(f"{CHARGE}/{charge['id']}", verdicts(charge, "accepted")).status_code == 409


def test_r97_what_was_accepted_is_never_changed(desk: Desk) -> None:
    order, charge = charged(desk)
    told = answered(desk, charge, "accepted")
    assert told["state"] == "completed"
    assert {item["state"] for item in told["chargeItem"]} == {"acceptedByBuyer"}
    for word in ("accepted", "rejected"):
        answer = desk.patch(f"{CHARGE}/{charge['id']}", verdicts(charge, word))
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    ended = desk.ended(order["id"])
    assert ended["state"] == "completed"
    assert [one["id"] for one in ended["productOrderItem"][0]["charge"]] == [charge["id"]]
    assert desk.read(charge["id"], CHARGE) == told


@pytest.mark.parametrize(("words", "state", "shown"), [
    (("accepted", "rejected"), "completed", True), (("rejected", "rejected"), "failed", False)])
def test_r97_what_blocks_and_is_declined_ends_the_item_and_what_does_not_goes_on(
        desk: Desk, words: tuple[str, ...], state: str, shown: bool) -> None:
    order, charge = charged(desk, "CHARGE-OPTION-Quay")
    blocking = sorted(charge["chargeItem"], key=lambda item: not item["blocking"])
    assert [item["blocking"] for item in blocking] == [True, False]
    answered(desk, {**charge, "chargeItem": blocking}, *words)
    ended = desk.ended(order["id"])
    assert ended["state"] == state
    assert [one["id"] for one in ended["productOrderItem"][0].get("charge", [])] == [charge["id"]] * shown
    assert list(lacking(ended)) == []


def test_o17_charges_are_asked_for_by_order_item_dates_and_state(desk: Desk) -> None:
    order, charge = charged(desk)
    here = f"productOrderId={order['id']}"
    for query, found in (("", 1), (f"&productOrderItemId={order['productOrderItem'][0]['id']}", 1),
                         ("&productOrderItemId=none", 0), ("&state=awaitingResponse", 1), ("&state=completed", 0),
                         ("&creationDate.gt=2090-01-01T00:00:00Z", 0), ("&creationDate.lt=2090-01-01T00:00:00Z", 1),
                         ("&responseDueDate.gt=2020-01-01T00:00:00Z", 1),
                         ("&responseDueDate.lt=2020-01-01T00:00:00Z", 0)):
        assert [row["id"] for row in desk.listed(here + query, CHARGE)] == [charge["id"]] * found, query


def test_r98_a_list_shows_what_identifies_a_charge_and_nothing_else(desk: Desk) -> None:
    order, charge = charged(desk)
    (row,) = desk.listed(f"productOrderId={order['id']}", CHARGE)
    assert row == {name: charge[name] for name in (*LISTED, "productOrderItem")}


def test_r99_no_charge_found_is_an_empty_list(desk: Desk) -> None:
    assert desk.listed("productOrderId=no-such-order", CHARGE) == []


def test_r100_a_charge_is_shown_whole(desk: Desk) -> None:
    _, task, charge = cancelling(desk)
    assert {*LISTED, "chargeItem", "productOrder", "cancelProductOrder"} <= set(charge)
    assert charge["cancelProductOrder"]["id"] == task["id"]
    answer = desk.get(f"{CHARGE}/no-such-charge")
    assert (answer.status_code, answer.json()["code"]) == (404, "notFound")
