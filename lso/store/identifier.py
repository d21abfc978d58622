"""Ids: UUIDs of version 7, which begin with the time.

New rows then lie side by side in every index. With random ids each would dirty a page of its own, and a commit in a
large store would write several times as much. The random ends are made many at a time: a system call for every id
costs more than all the rest of making one.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import deque

_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_DIGITS = 19
_MANY = 200
_PRODUCTS = uuid.UUID("6f2b7a3e-5a5c-4d0e-9b59-0d3c3c1f7a11")

# Ends in stock; whoever takes one takes it out, so none is given out twice. Not to a process and its child, either.
_ends: deque[str] = deque()
os.register_at_fork(after_in_child=_ends.clear)


def new_id() -> str:
    """An id that nobody else has, and nobody can guess."""
    begins = f"{time.time_ns() // 1_000_000:012x}"
    while True:
        try:
            return f"{begins[:8]}-{begins[8:]}{_ends.pop()}"
        except IndexError:
            _ends.extend(_made())


def made_by(tenant: str, order_id: str, item_id: str | None) -> str:
    """The id of the product that an item makes: known beforehand, so that making it twice makes it once."""
    return str(uuid.uuid5(_PRODUCTS, f"{tenant}\n{order_id}\n{item_id}"))


def _made() -> list[str]:
    """The random ends of many ids, with what says that they are of version 7 (RFC 9562 section 5.7)."""
    digits = os.urandom(_MANY * _DIGITS // 2).hex()
    drawn = (digits[at:at + _DIGITS] for at in range(0, len(digits), _DIGITS))
    return [f"-7{one[:3]}-{_VARIANTS[one[3]]}{one[4:7]}-{one[7:]}" for one in drawn]
