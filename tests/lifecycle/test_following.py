"""What is ordered is what was quoted, each quoted item once; and what items name is gathered in one walk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lso.lifecycle.deviation import Ground
from lso.lifecycle.following import TWICE, unfit
from lso.lifecycle.named import Named, ids, names
from lso.lifecycle.spot import Spot, described

Document = dict[str, Any]
AT = datetime(2026, 11, 21, tzinfo=UTC)


def place(town: str) -> Document:
    return {"kind": "fielded_address", "role": "INSTALL_LOCATION", "fielded": {"street": "Example", "city": town}}


def order(*items: tuple[str, Document]) -> Document:
    return {"items": [{"action": "add", "product": {"places": [where]}, "quote_item": {"quote_id": "Q", "item_id": id}}
                      for id, where in items]}


QUOTE = {"state": "orderable", "items": [{"id": id, "action": "add", "product": {"places": [place("Budapest")]}}
                                         for id in ("1", "2")]}


def never(_place: Document) -> Spot:
    raise AssertionError("nothing needs to be looked up")


def test_the_same_words_need_no_gazetteer() -> None:
    followers = names(order(("1", place("Budapest")), ("2", place("Budapest")))).quotes
    assert unfit(followers, {"Q": QUOTE}, Ground(AT, never)) == ()


def test_a_place_told_by_value_is_compared_too() -> None:
    followers = names(order(("1", place("New York")))).quotes
    (found,) = unfit(followers, {"Q": QUOTE}, Ground(AT, described))
    assert (found.pointer, found.code) == ("/items/0/quote_item/item_id", "invalidValue")
    assert "another place" in found.reason


def test_a_quoted_item_is_followed_once() -> None:
    followers = names(order(("1", place("Budapest")), ("2", place("Budapest")), ("1", place("Budapest")))).quotes
    (found,) = unfit(followers, {"Q": QUOTE}, Ground(AT, never))
    assert (found.pointer, found.code, found.reason) == ("/items/2/quote_item/item_id", "invalidValue", TWICE)


def test_all_that_items_name_is_gathered_in_the_order_in_which_it_is_named() -> None:
    found = names({"items": [
        {"product": {"id": "P-1", "relations": [{"product_id": "P-2"}, {"product_id": 7}], "places": [{"id": "A"}]},
         "quote_item": {"quote_id": "Q-1"}, "qualification_item": {"qualification_id": "C-1"}},
        {"product": {"id": "P-1", "places": [{"id": "B"}, {"id": "A"}]}, "quote_item": {"quote_id": "Q-1"}}]})
    assert (found.products, found.places) == (["P-1", "P-2"], ["A", "B"])
    assert (ids(found.quotes), ids(found.qualifications)) == (["Q-1"], ["C-1"])
    assert [one.index for one in found.quotes] == [0, 1]


@pytest.mark.parametrize("items", [None, 7, [7, None, {}], [{"product": 7, "quote_item": [], "qualification_item": {}}],
                                   [{"product": {"relations": 7, "places": [None]}, "quote_item": {"quote_id": 1}}]])
def test_a_malformed_request_names_nothing(items: Any) -> None:
    found = names({"items": items})
    assert found == Named([], [], [], [])
