"""What is needed of the process: somebody to wake, and the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Waker(Protocol):
    """Told after a commit that jobs are due; must never block, may lose everything (the sweeper finds it)."""

    def wake(self, job_ids: Sequence[str]) -> None:
        """These jobs are ready."""
        ...

    def wake_deliveries(self) -> None:
        """There are events to deliver."""
        ...


class Clock(Protocol):
    """The time, in UTC, aware."""

    def __call__(self) -> datetime:
        """Now."""
        ...
