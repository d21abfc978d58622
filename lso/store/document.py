"""JSON as it is kept: text, exact. And short text fit for an index on either database.

orjson writes and reads all but integers beyond 64 bits and lone surrogates; such a document is written by the
standard library and begins with a blank, so that reading knows which of the two must read it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson

INDEXED_MOST = 200


def write(value: Any) -> str:
    """The text of a JSON value."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, orjson.JSONEncodeError):
        return " " + json.dumps(value, separators=(",", ":"), allow_nan=False)


def read(text: str) -> Any:
    """The value that `write` was given."""
    return json.loads(text) if text.startswith(" ") else orjson.loads(text)


def indexed(value: object) -> str | None:
    """A caller's text made fit for an index; equal texts stay equal, different ones different.

    PostgreSQL takes neither NUL nor index entries beyond some 2,700 bytes, and neither driver takes lone surrogates.
    """
    if not isinstance(value, str):
        return None
    if len(value) <= INDEXED_MOST and "\0" not in value and value.isprintable():
        return value
    raw = value.encode("utf-8", "surrogatepass")
    start = "".join(letter if letter.isprintable() else "?" for letter in value[: INDEXED_MOST - 70])
    return f"{start}#{hashlib.sha256(raw).hexdigest()}"
