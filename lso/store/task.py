"""Works that wait for the writer, and how those who wait for them are told."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Task(Generic[T]):
    """A work on its way; `loop` is where its future lives, None for a thread's."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Connection], T], loop: asyncio.AbstractEventLoop | None) -> None:
        self.work = work
        self.loop = loop
        self.future: Any = concurrent.futures.Future() if loop is None else loop.create_future()
        self.result: T | None = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits; where its future lives."""
        if self.future.done():  # its caller went away
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def settle(group: Iterable[Task[Any]]) -> None:
    """Wake the callers: threads one by one, each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Task[Any]]] = {}
    for task in group:
        if task.loop is None:
            task.settle()
        else:
            by_loop.setdefault(task.loop, []).append(task)
    for loop, tasks in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, tasks)
        except RuntimeError:  # the loop is closed: nobody is left to tell
            continue


def _settle_all(tasks: list[Task[Any]]) -> None:
    for task in tasks:
        task.settle()
