"""The shop: tables that use every verb, with the codecs and the call that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping as Members
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.lens import INSTANT, Call, Codec, Mapping, compile_mapping, load_table

TABLES = Path(__file__).parent / "tables"


def whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def read_size(text: str) -> dict[str, Any]:
    number, unit = re.fullmatch(r"\s*(\d+)\s*(cm|m)\s*", text, re.ASCII).groups()
    return {"number": int(number), "unit": unit}


def write_size(size: dict[str, Any]) -> str:
    if set(size) != {"number", "unit"} or type(size["number"]) is not int:
        raise ValueError
    return f"{size['number']} {size['unit']}"


def as_read(values: tuple[Any, ...], _order: Members[str, Any]) -> tuple[Any, ...]:
    return values


def common(values: tuple[Any, ...], order: Members[str, Any]) -> tuple[Any, ...]:
    """The order's own date, else the one that all of its lines name."""
    lines = order.get("lines")
    if values[0] is not None or type(lines) is not list:
        return values
    named = [line.get("wanted_at") if type(line) is dict else None for line in lines]
    first = named[0] if named else None
    return (first if type(first) is str and all(one == first for one in named) else None,)


CODECS = {
    "instant": INSTANT,
    "whole": Codec(whole, whole, "a whole number"),
    "size": Codec(read_size, write_size, "a size such as 5 cm"),
}
CALLS = {"common": Call(as_read, common, "a date-time")}


@lru_cache(maxsize=1)
def shop() -> Mapping:
    return compile_mapping(load_table(TABLES / "shop" / "order.yaml", folder=TABLES), CODECS, CALLS)
