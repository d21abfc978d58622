"""Decisions on an order: what each does, what it refuses, and the laws that hold whatever happens."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lso.canonical.order import Order, dump
from lso.lifecycle.acknowledgement import Acknowledged, acknowledge
from lso.lifecycle.machine import ITEM_MACHINE, ORDER_MACHINE, IllegalTransition
from lso.lifecycle.order import Moved, Outcome, Refusal, begin, instant, settle
from lso.lifecycle.sequence import ready
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS
from tests.lifecycle.conftest import INTERNET

Document = dict[str, Any]
Orders = Callable[[str], Document]
NOON, LATER, LATEST = (f"2026-01-31T1{hour}:00:00.000Z" for hour in (2, 3, 4))
SELLER = {"role": "sellerContact", "name": "Sam", "email": "sam@seller.example", "phone": "1"}


def acknowledged(document: Document) -> Order:
    return Order.model_validate(acknowledge(document, id="order-1", at=NOON, contacts=[SELLER]).document)


def begun(document: Document) -> Order:
    return begin(acknowledged(document), at=LATER).order


def told(moved: Moved | Acknowledged) -> list[tuple[str, str | None, str]]:
    return [(change.kind, change.item_id, change.state) for change in moved.changes]


def states(order: Order) -> list[str | None]:
    return [order.state, *(item.state for item in order.items)]


def assert_consistent(order: Order) -> None:
    """What MEF 123 says of members and states."""
    document = dump(order)
    for part, table in ((document, ORDER_MEMBERS), *((item, ITEM_MEMBERS) for item in document["items"])):
        needed, barred = table[part["state"]]
        assert needed <= set(part), part
        assert not barred & set(part), part
        assert part["history"][-1]["state"] == part["state"]
    if order.state in ORDER_MACHINE.ends:
        assert {item.state for item in order.items} <= ITEM_MACHINE.ends
    assert Order.model_validate(document) == order


def test_an_acknowledged_order_has_id_date_states_and_the_contact_of_the_seller(an_order: Orders) -> None:
    sent = an_order("internet_access")
    before = copy.deepcopy(sent)
    moved = acknowledge(sent, id="order-1", at=NOON, contacts=[SELLER])
    document = moved.document
    assert sent == before
    entry = {"state": "acknowledged", "at": NOON}
    assert document == {**sent, "id": "order-1", "ordered_at": NOON, "state": "acknowledged", "history": [entry],
                        "contacts": [*sent["contacts"], SELLER],
                        "items": [{**sent["items"][0], "state": "acknowledged", "history": [entry]}]}
    assert told(moved) == [("order_created", None, "acknowledged")]
    assert_consistent(Order.model_validate(document))


def test_an_order_begins_with_all_its_items_and_says_when_it_expects_to_be_done(an_order: Orders) -> None:
    document = an_order("private_line")
    document["items"][1]["requested_completion_at"] = "2020-01-01T00:00:00Z"
    moved = begin(acknowledged(document), at=LATER, lead=timedelta(days=1))
    assert states(moved.order) == ["in_progress"] * 4
    assert [item.expected_completion_at for item in moved.order.items] == [
        "2026-03-01T00:00:00Z", "2026-02-01T13:00:00.000Z", "2026-03-01T00:00:00Z"]
    assert moved.order.expected_completion_at == "2026-03-01T00:00:00Z"
    assert told(moved) == [("order_state", None, "in_progress"),
                           *((kind, item_id, "in_progress") for kind in ("item_state", "item_expected_completion")
                             for item_id in ("line", "here", "there"))]
    assert_consistent(moved.order)


def test_one_item_that_cannot_be_done_rejects_the_order_and_passes_over_the_others(an_order: Orders) -> None:
    refusal = Refusal("there", "otherIssue", "no free port", "/items/2/product/places/0")
    moved = begin(acknowledged(an_order("private_line")), [refusal], at=LATER)
    assert states(moved.order) == ["rejected", "rejected_validated", "rejected_validated", "rejected"]
    (error,) = moved.order.items[2].errors or ()
    assert (error.code, error.pointer, error.reason) == ("otherIssue", "/items/2/product/places/0", "no free port")
    assert moved.order.completed_at == LATER
    assert told(moved)[-1] == ("order_state", None, "rejected")
    assert_consistent(moved.order)


def test_an_item_that_nobody_came_to_look_at_is_rejected_unassessed(an_order: Orders) -> None:
    moved = begin(acknowledged(an_order("private_line")), [Refusal("line", "otherIssue", "no")], at=LATER,
                  assessed={"line", "here"})
    assert states(moved.order) == ["rejected", "rejected", "rejected_validated", "rejected_unassessed"]
    assert_consistent(moved.order)


def test_an_item_without_product_is_rejected_with_a_reason() -> None:
    moved = begin(acknowledged({"contacts": [], "items": [{"id": "1", "action": "add"}]}), at=LATER)
    assert states(moved.order) == ["rejected", "rejected"]
    assert {error.pointer for error in moved.order.items[0].errors or ()} == {
        "/items/0/product/offering_id", "/items/0/product/configuration"}
    assert {error.code for error in moved.order.items[0].errors or ()} == {"missingProperty"}
    assert moved.order.notes is None


def test_items_that_wait_for_each_other_are_rejected(an_order: Orders) -> None:
    document = an_order("private_line")
    document["items"][1]["coordination"] = [{"item_id": "line", "dependency": "finish_to_start"}]
    moved = begin(acknowledged(document), at=LATER)
    assert states(moved.order) == ["rejected", "rejected", "rejected", "rejected_validated"]
    assert_consistent(moved.order)


def test_a_refusal_of_an_item_that_is_not_there_is_a_bug(an_order: Orders) -> None:
    with pytest.raises(ValueError, match="nobody"):
        begin(acknowledged(an_order("internet_access")), [Refusal("nobody", "otherIssue", "no")], at=LATER)


def test_a_completed_item_has_its_date_and_its_product_and_ends_the_order(an_order: Orders) -> None:
    outcome = Outcome("completed", product_id="product-1")
    moved = settle(begun(an_order("internet_access")), "internet", outcome, at=LATEST)
    item = moved.order.items[0]
    assert states(moved.order) == ["completed", "completed"]
    assert (item.completed_at, moved.order.completed_at) == (LATEST, LATEST)
    assert item.product is not None
    assert (item.product.id, item.product.schema_urn) == ("product-1", INTERNET)
    assert told(moved) == [("item_state", "internet", "completed"), ("order_state", None, "completed")]
    assert [change.previous for change in moved.changes] == ["in_progress", "in_progress"]
    assert_consistent(moved.order)


def test_a_failed_item_takes_with_it_what_stands_on_it_and_nothing_else(an_order: Orders) -> None:
    order = begun(an_order("private_line"))
    moved = settle(order, "here", Outcome("failed", "fibre cut"), at=LATEST)
    assert states(moved.order) == ["in_progress", "failed", "failed", "in_progress"]
    line, here, _ = moved.order.items
    assert [error.reason for error in here.errors or ()] == ["fibre cut"]
    assert [error.reason for error in line.errors or ()] == ["item here, which this one depends on, failed"]
    ended = settle(moved.order, "there", Outcome("completed"), at=LATEST)
    assert states(ended.order) == ["partial", "failed", "failed", "completed"]
    assert_consistent(ended.order)


def test_an_order_whose_items_all_failed_has_failed(an_order: Orders) -> None:
    moved = settle(begun(an_order("internet_access")), "internet", Outcome("failed", "no"), at=LATEST)
    assert states(moved.order) == ["failed", "failed"]
    assert_consistent(moved.order)


@pytest.mark.parametrize("decide", [
    lambda order: begin(order, at=LATEST),
    lambda order: begin(order, [Refusal("internet", "otherIssue", "no")], at=LATEST),
    lambda order: settle(order, "internet", Outcome("completed"), at=LATEST),
    lambda order: settle(order, "internet", Outcome("failed"), at=LATEST),
    lambda order: acknowledge(dump(order), id="order-2", at=LATEST),
])
def test_a_finished_order_is_never_touched_again(an_order: Orders, decide: Callable[[Order], Moved]) -> None:
    done = settle(begun(an_order("internet_access")), "internet", Outcome("completed"), at=LATEST).order
    before = dump(done)
    with pytest.raises(IllegalTransition):
        decide(done)
    assert dump(done) == before


def test_nothing_is_settled_before_the_order_has_begun(an_order: Orders) -> None:
    with pytest.raises(IllegalTransition):
        settle(acknowledged(an_order("internet_access")), "internet", Outcome("completed"), at=LATEST)


def test_an_item_that_is_not_there_cannot_be_settled(an_order: Orders) -> None:
    with pytest.raises(IllegalTransition):
        settle(begun(an_order("internet_access")), "nobody", Outcome("completed"), at=LATEST)


def test_the_order_stays_open_while_something_else_is_being_assessed(an_order: Orders) -> None:
    order = begun(an_order("internet_access")).model_copy(update={"state": "assessing_charge"})
    moved = settle(order, "internet", Outcome("completed"), at=LATEST)
    assert states(moved.order) == ["assessing_charge", "completed"]


def random_order(seed: random.Random) -> Document:
    """Some items, related at random but never in a circle."""
    items: list[Document] = []
    for number in range(seed.randint(1, 7)):
        relations = [{"kind": "STANDS_ON", "item_id": other["id"]} for other in items if seed.random() < 0.3]
        product = {"id": f"product-{number}"}
        items.append({"id": str(number), "action": "delete", "product": product, "relations": relations})
        if seed.random() < 0.7:
            items[-1] |= {"action": "add", "product": {"offering_id": "uni", "schema": "urn:other"}}
    seed.shuffle(items)
    return {"contacts": [], "items": items}


@settings(max_examples=300, deadline=None)
@given(seed=st.randoms(use_true_random=False))
def test_whatever_happens_to_the_items_the_order_ends_and_its_end_follows_from_theirs(seed: random.Random) -> None:
    moved = begin(acknowledged(random_order(seed)), at=LATER)
    completed: set[str] = set()
    for _ in range(20):
        order = moved.order
        assert_consistent(order)
        if order.state in ORDER_MACHINE.ends:
            break
        free = ready(order, at=datetime.fromisoformat(LATEST))
        assert free, "an order that is not finished has something to do"
        chosen = seed.choice(free)
        outcome = Outcome("completed") if seed.random() < 0.7 else Outcome("failed", "no")
        moved = settle(order, chosen, outcome, at=LATEST)
        completed |= {chosen} if outcome.state == "completed" else set()
        changed = {change.item_id for change in moved.changes if change.kind == "item_state"}
        assert chosen in changed
    ends = {item.state for item in moved.order.items}
    expected = "completed" if ends == {"completed"} else "failed" if "completed" not in ends else "partial"
    assert moved.order.state == expected
    assert {item.id for item in moved.order.items if item.state == "completed"} == completed


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
@example(datetime(2026, 1, 31, 12, tzinfo=UTC))
@example(datetime(2026, 1, 31, 12, 0, 0, 999, tzinfo=UTC))
def test_a_moment_is_spelled_in_utc_to_the_millisecond_whatever_it_is(moment: datetime) -> None:
    try:
        there = moment.astimezone(UTC)
    except OverflowError:
        assume(False)
    assert instant(moment) == there.isoformat(timespec="milliseconds").replace("+00:00", "Z")
