"""Memory that only start-up needed, given back.

Specifications and compiled schemas are a large heap that never changes; frozen, the garbage collector does not walk it
again and again in the middle of requests (a fourfold 99th percentile).
"""

from __future__ import annotations

import ctypes
import gc

from lso.gateway import bundle, huge_pages

# Half a millisecond's walk for so many young objects. Ten times as many would be megabytes of waste, kept for long.
THRESHOLD = (5_000, 20, 10)


# Of glibc's mallopt(3).
M_ARENA_MAX = -8


def share() -> None:
    """All threads take memory from one heap, where the C library can: the interpreter lets one of them run at a time,
    so heaps of their own are only memory that lies about (3 MB). To be called before there are threads."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def settle() -> None:
    """Let go of what only start-up needed; lay the rest together, out of the collector's sight."""
    bundle.read.cache_clear()
    gc.collect()
    gc.freeze()
    gc.collect()  # what is frozen no longer counts when the collector decides whether a full walk is worth it
    gc.set_threshold(*THRESHOLD)
    _trim()
    huge_pages.move()


def _trim() -> None:
    """Hand free pages back to the system, where the C library can (glibc keeps them, some 3 MB of ours)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
