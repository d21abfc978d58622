"""Measures functions in turns, so that whatever else the machine does falls on all of them alike.

Processor time of the thread counts, not the clock on the wall, and a ratio is the median of the rounds' ratios: the
two sides of each were measured within milliseconds of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import thread_time
from typing import Any

from lso.gateway.front import settle

ROUNDS = 100
SLICE_SECONDS = 0.002

Contender = Callable[[], Any]


@dataclass(frozen=True)
class Rounds:
    """Seconds per call of each contender, one for every round."""

    taken: Mapping[str, list[float]]

    def seconds(self, name: str) -> float:
        """The median."""
        return median(self.taken[name])

    def ratio(self, name: str, other: str) -> float:
        """How many times as long one takes as another."""
        return median(one / two for one, two in zip(self.taken[name], self.taken[other], strict=True))


def in_turns(contenders: Mapping[str, Contender], rounds: int = ROUNDS) -> Rounds:
    """A, B, C, A, B, C, …: each turn a slice of many calls. What is made when it is first asked for is made before."""
    for contender in contenders.values():
        contender()
    calls = {name: _calls_in_a_slice(contender) for name, contender in contenders.items()}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    settle()  # the collector as the service sets it
    for _ in range(rounds):
        for name, contender in contenders.items():
            taken[name].append(_measure(contender, calls[name]) / calls[name])
    return Rounds(taken)


def _measure(contender: Contender, calls: int) -> float:
    turns = range(calls)
    began = thread_time()
    for _ in turns:
        contender()
    return thread_time() - began


def _calls_in_a_slice(contender: Contender) -> int:
    calls = 1
    while _measure(contender, calls) < SLICE_SECONDS:
        calls *= 2
    return calls
