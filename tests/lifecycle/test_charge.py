"""Charges: what they cost in time, who may answer them how, and what comes of it (MEF 123 R80-R97)."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from lso.canonical.charge import Charge, dump
from lso.errors import Conflict, Invalid
from lso.lifecycle.charge import answer, listed, propose, result, time_out, withdraw

Document = dict[str, Any]
NOON, LATER, DUE = (f"2026-01-31T1{hour}:00:00.000Z" for hour in (2, 3, 4))
PRICE = {"net": {"value": 1200, "currency": "EUR"}}
DIGGING = {"category": "construction", "price": PRICE}
GUARD = {"category": "other", "blocking": False, "price": PRICE}


def proposed(*items: Document, **about: Any) -> Document:
    made = propose("charge-1", "order-1", items or (DIGGING, GUARD), at=NOON, answer_within=timedelta(hours=2),
                   **({"item_id": "1"} | about))
    assert dump(Charge.model_validate(made)) == made
    return made


def said(*verdicts: str, **more: Any) -> list[Document]:
    return [{"id": str(number), "verdict": verdict, **more} for number, verdict in enumerate(verdicts, start=1)]


def answered(charge: Document, *verdicts: str) -> Document:
    after = answer(charge, said(*verdicts), at=LATER, author="buyer")
    assert dump(Charge.model_validate(after)) == after
    return after


def test_a_charge_waits_for_an_answer_until_it_is_due() -> None:
    charge = proposed()
    assert (charge["state"], charge["created_at"], charge["response_due_at"]) == ("awaiting_response", NOON, DUE)
    assert [(item["id"], item["blocking"], item["state"]) for item in charge["items"]] == [
        ("1", True, "awaiting_response"), ("2", False, "awaiting_response")]
    assert result(charge) is None


@pytest.mark.parametrize("cause", ["cancellation_id", "delivery_date_id"])
def test_every_item_of_a_charge_that_a_task_causes_blocks(cause: str) -> None:
    assert all(item["blocking"] for item in proposed(**{cause: "task-1"})["items"])


@pytest.mark.parametrize(("verdicts", "outcome", "shown"), [
    (("accepted", "accepted"), "accepted", True),
    (("accepted", "declined"), "accepted", True),
    (("declined", "declined"), "blocked", False),
])
def test_R94_an_answer_to_all_items_completes_the_charge(
        verdicts: tuple[str, ...], outcome: str, shown: bool) -> None:
    charge = proposed()
    before = copy.deepcopy(charge)
    after = answered(charge, *verdicts)
    assert charge == before
    assert after["state"] == "completed"
    assert [item["state"] for item in after["items"]] == list(verdicts)
    assert [item["verdict"] for item in after["items"]] == list(verdicts)
    assert (result(after), listed(after)) == (outcome, shown)


def test_declining_what_does_not_block_leaves_a_charge_that_is_paid_by_nobody() -> None:
    after = answered(proposed(GUARD), "declined")
    assert (result(after), listed(after)) == ("declined", False)


def test_R95_an_answer_says_something_of_every_item_once_and_of_no_other() -> None:
    with pytest.raises(Invalid) as caught:
        answer(proposed(), [{"verdict": "accepted"}, {"id": "1"}, *said("accepted"), {"id": "9", "verdict": "perhaps"}],
               at=LATER, author="buyer")
    assert [(finding.pointer, finding.code) for finding in caught.value.findings] == [
        ("/items/0/id", "missingProperty"), ("/items/1/verdict", "missingProperty"),
        ("/items/2/id", "invalidValue"), ("/items/3/id", "referenceNotFound"),
        ("/items/3/verdict", "invalidValue"), ("/items", "missingProperty")]


def test_who_declines_what_blocks_cannot_accept_what_does_not() -> None:
    with pytest.raises(Invalid) as caught:
        answered(proposed(), "declined", "accepted")
    assert [finding.pointer for finding in caught.value.findings] == ["/items/1/verdict"]


def test_of_two_items_that_block_one_may_be_declined() -> None:
    assert result(answered(proposed(DIGGING, DIGGING), "declined", "accepted")) == "blocked"


def test_notes_of_an_answer_are_appended_and_say_who_speaks() -> None:
    charge = proposed({**DIGGING, "notes": [{"id": "a", "text": "two days of digging", "side": "seller"}]})
    note = {"id": "b", "text": "as discussed"}
    after = answer(charge, [{**said("accepted")[0], "notes": [*charge["items"][0]["notes"], note]}],
                   at=LATER, author="Grace")
    assert after["items"][0]["notes"] == [
        {"id": "a", "text": "two days of digging", "side": "seller"},
        {"id": "b", "text": "as discussed", "author": "Grace", "at": LATER, "side": "buyer"}]


def test_R96_what_nobody_answers_in_time_is_declined() -> None:
    after = time_out(proposed())
    assert (after["state"], result(after), listed(after)) == ("timed_out", "blocked", False)
    assert {item["state"] for item in after["items"]} == {"declined"}
    assert "verdict" not in after["items"][0]


def test_an_answer_that_comes_too_late_is_refused_even_if_nobody_has_noticed_yet() -> None:
    with pytest.raises(Conflict):
        answer(proposed(), said("accepted", "accepted"), at="2026-01-31T14:00:00.001Z", author="buyer")


def test_R97_what_was_answered_can_neither_be_answered_again_nor_withdrawn() -> None:
    for over in (answered(proposed(), "accepted", "accepted"), time_out(proposed()), withdraw(proposed())):
        with pytest.raises(Conflict):
            answered(over, "accepted", "accepted")
        with pytest.raises(Conflict):
            withdraw(over)
        with pytest.raises(Conflict):
            time_out(over)


def test_a_charge_that_is_withdrawn_stands_in_nobodys_way() -> None:
    after = withdraw(proposed())
    assert (after["state"], result(after), listed(after)) == ("withdrawn", "declined", False)
