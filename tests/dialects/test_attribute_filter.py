"""TM Forum's attribute filters: read from a query, put to documents."""

from __future__ import annotations

import pytest

from lso.dialects.attribute_filter import Test as Filter
from lso.dialects.attribute_filter import parse
from lso.errors import NotUnderstood

ORDER = {
    "id": "1", "state": "held", "priority": "2", "orderDate": "2026-01-12T09:00:00Z", "description": "one, two",
    "note": [{"text": "porter"}, {"text": "keys"}],
    "productOrderItem": [{"quantity": 1, "product": {"place": [{"id": "SITE-1", "role": "A"}], "isBundle": False}}],
}


def holds(name: str, value: str) -> bool:
    return any(test.holds(ORDER) for test in parse(name, value))


@pytest.mark.parametrize(("name", "value"), [
    ("state", "held"), ("state", '"held"'), ("state", "pending,held"), ("state", "pending;held"),
    ("state.eq", "held"), ("state.ne", "pending"), ("description", '"one, two"'),
    ("productOrderItem.product.place.id", "SITE-1"), ("productOrderItem.product.isBundle", "false"),
    ("productOrderItem.quantity", "1"), ("productOrderItem.quantity.gte", "1.0"), ("priority.lt", "3"),
    ("orderDate", "2026-01-12T10:00:00+01:00"), ("orderDate.gt", "2026-01-12T08:59:59Z"),
    ("orderDate>2026-01-12T08:59:59Z", ""), ("orderDate>", "2026-01-12T09:00:00Z"),
    ("orderDate<", "2026-01-12T09:00:00Z"), ("note.text.regex", "^por"), ("note.text", "~^por"),
    ("state", "pending;priority=2"), ("state", "pending;priority>1"),
])
def test_a_condition_that_is_true_holds(name: str, value: str) -> None:
    assert holds(name, value)


@pytest.mark.parametrize(("name", "value"), [
    ("state", "pending"), ("state", ""), ("state.ne", "held"), ("nothing", "here"), ("note", "porter"),
    ("orderDate.lt", "2026-01-12T09:00:00Z"), ("orderDate.gt", "2026-01-12T09:00:00Z"), ("note.text.regex", "^x"),
    ("description", "one, two"), ("productOrderItem.quantity.gt", "1"), ("state.place.id", "SITE-1"),
])
def test_a_condition_that_is_false_does_not_hold(name: str, value: str) -> None:
    assert not holds(name, value)


def test_an_absent_member_differs_from_every_value() -> None:
    assert holds("nothing.ne", "here")


def test_a_suffix_that_is_no_operator_belongs_to_the_path() -> None:
    assert parse("product.size", "1") == (Filter(("product", "size"), "eq", ("1",)),)


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*b*c*d", "(a|a)*", r"(a)\1", "(?:a)b", "(", "x" * 101])
def test_a_pattern_that_could_take_forever_is_refused(pattern: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse("note.text.regex", pattern)
    assert refused.value.code == "invalidQuery"


def test_a_filter_without_an_attribute_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        parse("", "1")
