"""Reads a JSON body strictly: UTF-8, no duplicate members, no NaN, exact integers, bounded depth and lists.

The common case costs one orjson parse and one comparison. What that cannot vouch for (a long run of digits, an
escaped backslash, a string too few) is read again by jiter, which knows duplicates and big integers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import jiter
import orjson

from lso.errors import NotUnderstood, TooLarge

_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19
_ESCAPED_BACKSLASH = b"\\\\"
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}[]")
_POSITION = re.compile(r"line (\d+) column (\d+)")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a body may be."""

    size: int = 2_000_000
    depth: int = 64
    items: int = 10_000


def parse(raw: bytes, limits: Limits) -> Any:
    """The value of a JSON text; raises NotUnderstood with a position, or TooLarge."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _not_json(error.msg, error.lineno, error.colno) from None
    if not _surely_shallow(raw, limits.depth):
        _measure_depth(value, limits.depth)
    if not _vouched_for(raw, value):
        try:
            value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True)
        except ValueError as error:
            raise _refused(str(error)) from None
    if len(raw) > 2 * limits.items:
        _measure_lists(value, limits.items)
    return value


def dump(value: Any) -> bytes:
    """JSON text of a value; integers beyond 64 bits stay exact."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _vouched_for(raw: bytes, value: Any) -> bool:
    """True when orjson cannot have dropped a duplicate member nor rounded an integer.

    A compact text that comes back as it was lost nothing. Otherwise: a dropped member takes at least the two quotes of
    its name with it, so equal numbers of strings prove that nothing went missing.
    """
    try:
        again = orjson.dumps(value)
    except orjson.JSONEncodeError:  # brackets in strings have hidden more levels than can be written
        raise TooLarge("The body is nested too deeply.") from None
    if again == raw:
        return True
    if _LONG_NUMBER in raw.translate(_DIGITS):
        return False
    quotes = _quotes(raw)
    return quotes is not None and quotes == _quotes(again)


def _quotes(text: bytes) -> int | None:
    """How many quotes delimit strings; None when escaped backslashes make that unclear."""
    if b"\\" not in text:
        return text.count(b'"')
    return None if _ESCAPED_BACKSLASH in text else text.count(b'"') - text.count(b'\\"')


def _surely_shallow(raw: bytes, most: int) -> bool:
    """True when the brackets alone show that the nesting is within the limit; brackets inside strings may spoil that.

    Each round takes away the innermost pairs, at most two levels; what is left is at most half as deep as it is long.
    """
    brackets = raw.translate(None, _NOT_BRACKETS)
    for least in range(2 * most, -1, -4):
        if len(brackets) <= least:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return False


def _measure_depth(value: Any, most: int) -> None:
    level = [value]
    for _ in range(most + 1):
        level = [inner for inner in level if isinstance(inner, dict | list)]
        if not level:
            return
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
    raise TooLarge(f"The body is nested deeper than {most} levels.")


def _measure_lists(value: Any, most: int) -> None:
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, list):
            if len(inner) > most:
                raise TooLarge(f"A list in the body has more than {most} elements.")
            waiting.extend(inner)
        elif isinstance(inner, dict):
            waiting.extend(inner.values())


def _refused(message: str) -> NotUnderstood:
    found = _POSITION.search(message)
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    what = "a member appears twice in one object" if "duplicate" in message else "it cannot be read exactly"
    return _not_json(what, line, column)


def _not_json(what: str, line: int, column: int) -> NotUnderstood:
    return NotUnderstood(f"The body is not valid JSON: {what}, line {line} column {column}.")
