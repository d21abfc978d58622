"""Which checks an item undergoes follows from its shape; those left out would have had nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lso.lifecycle.known import Known
from lso.lifecycle.placing import placing
from lso.lifecycle.plan import ACTIONS, Plan
from lso.lifecycle.rules import POLICIES, catalogue
from lso.lifecycle.scene import Scene
from lso.lifecycle.shape import shape

Document = dict[str, Any]
EVERY = frozenset(POLICIES)
JUNK: st.SearchStrategy[Any] = (st.none() | st.text(max_size=2) | st.integers() | st.lists(st.just({}), max_size=2)
                                | st.just({"id": "x"}))
MEMBERS = ("id", "action", "billing_account_id", "requested_term", "relations", "coordination", "quote_item",
           "qualification_item", "contacts", "requested_completion_at", "product", "specification_id")
OF_WHOLE = ("contacts", "instant", "requested_completion_at", "quote_id", "expedite", "order_id", "product")
OF_PRODUCT = ("id", "schema", "offering_id", "configuration", "places", "relations")


def plans() -> list[tuple[str, Plan]]:
    kinds = ("qualification", "quote", "qualification_query")
    found = [("order", catalogue().plans), *((kind, placing(kind).plans) for kind in kinds)]
    return sorted(((f"{kind} {of}", plan) for kind, these in found for of, plan in these.items()), key=itemgetter(0))


def every_check(plan: Plan, action: str | None) -> list[tuple[Any, str]]:
    return [(made.check, rule.cites) for rule, made in plan._item if not rule.when or action in rule.when]


@pytest.mark.parametrize("plan", [plan for _, plan in plans()], ids=[name for name, _ in plans()])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_check_that_the_shape_leaves_out_would_say_nothing(
        an_order: Callable[[str], Document], known: Known, plan: Plan, data: st.DataObject) -> None:
    order = an_order(data.draw(st.sampled_from(["internet_access", "private_line", "change"])))
    items = [(index, _spoiled(item, data)) for index, item in enumerate(order["items"])]
    scene = Scene(items, {str(item.get("id")): item for _, item in items}, catalogue().products, known)
    for index, item in items:
        action, of_item, of_product = shape(item)
        chosen = plan.of_item(EVERY, action, of_item, of_product)
        for check, _cites in every_check(plan, action):
            assert check in {one for one, _ in chosen} or not list(check(scene, item, f"/items/{index}"))
    whole = _changed(order, OF_WHOLE, data)
    chosen = plan.of_whole(EVERY, *shape(whole))
    for made in (made for _rule, made in plan._whole):
        assert made.check in {one for one, _ in chosen} or not list(made.check(scene, whole, ""))


def test_a_shape_leaves_checks_out_and_never_adds_one() -> None:
    plan = catalogue().plans["mef", "door"]
    everything = every_check(plan, "add")
    bare = plan.of_item(EVERY, "add", ("action",), ())
    full = plan.of_item(EVERY, "add", MEMBERS, OF_PRODUCT)
    assert 0 < len(bare) < len(everything)
    assert set(bare) < set(everything)
    assert set(full) < set(everything)


def test_an_empty_member_is_not_there() -> None:
    item = {"action": "add", "contacts": None, "product": {"id": "1", "schema": None}}
    assert shape(item) == ("add", ("action", "product"), ("id",))
    assert shape({"action": {}, "product": [1]}) == (None, ("action", "product"), ())


def test_what_was_not_agreed_to_is_not_looked_at() -> None:
    plan = catalogue().plans["mef", "door"]
    agreed, not_agreed = plan.of_item(EVERY, "add", MEMBERS, OF_PRODUCT), plan.of_item(frozenset(), "add", MEMBERS,
                                                                                       OF_PRODUCT)
    assert set(not_agreed) < set(agreed)
    assert len(plan.of_whole(frozenset(), None, (), ())) < len(plan.of_whole(EVERY, None, (), ()))


def test_an_unheard_of_action_undergoes_what_holds_for_any() -> None:
    plan = catalogue().plans["mef", "door"]
    odd = plan.of_item(EVERY, "paint", MEMBERS, OF_PRODUCT)
    assert odd == plan.of_item(EVERY, None, MEMBERS, OF_PRODUCT)
    assert all(set(odd) < set(plan.of_item(EVERY, action, MEMBERS, OF_PRODUCT)) for action in ACTIONS)


def _spoiled(item: Document, data: st.DataObject) -> Document:
    """The item with members taken away, or with something else in them."""
    spoiled = _changed(item, MEMBERS, data)
    if isinstance(spoiled.get("product"), dict):
        spoiled["product"] = _changed(spoiled["product"], OF_PRODUCT, data)
    return spoiled


def _changed(members: Document, names: tuple[str, ...], data: st.DataObject) -> Document:
    gone = data.draw(st.sets(st.sampled_from(names), max_size=4))
    odd = data.draw(st.dictionaries(st.sampled_from(names), JUNK, max_size=2))
    return {name: value for name, value in members.items() if name not in gone} | odd
