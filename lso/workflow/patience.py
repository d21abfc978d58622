"""Waiting for what may take long: a database that is away for a moment, back ends, and what nobody tells of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from lso.errors import Unavailable
from lso.store.engine import Store

T = TypeVar("T")
ASK_AGAIN_SECONDS = 0.2
SOON_SECONDS, SELDOM_SECONDS = 0.2, 60.0
USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = 5.0, 0.02, 300.0


def commit_patiently(store: Store, work: Callable[[Connection], T], *, seconds: float,
                     stopping: Callable[[], bool]) -> T:
    """Commit, and try again for so long while the database is away: it is no use beyond the end of a lease.

    A commit whose answer was lost is run again, so the work must bear that: claims carry numbers for this.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return store.commit_now(work)
        except Unavailable:
            if stopping() or time.monotonic() > until:
                raise
            time.sleep(ASK_AGAIN_SECONDS)


def look_again_at(since: float) -> float:
    """When to look again for what has been waited for since then: the longer it takes, the more seldom."""
    now = time.time()
    return now + min(SELDOM_SECONDS, max(SOON_SECONDS, (now - since) / 10))


def soonest(waits: Iterable[float], *, idle: float = USUAL_SECONDS) -> float:
    """Seconds until back ends are asked again: as the most hasty of them said, neither at once nor in hours.

    idle: where none of them said anything.
    """
    return min(MOST_SECONDS, max(LEAST_SECONDS, min(waits, default=idle)))
