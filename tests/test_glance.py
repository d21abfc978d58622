"""What is seen at a glance is what a walk finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lso.canonical.glance import Glance, walk

NAMES = st.sampled_from(["irValue", "irUnits", "a{b", 'c"irValue":', "}", "x"])
TEXTS = st.sampled_from(["{", "}", '"irValue":', '{"irValue":1}', "SANDBOX-FULL", "aSANDBOX-", "", "\\", '"', "\ud800"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12)


@given(value=VALUES)
def test_the_same_objects_are_found_as_by_looking_everywhere(value: Any) -> None:
    found, looked = Glance(value).holding("irValue"), walk(value, "irValue")
    assert sorted(map(repr, found)) == sorted(map(repr, looked))


@given(value=VALUES)
def test_no_text_is_overlooked(value: Any) -> None:
    assert Glance(value).may_begin("SANDBOX-") or not any(one.startswith("SANDBOX-") for one in texts(value))


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
