"""Which item comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lso.canonical.order import Order
from lso.canonical.term import Duration
from lso.lifecycle.order import Outcome, settle
from lso.lifecycle.sequence import dependants, endable, length, next_moment, prerequisites, ready
from lso.lifecycle.tangle import tangled

Document = dict[str, Any]
NOW = datetime.fromisoformat("2026-01-31T12:00:00Z")


def order(*items: Document, state: str = "in_progress") -> Order:
    return Order.model_validate({"id": "order-1", "state": state, "items": [
        {"state": state, "history": [{"state": state, "at": "2026-01-31T11:00:00Z"}]} | item for item in items]})


def stands_on(*ids: str) -> Document:
    return {"relations": [{"kind": "CONNECTS_TO", "item_id": item_id} for item_id in ids]}


def coordinated(item_id: str, dependency: str, days: int = 0) -> Document:
    return {"coordination": [{"item_id": item_id, "dependency": dependency,
                              "delay": {"amount": days, "unit": "calendar_days"}}]}


def test_what_is_stood_on_is_made_first(an_order: Callable[[str], Document]) -> None:
    document = an_order("private_line")
    made = order(*document["items"])
    assert prerequisites(made) == {"line": {"here", "there"}, "here": set(), "there": set()}
    assert ready(made, at=NOW) == ("here", "there")
    half = settle(made, "here", Outcome("completed"), at="2026-01-31T12:00:00Z").order
    assert ready(half, at=NOW) == ("there",)
    whole = settle(half, "there", Outcome("completed"), at="2026-01-31T12:00:00Z").order
    assert ready(whole, at=NOW) == ("line",)


def test_what_is_stood_on_is_removed_last() -> None:
    removed = order({"id": "line", "action": "delete", "product": {"id": "line-1"}},
                    {"id": "uni", "action": "delete", "product": {"id": "uni-1"}})
    assert ready(removed, at=NOW) == ("line", "uni")
    inventory = {"line-1": ("uni-1", "uni-2")}
    assert prerequisites(removed, inventory) == {"line": set(), "uni": {"line"}}
    assert ready(removed, at=NOW, existing=inventory) == ("line",)
    assert dependants(removed, "line", inventory) == {"uni"}


def test_a_relation_to_a_product_counts_when_an_item_concerns_that_product() -> None:
    changed = order({"id": "uni", "action": "modify", "product": {"id": "uni-1"}},
                    {"id": "line", "action": "add",
                     "product": {"relations": [{"kind": "CONNECTS_TO_UNI", "product_id": "uni-1"}]}})
    assert prerequisites(changed) == {"uni": set(), "line": {"uni"}}


def test_what_is_changed_lets_go_before_what_it_stood_on_is_removed() -> None:
    moved = order({"id": "line", "action": "modify", "product": {"id": "line-1"}, **stands_on("old")},
                  {"id": "old", "action": "delete", "product": {"id": "uni-1"}})
    assert prerequisites(moved) == {"line": set(), "old": {"line"}}


def test_removing_something_does_not_wait_for_what_is_made() -> None:
    mixed = order({"id": "gone", "action": "delete", "product": {"id": "ipvc-1"}, **stands_on("uni")},
                  {"id": "uni", "action": "modify", "product": {"id": "uni-1"}})
    assert ready(mixed, at=NOW) == ("gone", "uni")


def test_dependants_are_found_at_any_remove() -> None:
    chain = order({"id": "a", "action": "add"}, {"id": "b", "action": "add", **stands_on("a")},
                  {"id": "c", "action": "add", **stands_on("b")}, {"id": "d", "action": "add"})
    assert dependants(chain, "a") == {"b", "c"}


def test_only_items_in_progress_are_ready() -> None:
    assert ready(order({"id": "a", "action": "add"}, state="acknowledged"), at=NOW) == ()


def test_an_item_waits_until_the_other_has_ended_and_the_delay_is_over() -> None:
    waiting = order({"id": "a", "action": "add"},
                    {"id": "b", "action": "add", **coordinated("a", "finish_to_start", days=2)})
    assert ready(waiting, at=NOW) == ("a",)
    done = settle(waiting, "a", Outcome("completed"), at="2026-01-31T12:00:00Z").order
    assert ready(done, at=NOW) == ()
    assert next_moment(done, at=NOW) == NOW + timedelta(days=2)
    assert ready(done, at=NOW + timedelta(days=2)) == ("b",)


def test_a_bad_end_of_the_other_frees_a_coordinated_item_too() -> None:
    waiting = order({"id": "a", "action": "add"}, {"id": "b", "action": "add", **coordinated("a", "finish_to_start")})
    assert ready(settle(waiting, "a", Outcome("failed", "no"), at="2026-01-31T12:00:00Z").order, at=NOW) == ("b",)


def test_an_item_waits_until_the_other_has_begun() -> None:
    waiting = order({"id": "a", "action": "add"}, {"id": "b", "action": "add", **coordinated("a", "start_to_start", 1)})
    assert ready(waiting, at=NOW) == ("a",)
    started = {"a": "2026-01-31T12:00:00Z"}
    assert ready(waiting, at=NOW, started=started) == ("a",)
    assert next_moment(waiting, at=NOW, started=started) == NOW + timedelta(days=1)
    assert ready(waiting, at=NOW + timedelta(days=1), started=started) == ("a", "b")


def test_an_item_that_must_not_end_before_the_other_begins_does_not_begin_before_it() -> None:
    waiting = order({"id": "a", "action": "add", **coordinated("b", "start_to_finish")}, {"id": "b", "action": "add"})
    assert ready(waiting, at=NOW) == ("b",)
    assert ready(waiting, at=NOW, started={"b": "2026-01-31T12:00:00Z"}) == ("a", "b")


def test_nothing_of_an_order_begins_before_it_is_to_start() -> None:
    early = order({"id": "a", "action": "add"}, {"id": "b", "action": "add", **stands_on("a")})
    early = early.model_copy(update={"requested_start_at": "2026-02-01T12:00:00Z"})
    assert ready(early, at=NOW) == ()
    assert next_moment(early, at=NOW) == NOW + timedelta(days=1)
    assert ready(early, at=NOW + timedelta(days=1)) == ("a",)
    assert next_moment(early, at=NOW + timedelta(days=1)) is None


def test_what_was_begun_goes_on_whatever_the_start_date_says() -> None:
    begun = order({"id": "a", "action": "add"}, {"id": "b", "action": "add"})
    begun = begun.model_copy(update={"requested_start_at": "2026-02-01T12:00:00Z"})
    assert ready(begun, at=NOW, started={"a": "2026-01-31T11:30:00Z"}) == ("a",)


def test_items_that_are_to_end_together_both_begin_and_end_when_the_last_of_them_is_done() -> None:
    together = order({"id": "a", "action": "add", **coordinated("b", "finish_to_finish")},
                     {"id": "b", "action": "add", **coordinated("a", "finish_to_finish")})
    assert ready(together, at=NOW) == ("a", "b")
    assert tangled(together) == ()
    assert endable(together, {"a"}, at=NOW) == set()
    assert endable(together, {"a", "b"}, at=NOW) == {"a", "b"}


def test_an_item_does_not_end_before_the_other_has_ended_and_the_delay_is_over() -> None:
    after = order({"id": "a", "action": "add"},
                  {"id": "b", "action": "add", **coordinated("a", "finish_to_finish", days=2)},
                  {"id": "c", "action": "add", **coordinated("b", "finish_to_finish")})
    assert endable(after, {"a", "b", "c"}, at=NOW) == {"a"}
    over = settle(after, "a", Outcome("failed", "no"), at="2026-01-31T12:00:00Z").order
    assert endable(over, {"b", "c"}, at=NOW) == set()
    assert next_moment(over, at=NOW) == NOW + timedelta(days=2)
    assert endable(over, {"b", "c"}, at=NOW + timedelta(days=2)) == {"b", "c"}


def test_ends_that_wait_for_each_other_with_a_delay_or_over_a_beginning_are_found() -> None:
    apart = order({"id": "a", "action": "add", **coordinated("b", "finish_to_finish", days=1)},
                  {"id": "b", "action": "add", **coordinated("a", "finish_to_finish")})
    assert tangled(apart) == ("a", "b")
    over = order({"id": "a", "action": "add", **coordinated("b", "finish_to_finish")},
                 {"id": "b", "action": "add", **stands_on("a")}, {"id": "c", "action": "add"})
    assert tangled(over) == ("a", "b")


def test_one_may_wait_for_the_beginning_of_what_waits_for_its_own() -> None:
    fine = order({"id": "a", "action": "add", **coordinated("b", "finish_to_finish", days=1)},
                 {"id": "b", "action": "add", **coordinated("a", "start_to_start", days=1)})
    assert tangled(fine) == ()


def test_items_that_wait_for_each_other_are_found() -> None:
    circle = order({"id": "a", "action": "add", **stands_on("b")}, {"id": "b", "action": "add", **stands_on("a")},
                   {"id": "c", "action": "add"})
    assert tangled(circle) == ("a", "b")
    crossed = order({"id": "a", "action": "add", **stands_on("b")},
                    {"id": "b", "action": "add", **coordinated("a", "finish_to_start")})
    assert tangled(crossed) == ("a", "b")


@pytest.mark.parametrize(("duration", "time"), [
    (None, timedelta()), ({}, timedelta()), ({"amount": 2, "unit": "calendar_months"}, timedelta(days=60)),
    ({"amount": 1.5, "unit": "business_days"}, timedelta(days=1.5)), ({"amount": 3, "unit": "fortnights"}, timedelta()),
    ({"amount": 90, "unit": "calendar_minutes"}, timedelta(hours=1.5)),
    ({"amount": 10**400, "unit": "calendar_months"}, timedelta(days=36_525)),
])
def test_a_duration_is_a_length_of_time(duration: Document | None, time: timedelta) -> None:
    assert length(None if duration is None else Duration.model_validate(duration)) == time
