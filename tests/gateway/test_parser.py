"""The strict parser: what it reads, what it refuses, and that no byte sequence surprises it."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lso.errors import NotUnderstood, TooLarge
from lso.gateway.parser import Limits, _surely_shallow, dump, parse

LIMITS = Limits(size=10_000, depth=6, items=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)
WIDE = Limits(depth=500, items=100_000)


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@given(VALUES, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_json_can_say_is_read_as_it_stands(value: Any, pretty: bool, ascii_only: bool) -> None:
    text = json.dumps(value, indent=2 if pretty else None, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        expected = json.loads(text)
    except UnicodeDecodeError:
        with pytest.raises(NotUnderstood):
            parse(text, WIDE)
        return
    assert parse(text, WIDE) == expected


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_what_was_read_is_written_without_loss(value: Any) -> None:
    assert parse(dump(value), WIDE) == value


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ue10.-+ntf ', max_size=60).map(str.encode))
@settings(max_examples=500, deadline=None)
def test_bytes_of_any_kind_are_read_or_refused_and_never_fail(raw: bytes) -> None:
    try:
        value = parse(raw, LIMITS)
    except (NotUnderstood, TooLarge):
        return
    assert value == json.loads(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a" : 1, "b": {"c": 1, "c": 1}}',
        b'{"a":"\\u0022","a":"\\\\"}',
        b'{"\\u0061":1,"a":2}',
        b'{"a":"\\\\\\"","b":[{"x":1,"x":2}]}',
    ],
)
def test_a_member_given_twice_is_refused_with_its_position(raw: bytes) -> None:
    with pytest.raises(NotUnderstood, match=r"twice.*line \d+ column \d+"):
        parse(raw, LIMITS)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"NaN", b"[Infinity]", b"[-Infinity]", b"[1e999]", b"[01]", b"{'a':1}", b"\xef\xbb\xbf{}", b'"\xff"',
     b'"\xed\xa0\x80"',
     b'"\\ud800"', b"[1,]", b"{} x", b'"\x01"', b"[1e400, 12345678901234567890]"],
)  # fmt: skip
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(NotUnderstood, match=r"line \d+ column \d+"):
        parse(raw, LIMITS)


@pytest.mark.parametrize("digits", [18, 19, 20, 30, 100])
def test_integers_of_any_length_stay_exact_both_ways(digits: int) -> None:
    number = int("9" * digits)
    document = {"id": number, "negative": -number}
    assert parse(dump(document), LIMITS) == document
    assert parse(json.dumps(document, indent=1).encode(), LIMITS) == document


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(NotUnderstood) as refusal:
        parse(b'{"secret": "hunter2", "secret": "hunter3"}', LIMITS)
    assert "secret" not in refusal.value.reason
    assert "hunter" not in refusal.value.reason


def test_nesting_is_limited_to_the_level() -> None:
    assert parse(nested(6), LIMITS)
    with pytest.raises(TooLarge):
        parse(nested(7), LIMITS)


def test_brackets_in_strings_do_not_count_as_nesting() -> None:
    document = {"text": "[" * 500 + "{" * 500, "more": ["}"] * 5}
    assert parse(orjson.dumps(document), LIMITS) == document


def test_brackets_in_strings_do_not_hide_what_cannot_be_written() -> None:
    with pytest.raises(TooLarge):
        parse(b'["]",' * 450 + b"1" + b',"["]' * 450, LIMITS)


def depth_of(value: Any) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


@given(st.recursive(st.booleans() | st.text(alphabet='a"\\'), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(alphabet='a"'), inner, max_size=3), max_leaves=40), st.integers(1, 8))
@settings(max_examples=500, deadline=None)
def test_what_is_surely_shallow_is_no_deeper_than_the_limit(value: Any, most: int) -> None:
    deepest = depth_of(value)
    assert deepest <= most or not _surely_shallow(orjson.dumps(value), most)
    assert _surely_shallow(orjson.dumps(value), 2 * deepest)


def test_many_shallow_parts_are_not_deep() -> None:
    document = {f"m{index}": [{"a": [1]}] for index in range(50)}
    assert parse(orjson.dumps(document), LIMITS) == document


def test_a_list_is_limited_wherever_it_stands() -> None:
    assert parse(orjson.dumps({"a": [1] * 20}), LIMITS)
    with pytest.raises(TooLarge):
        parse(orjson.dumps({"a": {"b": [1] * 21}}), LIMITS)


def test_a_thousand_levels_are_refused_and_do_not_overflow() -> None:
    for raw in (b"[" * 5000, b"[" * 1000 + b"]" * 1000):
        with pytest.raises((NotUnderstood, TooLarge)):
            parse(raw, LIMITS)
