"""Conversions of single values that are more than a word table: codecs and calls, registered by name.

A codec is a pair of functions; calls see the whole object on top of it. Either raises on a value it cannot read (any
exception will do); the engine then keeps the value and says so. Neither changes what it is given.

Telecom codecs live with the dialects. Here: `instant`, and what the engine needs for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Codec:
    """A value conversion.

    read: from theirs to ours. write: from ours to theirs. What they return is never None.
    expected: what a value should look like, for the finding: "expected " is put before it.
    settled: a quick test that a *string* is spelled the same on both sides, so that neither function is needed.
    plain: values of exactly this type are the same on both sides, all of them.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    expected: str
    settled: Callable[[str], Any] | None = None
    plain: type | None = None


@dataclass(frozen=True)
class Call:
    """A conversion that no verb describes: several members at once, or a value that others tell.

    Both functions get the values of the row's paths (None where there is none) and the object they are members of, in
    the dialect they come from, and return the values of the other side's paths. With `as`, all values are ours.
    """

    read: Callable[[tuple[Any, ...], Mapping[str, Any]], tuple[Any, ...]]
    write: Callable[[tuple[Any, ...], Mapping[str, Any]], tuple[Any, ...]]
    expected: str = "a value that can be read"


Codecs = Mapping[str, Codec]
Calls = Mapping[str, Call]

_DATE = (r"(?!0000)\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
         r"|02-(?:0[1-9]|1\d|2[0-8]))")
_settled = re.compile(_DATE + r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z", re.ASCII).fullmatch
_instant = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII).fullmatch


def read_instant(text: Any) -> str:
    """An RFC 3339 date-time in UTC, ending in Z. A leap second becomes the second after it."""
    if type(text) is str and _settled(text):
        return text
    found = _instant(text) if type(text) is str else None
    if found is None:
        raise ValueError
    day, clock, second, fraction, zone = found.groups()
    leap = second == "60"
    zone = "+00:00" if zone in "Zz" else zone
    moment = datetime.fromisoformat(f"{day}T{clock}{'59' if leap else second}.{(fraction or '0')[:6]:0<6}{zone}")
    moment = moment.astimezone(UTC)
    if leap:
        moment += timedelta(seconds=1)
    return moment.isoformat()[:-len("+00:00")] + "Z"


INSTANT = Codec(read_instant, read_instant, "a date-time such as 2026-01-31T12:00:00Z", _settled)
