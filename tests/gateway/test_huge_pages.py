"""Only what is full, and of no file, is moved to huge pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lso.gateway.huge_pages import EACH, ENTRY, HUGE, PAGE, full, heap

MAPS = """\
00400000-00a00000 r-xp 00000000 fe:00 12 /usr/bin/python
00a00000-00c00000 rw-p 00600000 fe:00 12 /usr/bin/python
{begin:08x}-{end:08x} rw-p 00000000 00:00 0
7f0000000000-7f0000400000 ---p 00000000 00:00 0
7ffc00000000-7ffc00400000 rw-p 00000000 00:00 0 [stack]
"""
THERE = (1 << 63).to_bytes(ENTRY, "little")
AWAY = bytes(ENTRY)
OF_OWN = """
import re
from lso.gateway import huge_pages
kept = [str(number) * 9 for number in range(400_000)]
huge = lambda: int(re.search(r"AnonHugePages: +(\\d+)", open("/proc/self/smaps_rollup").read())[1])
before, moved = huge(), huge_pages.move()
print(moved, huge() - before)
"""


def test_the_heap_is_what_is_of_no_file() -> None:
    assert list(heap(MAPS.format(begin=3 * HUGE, end=5 * HUGE))) == [(3 * HUGE, 5 * HUGE)]


@pytest.mark.parametrize(("missing", "found"), [(0, [2, 3]), (25, [2, 3]), (26, [3])])
def test_what_is_not_full_stays_where_it_is(tmp_path: Path, missing: int, found: list[int]) -> None:
    begin, end = HUGE + PAGE, 4 * HUGE + PAGE  # two whole ones, and parts of two
    pagemap = tmp_path / "pagemap"
    pagemap.write_bytes(AWAY * (2 * EACH + missing) + THERE * (3 * EACH - missing))
    assert list(full(MAPS.format(begin=begin, end=end), pagemap)) == [number * HUGE for number in found]


def test_a_full_heap_is_moved_where_the_system_can() -> None:
    told = subprocess.run([sys.executable, "-c", OF_OWN], capture_output=True, text=True, check=True).stdout.split()
    moved, grown = map(int, told)
    if not moved:
        pytest.skip("the system cannot")
    assert grown >= moved * HUGE // 1024
