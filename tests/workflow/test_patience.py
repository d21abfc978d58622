"""What nobody tells of is looked at again and again, but not often."""

from __future__ import annotations

import time

import pytest

from lso.workflow.patience import look_again_at, soonest


@pytest.mark.parametrize(("waited", "seconds"), [(0.0, 0.2), (1.0, 0.2), (30.0, 3.0), (300.0, 30.0), (86_400.0, 60.0)])
def test_the_longer_something_was_waited_for_the_more_seldom_it_is_looked_at(waited: float, seconds: float) -> None:
    now = time.time()
    assert look_again_at(now - waited) - now == pytest.approx(seconds, abs=0.1)


def test_a_clock_that_was_set_back_makes_nobody_hurry() -> None:
    now = time.time()
    assert look_again_at(now + 3600.0) - now == pytest.approx(0.2, abs=0.1)


@pytest.mark.parametrize(("waits", "seconds"), [([7.0, 3.0], 3.0), ([], 5.0), ([0.0], 0.02), ([86_400.0], 300.0)])
def test_back_ends_are_asked_again_as_the_most_hasty_of_them_said_but_not_at_once_and_not_in_hours(
        waits: list[float], seconds: float) -> None:
    assert soonest(waits) == seconds
