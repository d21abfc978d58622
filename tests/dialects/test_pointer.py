"""A pointer says no more than the document that was sent."""

from __future__ import annotations

from typing import Any

import pytest

from lso.dialects.pointer import reached, whole

SENT = {"item": [{"product": {"offering": {"id": "B"}, "a/b": 7}, "bad": 7}], "nothing": None}


@pytest.mark.parametrize(("pointer", "told"), [
    ("/item/0/product/offering/id", "/item/0/product/offering/id"),
    ("/item/0/product/offering/href", "/item/0/product/offering/href"),
    ("/item/0/product/place/0/id", "/item/0/product/place"), ("/item/0/account/id", "/item/0/account"),
    ("/item/1/product", "/item/1"), ("/item/first/product", "/item"), ("/item/0/bad/id", "/item/0/bad"),
    ("/item/0/product/a~1b", "/item/0/product/a~1b"), ("/nothing/id", "/nothing"), ("", "")])
def test_what_is_missing_is_the_first_member_that_is_not_there(pointer: str, told: str) -> None:
    assert reached(pointer, SENT) == told


@pytest.mark.parametrize(("parent", "pointer", "told"), [
    ("/item/0/product", "/item/0/product/offering/id", "/item/0/product/offering"),
    ("/item/0/product", "/item/0/product/offering", "/item/0/product/offering"),
    ("/item/0/product", "/item/0/offering/id", "/item/0/offering"),
    ("/item", "/item/0/product", "/item/0/product"), ("/other", "/item/0", "/item")])
def test_what_is_not_to_be_there_is_the_whole_member(parent: str, pointer: str, told: str) -> None:
    document: Any = SENT
    assert whole(parent, pointer, document) == told
