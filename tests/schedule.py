"""The longest tests begin first, so that no worker ends with one of them while the others have nothing left to do.

pytest-xdist gives each worker as many consecutive tests, and who has none left takes some from the end of another's. So
the longest are dealt to them and stand at the beginning of each share; the rest stays in order, since what stands in
one file uses the same fixtures.
"""

from __future__ import annotations

import pytest

CROWDED = ("tests/journeys/test_chaos.py",)
"""They keep a machine busy by themselves, and are done by one worker, one after the other."""
LONGEST = (
    "tests/journeys/test_crash.py",
    "tests/journeys/test_demo.py::test_a_demo_of_its_own",
    "tests/cli/test_mistakes.py::test_a_database_that_is_away",
    "tests/workflow/test_broker_away.py",
    "tests/sil/test_native_kill.py",
    "tests/service/test_place_file.py",
)


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, as so many shares in a row."""
    crowded, longest = ([item for start in starts for item in items if item.nodeid.startswith(start)]
                        for starts in (CROWDED, LONGEST))
    others = max(1, workers - 1)
    first = [crowded, *(longest[number::others] for number in range(others))]
    rest = [item for item in items if item not in {*crowded, *longest}]
    found: list[pytest.Item] = []
    for worker in range(workers):
        share = first[worker] if workers > 1 else crowded + longest
        room = max(0, (len(items) - len(found)) // (workers - worker) - len(share))
        found += share + rest[:room]
        del rest[:room]
    return found
