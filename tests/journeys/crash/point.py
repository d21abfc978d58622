"""Ends the process right before or after its n-th commit or call. Nothing of it is in the service itself."""

from __future__ import annotations

import functools
import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from lso.backends.sandbox.embedded import Sandbox
from lso.backends.wire import Wire
from lso.store.engine import Store
from lso.workflow import delivery

Kind = Literal["commit", "call", "delivery"]
ENDED = 77
JOBS, CALLBACKS = "ThreadPoolExecutor", "callback"


class Point(NamedTuple):
    """commit: of a job. call: of a back end. delivery: the call of a subscriber, and the commit of what came of it."""

    when: Literal["before", "after"]
    kind: Kind
    number: int


def lay(point: Point | None) -> Counter[str]:
    """From now on this process ends at the point; counts what is passed."""
    passed: Counter[str] = Counter()
    lock = threading.Lock()

    def ending(kind: Kind, function: Callable[..., Any], thread: str = "") -> Callable[..., Any]:
        @functools.wraps(function)
        def passing(*given: Any, **named: Any) -> Any:
            if not threading.current_thread().name.startswith(thread):
                return function(*given, **named)
            with lock:
                passed[kind] += 1
                here = point is not None and (kind, passed[kind]) == (point.kind, point.number)
            if here and point and point.when == "before":
                os._exit(ENDED)
            result = function(*given, **named)
            if here:
                os._exit(ENDED)
            return result
        return passing

    commit = Store.commit_now
    Store.commit_now = ending("commit", ending("delivery", commit, CALLBACKS), JOBS)  # type: ignore[method-assign]
    delivery.post = ending("delivery", delivery.post)
    Wire.send = ending("call", Wire.send)  # type: ignore[method-assign]
    for name in [name for name in vars(Sandbox) if name in CALLS]:
        setattr(Sandbox, name, ending("call", getattr(Sandbox, name)))
    return passed


# What a back end is asked, in the words of lifecycle.ports.back_end.BackEnd.
CALLS = {"feasible", "submit", "look", "would_cancel", "cancel", "would_reschedule", "reschedule", "charge_answered"}
