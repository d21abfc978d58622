"""What is seen at a glance is what a walk finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lso.canonical.glance import Glance, walk

NAMES = st.sampled_from(["irValue", "irUnits", "a{b", 'c"irValue":', 'c"irValue', "}", "x"])
TEXTS = st.sampled_from(["{", "}", '"irValue":', '{"irValue":1}', "SANDBOX-FULL", "aSANDBOX-", "", "\\", '"', "\ud800"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12)


@given(value=VALUES)
def test_the_same_objects_are_found_as_by_looking_everywhere(value: Any) -> None:
    found, looked = Glance(value).holding("irValue"), walk(value, "irValue")
    assert set(map(repr, found)) == set(map(repr, looked))


@given(value=VALUES)
def test_no_text_is_overlooked(value: Any) -> None:
    assert Glance(value).may_begin("SANDBOX-") or not any(one.startswith("SANDBOX-") for one in texts(value))


@pytest.mark.parametrize("value", [
    {"a": {"irValue": 70, "irUnits": "MBPS"}, "b": [{"irValue": 70, "irUnits": "MBPS"}, {"irValue": 0}]},
    {"a": {"irUnits": "MBPS", "irValue": 70}, "b": {"irValue": 0}},
    {"a": {"irValue": 70, "irUnits": "}"}, "b": {"irValue": 0, "irUnits": "{"}},
    {"a": {"irValue": {"irValue": 70}}, "b": {"irValue": [{}]}},
    {"a": {'c"irValue': 70}, "b": {"irValue": 0}},
    {},
])
def test_objects_that_are_told_in_any_way_are_found(value: Any) -> None:
    assert set(map(repr, Glance(value).holding("irValue"))) == set(map(repr, walk(value, "irValue")))


def test_an_equal_text_holds_the_same_and_another_one_its_own() -> None:
    assert Glance({"irValue": 10}).holding("irValue") == Glance({"irValue": 10}).holding("irValue") == [{"irValue": 10}]
    assert repr(Glance({"irValue": 10.0}).holding("irValue")) == "[{'irValue': 10.0}]", "another number"
    assert Glance({"irValue": 10}).holding("irUnits") == []


@pytest.mark.parametrize("value", [{"irValue": 10, "irUnits": "MBPS"}, [{"a": {"irValue": 1}}, {"irValue": 2.5}]])
def test_rates_are_found_without_a_walk(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lso.canonical.glance.walk", lambda *_: pytest.fail("it looked everywhere"))
    assert Glance(value).holding("irValue")
    assert not Glance({"somewhere": "else"}).holding("irValue")


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []
