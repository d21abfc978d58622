"""Where a connection stands, and what may be asked of it."""

from __future__ import annotations

from typing import Any

import pytest

from lso.canonical.connection import Connection, Wish
from lso.errors import Conflict
from lso.lifecycle.connection import ENDING, check_change, check_end, kept, standing, withdrawn

NOW, LATER, LATEST = "2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z", "2026-03-03T00:00:00.000Z"


def wish(action: Any = "add", state: Any = "placed", *, id: str = "o1", at: str | None = None) -> Wish:
    return Wish(order_id=id, action=action, state=state, asked_at=NOW, effective_at=at, said={})


def of(*wishes: Wish) -> Connection:
    return Connection(id="c", created_at=NOW, wishes=wishes)


def order(state: str, *reasons: str) -> dict[str, Any]:
    errors = [{"code": "otherIssue", "pointer": "/items/0/product", "reason": reason} for reason in reasons]
    return {"state": state, "items": [{"id": "1", **({"errors": errors} if errors else {})}]}


@pytest.mark.parametrize("state", ["acknowledged", "in_progress", "pending", "assessing_charge", "cancelling"])
def test_it_is_provisioned_while_its_first_order_is_open(state: str) -> None:
    assert standing(of(wish()), {"o1": order(state)}, None).status == "pending_active"
    assert standing(of(wish(state="wanted")), {}, None).status == "pending_active"


@pytest.mark.parametrize(("state", "reasons", "told"), [
    ("rejected", ["No."], "No."), ("failed", ["A.", "B.", "A."], "A. B."), ("failed", [], "The order failed."),
    ("cancelled", [], "The order was cancelled.")])
def test_a_first_order_that_comes_to_nothing_ends_it_with_a_reason(state: str, reasons: list[str], told: str) -> None:
    stands = standing(of(wish()), {"o1": order(state, *reasons)}, None)
    assert (stands.status, stands.reason) == ("cancelled", told)
    assert standing(of(wish()), {"o1": None}, None).reason == "The order has been removed."


def test_a_change_that_comes_to_nothing_leaves_it_as_it_is_and_is_told() -> None:
    both = of(wish(), wish("modify", id="o2"))
    stands = standing(both, {"o1": order("completed"), "o2": order("failed", "Too fast.")}, "active")
    assert (stands.status, stands.reason) == ("active", "Too fast.")
    assert standing(both, {"o1": order("completed"), "o2": order("completed")}, "active").reason == ""
    assert standing(both, {"o1": order("completed"), "o2": order("failed", "Too fast.")}, "terminated").reason == ""


def test_its_end_is_told_while_it_is_under_way() -> None:
    ending = of(wish("delete", "wanted"))
    assert standing(ending, {}, "active").reason == ENDING
    with pytest.raises(Conflict, match="being ended"):
        check_change(ending, {}, "active", at=NOW, now=NOW)
    check_end(ending, {}, "active", now=NOW)  # once more is as good as once


def test_changes_wait_side_by_side_unless_nobody_could_tell_which_comes_first() -> None:
    waiting = of(wish("modify", id="o1", at=LATER))
    orders = {"o1": order("acknowledged")}
    for free in (NOW, LATEST):
        check_change(waiting, orders, "active", at=free, now=NOW)
    with pytest.raises(Conflict, match="same moment"):
        check_change(waiting, orders, "active", at=LATER, now=NOW)
    with pytest.raises(Conflict, match="under way"):
        check_change(waiting, orders, "active", at=LATEST, now=LATER)
    check_end(waiting, orders, "active", now=NOW)  # what is to come is withdrawn then
    with pytest.raises(Conflict, match="under way"):
        check_end(waiting, orders, "active", now=LATER)
    check_change(waiting, {"o1": order("cancelled")}, "active", at=LATER, now=NOW)


@pytest.mark.parametrize("state", ["withdrawn", "stopping"])
def test_a_change_that_is_withdrawn_is_remembered_and_stands_in_nobodys_way(state: str) -> None:
    ending = of(wish("modify", state, at=LATER), wish("delete", "wanted", id="o2"))
    assert kept(ending.wishes, {}) == ending.wishes
    assert withdrawn(ending.wishes[:1]) == ending.wishes[:1]
    assert standing(ending, {}, "active").reason == ENDING
    check_end(ending, {}, "active", now=LATEST)
    with pytest.raises(Conflict, match="being ended"):
        check_change(ending, {}, "active", at=LATEST, now=LATEST)


@pytest.mark.parametrize(("state", "product", "said"), [
    ("in_progress", None, "being provisioned"), ("failed", None, "has ended"),
    ("completed", "terminated", "has ended")])
def test_nothing_changes_before_it_is_there_or_after_it_has_ended(state: str, product: str | None, said: str) -> None:
    with pytest.raises(Conflict, match=said):
        check_change(of(wish()), {"o1": order(state)}, product, at=NOW, now=NOW)


def test_of_wishes_that_are_over_nothing_is_kept() -> None:
    wishes = (wish(), wish("modify", id="o2"), wish("modify", "refused", id="o3"), wish("modify", "wanted", id="o4"))
    orders = {"o1": order("completed"), "o2": order("in_progress")}
    assert [one.order_id for one in kept(wishes, orders)] == ["o2", "o4"]
