"""Orders that are interrupted: what each decision does to order, items and task, and what holds whatever happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lso.canonical.cancellation import Cancellation
from lso.canonical.delivery_date import DeliveryDate
from lso.canonical.order import Order, dump
from lso.lifecycle import cancellation, delivery_date
from lso.lifecycle.charge import answer, propose, time_out
from lso.lifecycle.interruption import go_on, hold
from lso.lifecycle.machine import ORDER_MACHINE, IllegalTransition
from lso.lifecycle.order import Outcome, settle
from lso.lifecycle.ports.back_end import Progress, Reached
from lso.lifecycle.report import report
from lso.lifecycle.sequence import ready
from lso.lifecycle.step import Moved
from lso.lifecycle.task import Decided, charged, declined, refused
from tests.lifecycle.test_order import LATER, LATEST, Orders, assert_consistent, begun, random_order, states, told

Document = dict[str, Any]
DAY = "2026-05-01T00:00:00Z"
WAITING = ["pending"] * 3


def task(**members: Any) -> Document:
    return {"id": "task-1", "order_id": "order-1", "state": "acknowledged", **members}


def charge(item_id: str, *, blocking: bool = True) -> Document:
    return propose("charge-1", "order-1", [{"blocking": blocking}], at=LATER, answer_within=timedelta(days=1),
                   item_id=item_id)


def answered(made: Document, verdict: str) -> Document:
    return answer(made, [{"id": "1", "verdict": verdict}], at=LATER, author="buyer")


def after(made: Decided) -> tuple[Order, Document]:
    assert made.moved
    assert_consistent(made.moved.order)
    return made.moved.order, made.task


@pytest.fixture
def line(an_order: Orders) -> Order:
    """An order in progress for a line between two places."""
    return begun(an_order("private_line"))


def test_an_item_with_a_charge_is_held_and_so_is_its_order(line: Order) -> None:
    moved = hold(line, charge("here"), at=LATER)
    assert_consistent(moved.order)
    assert states(moved.order) == ["assessing_charge", "in_progress", "held", "in_progress"]
    assert told(moved) == [("order_state", None, "assessing_charge"), ("item_state", "here", "held"),
                           ("order_information_required", "here", "assessing_charge")]


@pytest.mark.parametrize("verdict", ["accepted", "declined"])
def test_an_order_goes_on_when_a_charge_is_accepted_or_did_not_block(line: Order, verdict: str) -> None:
    held = hold(line, charge("here", blocking=False), at=LATER).order
    moved = go_on(held, answered(charge("here", blocking=False), verdict), at=LATEST)
    assert_consistent(moved.order)
    assert states(moved.order) == ["in_progress"] * 4
    shown = [one.id for one in moved.order.items[1].charges or ()]
    assert shown == (["charge-1"] if verdict == "accepted" else [])


@pytest.mark.parametrize("end", [lambda made: answered(made, "declined"), time_out], ids=["declined", "timed out"])
def test_an_item_fails_with_its_dependants_when_a_blocking_charge_is_not_accepted(
        line: Order, end: Callable[[Document], Document]) -> None:
    moved = go_on(hold(line, charge("here"), at=LATER).order, end(charge("here")), at=LATEST)
    assert_consistent(moved.order)
    assert states(moved.order) == ["in_progress", "failed", "failed", "in_progress"]
    assert [change.previous for change in moved.changes if change.item_id == "here"] == ["held"]


def test_R81_an_order_is_not_held_twice_nor_while_a_task_is_assessed(line: Order) -> None:
    for busy in (hold(line, charge("here"), at=LATER).order, after(cancellation.assess(line, task(), at=LATER))[0]):
        with pytest.raises(IllegalTransition):
            hold(busy, charge("there"), at=LATER)


def test_a_cancellation_goes_through_assessment_to_a_cancelled_order(line: Order) -> None:
    order, asked = after(cancellation.assess(line, task(reason="no need"), at=LATER))
    assert states(order) == ["assessing_cancellation", *WAITING]
    order, done = after(cancellation.grant(order, asked, at=LATER))
    assert states(order) == ["cancelling", *["cancelled"] * 3]
    order, done = after(cancellation.finish(order, done, at=LATEST))
    assert order.state == "cancelled"
    assert (order.cancelled_at, order.completed_at, order.cancellation_reason) == (LATEST, LATEST, "no need")
    assert (done["state"], done["cancelled_at"]) == ("done", LATEST)
    Cancellation.model_validate(done)


def test_what_a_cancellation_costs_is_shown_with_the_order(line: Order) -> None:
    order, asked = after(cancellation.assess(line, task(), at=LATER))
    waiting = charged(asked, charge_id="charge-1")
    assert waiting.moved is None
    order, _done = after(cancellation.grant(order, waiting.task, at=LATER))
    assert [one.id for one in order.cancellation_charges or ()] == ["charge-1"]


@pytest.mark.parametrize(("end", "state"), [
    (lambda order, asked: refused(order, asked, at=LATEST, denied_reason="too late"), "rejected"),
    (lambda order, asked: declined(order, charged(asked).task, at=LATEST), "declined")])
def test_an_order_goes_on_when_its_cancellation_comes_to_nothing(
        line: Order, end: Callable[[Order, Document], Decided], state: str) -> None:
    order, asked = after(cancellation.assess(line, task(), at=LATER))
    order, over = after(end(order, asked))
    assert states(order) == ["in_progress"] * 4
    assert over["state"] == state


def test_an_order_of_which_something_is_done_or_that_waits_cannot_be_cancelled(line: Order) -> None:
    assert cancellation.obstacle(line) is None
    some = settle(line, "here", Outcome("completed"), at=LATER).order
    assert cancellation.obstacle(some) == "Item here has been completed."
    assert cancellation.obstacle(hold(line, charge("here"), at=LATER).order)
    failed = settle(line, "here", Outcome("failed", "no"), at=LATER).order
    assert cancellation.obstacle(failed) is None
    order, _task = after(cancellation.grant(*after(cancellation.assess(failed, task(), at=LATER)), at=LATER))
    assert states(order) == ["cancelling", "failed", "failed", "cancelled"]


def test_a_date_is_changed_for_one_item_and_explained(line: Order) -> None:
    wish = task(item_id="here", requested_completion_at=DAY)
    order, asked = after(delivery_date.assess(line, wish, at=LATER))
    assert states(order) == ["assessing_modification", "in_progress", "pending", "in_progress"]
    made = delivery_date.grant(order, asked, None, at=LATEST, author="seller")
    order, done = after(made)
    DeliveryDate.model_validate(done)
    here = order.items[1]
    assert (here.requested_completion_at, here.expected_completion_at, done["state"]) == (DAY, DAY, "done")
    assert [note.side for note in here.notes or ()] == ["seller"]
    assert here.expedite is None
    assert made.moved
    assert [change.kind for change in made.moved.changes][-2:] == ["order_changed", "item_expected_completion"]


def test_R25_an_expedite_counts_as_accepted_when_its_charge_has_been(line: Order) -> None:
    order, asked = after(delivery_date.assess(line, task(item_id="here", expedite=True), at=LATER))
    order, waiting = after(delivery_date.ask(order, asked, charge("here")))
    assert order.items[1].expedite_accepted is None
    assert [one.id for one in order.items[1].charges or ()] == ["charge-1"]
    granted, _done = after(delivery_date.grant(order, waiting, DAY, at=LATEST, author="seller"))
    assert (granted.items[1].expedite, granted.items[1].expedite_accepted) == (True, True)
    assert granted.items[1].expected_completion_at == DAY
    kept, over = after(delivery_date.decline(order, waiting, answered(charge("here"), "declined"), at=LATEST))
    assert (over["state"], kept.items[1].charges, kept.items[1].expedite_accepted) == ("declined", (), None)


def test_who_is_refused_another_date_is_told_why_by_the_seller_in_a_note_of_the_item(line: Order) -> None:
    order, asked = after(delivery_date.assess(line, task(item_id="here", requested_completion_at=DAY), at=LATER))
    made = delivery_date.refuse(order, asked, "The street is closed.", at=LATEST, author="seller")
    order, over = after(made)
    DeliveryDate.model_validate(over)
    (note,) = order.items[1].notes or ()
    assert (over["state"], note.side, note.author, note.at) == ("rejected", "seller", "seller", LATEST)
    assert note.text == "The date stays as it was. The street is closed."
    assert states(order) == ["in_progress"] * 4
    assert order.items[1].requested_completion_at == line.items[1].requested_completion_at
    assert made.moved
    assert ("order_changed", None, "in_progress") in told(made.moved)


def test_a_reason_for_not_even_asking_is_noted_too(line: Order) -> None:
    held = hold(line, charge("here"), at=LATER).order
    wish = task(item_id="here", expedite=True)
    reason = delivery_date.obstacle(held, wish)
    assert reason
    order, over = after(delivery_date.turn_down(held, wish, reason, at=LATEST, author="seller"))
    assert over["state"] == "rejected"
    assert states(order) == states(held)
    assert [note.text for note in order.items[1].notes or ()] == [
        "The date stays as it was. The item is not being worked on."]


def test_O6_an_order_that_has_ended_takes_no_such_note(line: Order) -> None:
    order, asked = after(cancellation.assess(line, task(), at=LATER))
    order, _done = after(cancellation.finish(*after(cancellation.grant(order, asked, at=LATER)), at=LATER))
    made = delivery_date.turn_down(order, task(item_id="here"), "Too late.", at=LATEST, author="seller")
    assert (made.task["state"], made.moved) == ("rejected", None)


def test_what_was_told_before_is_told_once(line: Order) -> None:
    progress = Progress("working", milestones=(Reached("DUG", LATER),), expected_completion_at=DAY)
    first = report(line, "here", progress, at=LATER, author="seller")
    assert told(first) == [("item_milestone", "here", "in_progress"),
                           ("item_expected_completion", "here", "in_progress")]
    assert first.order.expected_completion_at == DAY
    again = report(first.order, "here", progress, at=LATEST, author="seller")
    assert (again.order, again.changes) == (first.order, ())
    assert_consistent(first.order)


def interrupted(seed: random.Random, order: Order) -> Moved:
    """A charge, a cancellation that comes to nothing or another date, from its beginning to its end."""
    item_id = seed.choice([item.id for item in order.items if item.state == "in_progress"])
    assert item_id
    kind = seed.choice(["charge", "cancellation", "date"])
    if kind == "charge":
        made = charge(item_id)
        verdict = seed.choice(["accepted", "accepted", "declined", ""])
        end = answered(made, verdict) if verdict else time_out(made)
        return go_on(hold(order, made, at=LATEST).order, end, at=LATEST)
    if kind == "date":
        wish = task(item_id=item_id, requested_completion_at=DAY)
        waiting = after(delivery_date.assess(order, wish, at=LATEST))
        made_date = delivery_date.grant(*waiting, None, at=LATEST, author="seller")
        assert made_date.moved
        return made_date.moved
    if cancellation.obstacle(order):
        return Moved(order, ())
    made_none = refused(*after(cancellation.assess(order, task(), at=LATEST)), at=LATEST)
    assert made_none.moved
    return made_none.moved


@settings(max_examples=200, deadline=None)
@given(seed=st.randoms(use_true_random=False))
def test_whatever_interrupts_an_order_it_goes_on_to_its_end(seed: random.Random) -> None:
    order = begun(random_order(seed))
    for step in range(20):
        assert_consistent(order)
        assert Order.model_validate(dump(order)) == order
        if order.state in ORDER_MACHINE.ends:
            break
        assert order.state == "in_progress"
        if step % 2 and seed.random() < 0.7:
            order = interrupted(seed, order).order
        else:
            free = ready(order, at=datetime.fromisoformat(LATEST))
            assert free, "an order that is not finished has something to do"
            order = settle(order, seed.choice(free), Outcome("completed"), at=LATEST).order
    else:
        pytest.fail("the order never ended")
