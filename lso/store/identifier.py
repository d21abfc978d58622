"""Ids: UUIDs of version 7, which begin with the time.

New rows then lie side by side in every index. With random ids each would dirty a page of its own, and a commit in a
large store would write several times as much.
"""

from __future__ import annotations

import os
import time
import uuid

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = (0xFFF << 64) | ((1 << 62) - 1)


def new_id() -> str:
    """An id that nobody else has, and nobody can guess."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM_BITS
    return str(uuid.UUID(int=(milliseconds << 80) | _VERSION | _VARIANT | random))
