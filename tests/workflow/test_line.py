"""Lines to subscribers: whoever holds the line is moved out of the way, and has a small share from then on."""

from __future__ import annotations

import pytest

from lso.workflow.line import LEAVE_SECONDS, QUICK, SLOW, SLOW_SECONDS, SLOW_SHARE, Call, Lines


class Clock:
    """Goes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lines(clock: Clock) -> Lines:
    return Lines(clock)


def call(lines: Lines, subscriber: str) -> Call:
    taken = lines.take(subscriber)
    assert taken is not None
    return taken


def end(lines: Lines, taken: Call, *, failed: bool = False) -> None:
    lines.over(taken, failed=failed)
    lines.give_back(taken)


def test_a_quick_subscriber_may_have_all_quick_lines_and_no_more(lines: Lines) -> None:
    for _ in range(QUICK):
        call(lines, "quick")
    assert (lines.free(), lines.take("quick")) == (0, None)


def test_calls_that_go_on_leave_their_lines_to_others(lines: Lines, clock: Clock) -> None:
    for _ in range(QUICK):
        call(lines, "silent")
    assert lines.free() == 0
    assert lines.waiting_seconds() == LEAVE_SECONDS
    clock.now = LEAVE_SECONDS
    assert lines.free() == QUICK
    assert lines.take("other") is not None


def test_whoever_takes_long_has_a_share_and_whoever_only_takes_a_while_has_all_lines(
        lines: Lines, clock: Clock) -> None:
    under_way = [call(lines, "silent") for _ in range(SLOW_SHARE)]
    clock.now = LEAVE_SECONDS
    assert lines.free() == QUICK
    assert lines.take("silent") is not None, "it may yet answer"
    clock.now = SLOW_SECONDS
    assert lines.free() == QUICK
    assert lines.take("silent") is None, "it has its share, and more"
    end(lines, under_way[0])
    assert lines.take("silent") is not None, "it did answer"


def test_whoever_failed_has_a_share_of_the_slow_lines_until_a_call_goes_well(lines: Lines) -> None:
    end(lines, call(lines, "shaky"), failed=True)
    under_way = [call(lines, "shaky") for _ in range(SLOW_SHARE)]
    assert lines.take("shaky") is None
    assert lines.free() == QUICK, "slow lines are others"
    end(lines, under_way[0])
    assert all(lines.take("shaky") for _ in range(QUICK))


def test_when_all_slow_lines_are_taken_a_call_keeps_the_line_it_has(lines: Lines, clock: Clock) -> None:
    for number in range(SLOW // QUICK):
        for _ in range(QUICK):
            call(lines, f"silent {number}")
        clock.now += SLOW_SECONDS
        assert lines.free() == QUICK
    call(lines, "one more")
    clock.now += SLOW_SECONDS
    assert lines.free() == QUICK - 1
    assert lines.waiting_seconds() is None, "waiting would not help"
    assert lines.take("silent 0") is None


def test_lines_given_back_are_free(lines: Lines) -> None:
    taken = [call(lines, "quick") for _ in range(QUICK)]
    for one in taken:
        end(lines, one)
    assert lines.free() == QUICK
