"""Ids: UUIDs of version 7, which begin with the time.

New rows then lie side by side in every index. With random ids each would dirty a page of its own, and a commit in a
large store would write several times as much. Randomness is drawn from the system in large gulps: a system call for
every id costs more than all the rest of making one.
"""

from __future__ import annotations

import os
import time
import uuid
from threading import Lock

_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_DIGITS = 19
_GULP = 200 * _DIGITS
_PRODUCTS = uuid.UUID("6f2b7a3e-5a5c-4d0e-9b59-0d3c3c1f7a11")


class _Randomness:
    """Random digits in stock. None is ever given out twice: not to two threads, not to a process and its child."""

    def __init__(self) -> None:
        self.refresh()
        os.register_at_fork(after_in_child=self.refresh)

    def refresh(self) -> None:
        """Throw the stock away; also the lock, which a thread that the child does not have may hold."""
        self._lock = Lock()
        self._stock = ""
        self._used = 0

    def draw(self) -> str:
        """As many as an id takes."""
        with self._lock:
            if self._used == len(self._stock):
                self._stock, self._used = os.urandom(_GULP).hex(), 0
            self._used += _DIGITS
            return self._stock[self._used - _DIGITS:self._used]


_randomness = _Randomness()


def new_id() -> str:
    """An id that nobody else has, and nobody can guess."""
    time_digits, random_digits = f"{time.time_ns() // 1_000_000:012x}", _randomness.draw()
    return (f"{time_digits[:8]}-{time_digits[8:]}-7{random_digits[:3]}-"
            f"{_VARIANTS[random_digits[3]]}{random_digits[4:7]}-{random_digits[7:]}")


def made_by(tenant: str, order_id: str, item_id: str | None) -> str:
    """The id of the product that an item makes: known beforehand, so that making it twice makes it once."""
    return str(uuid.uuid5(_PRODUCTS, f"{tenant}\n{order_id}\n{item_id}"))
