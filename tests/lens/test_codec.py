"""Instants."""

from __future__ import annotations

from typing import Any

import pytest

from lso.lens import INSTANT


@pytest.mark.parametrize(("text", "instant"), [
    ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
    ("2026-01-31T12:00:00.25Z", "2026-01-31T12:00:00.25Z"),
    ("2026-01-31t12:00:00z", "2026-01-31T12:00:00Z"),
    ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
    ("2026-01-31T12:00:00.5-00:30", "2026-01-31T12:30:00.500000Z"),
    ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ("2026-01-31T12:00:00.1234567899Z", "2026-01-31T12:00:00.123456Z"),
])
def test_an_instant_is_read_into_utc(text: str, instant: str) -> None:
    assert INSTANT.read(text) == instant
    assert INSTANT.read(instant) == instant


@pytest.mark.parametrize("value", [
    "2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "2026-02-29T12:00:00Z", "2026-01-31 12:00:00Z",
    "20260131T120000Z", "2026-W01-1T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00",
    "２０２６-01-31T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:00Z\n", "", 5, None, True, ["x"],
])
def test_anything_else_is_no_instant(value: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        INSTANT.read(value)
    assert type(value) is not str or not INSTANT.settled(value)
