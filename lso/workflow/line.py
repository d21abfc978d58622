"""Lines: how many subscribers are called at the same time, and which of them may be called now.

A call that is not over soon leaves its line to others and goes on in a slow one, so that a subscriber who does not
answer costs the others nothing. Whoever takes long, did so when last called, or failed, is only called on slow lines,
and only on a few of them at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

QUICK, SLOW = 8, 16
SLOW_SHARE = 2
LEAVE_SECONDS, SLOW_SECONDS = 0.25, 1.0


@dataclass(eq=False, slots=True)
class Call:
    """A call under way."""

    subscriber: str
    begun: float
    slow: bool


class Lines:
    """Safe to use from any thread. clock: seconds, never going back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._calls: set[Call] = set()
        self._slow: set[str] = set()
        self._lock = Lock()

    def free(self) -> int:
        """How many quick lines are free; calls that are not over yet leave theirs, while there are slow ones."""
        with self._lock:
            now = self._clock()
            self._slow.update(call.subscriber for call in self._calls if call.begun <= now - SLOW_SECONDS)
            room = SLOW - sum(call.slow for call in self._calls)
            for call in sorted(self._quick(), key=lambda one: one.begun):
                if call.begun <= now - LEAVE_SECONDS:
                    call.slow, room = room > 0, room - 1
            return QUICK - len(self._quick())

    def waiting_seconds(self) -> float | None:
        """How long until a call under way will leave its line; None when there is none to wait for."""
        with self._lock:
            begun = min((call.begun for call in self._quick()), default=None)
            return None if begun is None else max(0.0, begun + LEAVE_SECONDS - self._clock()) or None

    def take(self, subscriber: str) -> Call | None:
        """A line to call a subscriber on; None when it has its share or no line is free."""
        with self._lock:
            slow = subscriber in self._slow
            if slow:
                taken = [call for call in self._calls if call.slow]
                own = sum(call.subscriber == subscriber for call in self._calls)
                if len(taken) >= SLOW or own >= SLOW_SHARE:
                    return None
            elif len(self._quick()) >= QUICK:
                return None
            call = Call(subscriber, self._clock(), slow)
            self._calls.add(call)
            return call

    def over(self, call: Call, *, failed: bool = False) -> None:
        """The subscriber has answered, or failed to: what it is from now on."""
        with self._lock:
            slow = failed or self._clock() - call.begun > SLOW_SECONDS
            (self._slow.add if slow else self._slow.discard)(call.subscriber)

    def give_back(self, call: Call) -> None:
        """The line is free again."""
        with self._lock:
            self._calls.discard(call)

    def _quick(self) -> list[Call]:
        return [call for call in self._calls if not call.slow]
