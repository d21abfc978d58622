"""How a step of the work is kept: with what becomes of its job, in one transaction or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from lso.errors import Conflict
from lso.store.engine import Store
from lso.store.job import Job
from lso.workflow.job import Overtaken, again, finished, kept

T = TypeVar("T")
GRACE_SECONDS = 0.5  # how long the sweeper leaves a job to the process that remembers when it is due


def keep(store: Store, work: Callable[[Connection], T]) -> T:
    """Commit a step. Raises Overtaken when what it rests on was changed by somebody else meanwhile."""
    try:
        return store.commit_now(work)
    except Conflict as error:
        raise Overtaken from error


def leave(connection: Connection, job: Job, *, over: bool, due_at: float | None, lease_seconds: float) -> None:
    """Part of a step's transaction: the job is done, or due again then; with neither it is ours for another lease."""
    now = time.time()
    if over:
        finished(connection, job, now=now)
    elif due_at is not None:
        again(connection, job, due_at=due_at, grace=GRACE_SECONDS)
    else:
        kept(connection, job, until=now + lease_seconds)
