"""Value conversions that tables name with `as`. A codec raises ValueError on what it cannot read."""

from __future__ import annotations

from typing import Any

from lso.dialects.rate import RATE
from lso.lens.codec import INSTANT, Codec

EXACT_MOST = 2**53


def whole(value: Any) -> int:
    """A whole number; 12.0 is one (JSON Schema says so too), 1.5 and true are not."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer() and abs(value) <= EXACT_MOST:
        return int(value)
    raise ValueError("not a whole number")


CODECS = {
    "instant": INSTANT,
    "rate": RATE,
    "whole": Codec(whole, whole, "a whole number", plain=int),
}
