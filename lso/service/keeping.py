"""Keeping what has been accepted: a step of its own, behind the one that judges.

Whoever waits for the disk, with others, should hold rows by then and no documents. Memory that is given back at once is
still in the processor's cache when the next request takes it; sixteen requests that wait fill it with what nobody
reads any more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Keep = Callable[[], Awaitable[None]]
"""Returns when what was accepted is safe. Raises Conflict when it could not be kept any more."""
