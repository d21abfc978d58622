"""Information rates: `100 Mbps` as people write it, `{irValue: 100, irUnits: MBPS}` as MEF does (decimal units)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lso.lens.codec import Codec

UNITS = {"bps": "BPS", "kbps": "KBPS", "Mbps": "MBPS", "Gbps": "GBPS", "Tbps": "TBPS",
         "Pbps": "PBPS", "Ebps": "EBPS", "Zbps": "ZBPS", "Ybps": "YBPS"}
BITS = {unit: 10 ** (3 * step) for step, unit in enumerate(UNITS.values())}
EXACT_DIGITS = 15  # of a float; what has more is left as it was written
_SPELLED = {unit.lower(): ours for unit, ours in UNITS.items()}
_WRITTEN = {ours: unit for unit, ours in UNITS.items()}
_rate = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*([KMGTPEZYkmgtpezy]?[Bb][Pp][Ss])\s*", re.ASCII).fullmatch


def read_rate(text: Any) -> dict[str, Any]:
    """The rate that a text tells."""
    found = _rate(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("not a rate")
    number = Decimal(found[1]).normalize()
    if len(number.as_tuple().digits) > EXACT_DIGITS:
        raise ValueError("more digits than can be kept")
    whole = number == number.to_integral_value()
    return {"irValue": int(number) if whole else float(number), "irUnits": _SPELLED[found[2].lower()]}


def write_rate(rate: Any) -> str:
    """The text for a rate that says nothing but its value and unit."""
    if not isinstance(rate, dict) or rate.keys() != {"irValue", "irUnits"}:
        raise ValueError("not a rate")
    value, unit = rate["irValue"], rate["irUnits"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(unit, str):
        raise ValueError("not a rate")
    number = Decimal(repr(value))
    text = f"{number.normalize():f} {_WRITTEN[unit]}" if number.is_finite() else ""
    read_rate(text)  # a text that would not be read again is not written
    return text


def bits_per_second(text: Any) -> Decimal:
    """What a text amounts to, so that `1 Gbps` is found to be `1000 Mbps`."""
    rate = read_rate(text)
    amount: Decimal = Decimal(repr(rate["irValue"])) * BITS[rate["irUnits"]]
    return amount


RATE = Codec(read_rate, write_rate, "a rate such as 100 Mbps")
