"""Measures functions in turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any

ROUNDS = 60
SLICE_SECONDS = 0.003

Contender = Callable[[], Any]


def in_turns(contenders: Mapping[str, Contender], rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds per call of each: A, B, C, A, B, C, … each turn a slice of many calls."""
    calls = {name: _calls_in_a_slice(contender) for name, contender in contenders.items()}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.freeze()  # as the service does after start-up: what is measured is not the collection of what is not
    try:
        for _ in range(rounds):
            for name, contender in contenders.items():
                taken[name].append(_measure(contender, calls[name]) / calls[name])
    finally:
        gc.unfreeze()
    return {name: median(times) for name, times in taken.items()}


def _measure(contender: Contender, calls: int) -> float:
    turns = range(calls)
    began = perf_counter()
    for _ in turns:
        contender()
    return perf_counter() - began


def _calls_in_a_slice(contender: Contender) -> int:
    calls = 1
    while (took := _measure(contender, calls)) < SLICE_SECONDS:
        calls = max(calls * 2, int(calls * SLICE_SECONDS / max(took, 1e-7)) if took > SLICE_SECONDS / 10 else 0)
    return calls
