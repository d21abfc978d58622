"""The memory that start-up has filled for good, on huge pages.

A request touches a little of very much: code, tables and schemas all over the heap. With pages of 4 KB the processor
looks up more addresses than it can remember, and that is dear inside a virtual machine. Only what is full is moved: a
huge page over a heap that has holes would fill the holes (30 MB, when the whole heap was tried). Linux 6.1 can do it;
elsewhere nothing happens.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HUGE, PAGE, ENTRY = 2 << 20, 4096, 8
EACH = HUGE // PAGE
# Pages of a huge page that may be missing: they are memory that nobody had asked for.
MISSING_MOST = 25
# Of madvise(2).
MADV_COLLAPSE = 25
MAPS, PAGEMAP = Path("/proc/self/maps"), Path("/proc/self/pagemap")


@cache
def move() -> int:
    """Move what is full, once a process: to do it for each of many applications in one, as tests have them, costs more
    than they gain. How many huge pages there are of it."""
    advise = getattr(ctypes.CDLL(None), "madvise", None)
    if advise is None:
        return 0
    try:
        ranges = list(full(MAPS.read_text(), PAGEMAP))
    except OSError:
        return 0
    return sum(advise(ctypes.c_void_p(at), ctypes.c_size_t(HUGE), MADV_COLLAPSE) == 0 for at in ranges)


def full(maps: str, pagemap: Path) -> Iterator[int]:
    """Where ranges of the heap begin that a huge page could hold, and whose pages are there (proc_pid_maps(5),
    proc_pid_pagemap(5))."""
    with pagemap.open("rb", buffering=0) as entries:
        for begin, end in heap(maps):
            for at in range(-(-begin // HUGE) * HUGE, end - HUGE + 1, HUGE):
                entries.seek(at // PAGE * ENTRY)
                there = memoryview(entries.read(EACH * ENTRY)).cast("Q")
                if sum(entry >> 63 for entry in there) >= EACH - MISSING_MOST:
                    yield at


def heap(maps: str) -> Iterator[tuple[int, int]]:
    """From where to where memory lies that is this process's own and of no file."""
    for line in maps.splitlines():
        bounds, rights, *_, inode, name = [*line.split(maxsplit=5), ""][:6]
        if rights == "rw-p" and inode == "0" and name in ("", "[heap]"):
            begin, end = bounds.split("-")
            yield int(begin, 16), int(end, 16)
