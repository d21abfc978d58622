"""Durable jobs: what must happen next, kept with the change that asks for it.

A job's id is tenant/kind/subject, so there is one at most for a subject; asking for it again while it runs makes it
run once more afterwards. A worker owns what it has claimed until its lease ends; every claim has a number, and
whoever comes back with an older one is told that the job is no longer theirs. What cannot succeed is buried:
visible, and revived by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.document import read, write
from lso.store.schema import jobs
from lso.store.statement import Statement
from lso.store.upsert import upsert

Document = dict[str, Any]
State = Literal["ready", "done", "dead"]


@dataclass(frozen=True, slots=True)
class Job:
    """wanted: how often it was asked for; claim: the number of the claim that this copy stems from."""

    id: str
    tenant: str
    kind: str
    subject: str
    payload: Document
    state: State
    due_at: float | None
    attempts: int
    wanted: int
    claim: int
    lease_until: float | None
    lease_owner: str | None
    last_error: str | None


_FIELDS = ("id", "tenant", "kind", "subject", "payload", "state", "due_at", "attempts", "wanted", "claim",
           "lease_until", "lease_owner", "last_error")
_ALL = tuple(jobs.c[name] for name in _FIELDS)
_FREE = sa.or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < bindparam("now"))
_DUE = sa.and_(jobs.c.due_at <= bindparam("now"), _FREE)
_MINE = sa.and_(
    jobs.c.id == bindparam("job"), jobs.c.claim == bindparam("held"), jobs.c.lease_owner == bindparam("owner"),
)
_AGAIN = jobs.c.wanted != bindparam("seen")
_RELEASED = {"lease_until": None, "lease_owner": None}

_new = upsert(jobs).values(
    id=bindparam("id"), tenant=bindparam("tenant"), kind=bindparam("kind"), subject=bindparam("subject"),
    payload=bindparam("payload"), state="ready", due_at=bindparam("due_at"), told_until=bindparam("told_until"),
    attempts=0, wanted=1, claim=0, created_at=bindparam("created_at"),
)
_ADD = Statement(_new.on_conflict_do_update(index_elements=["id"], set_={
    "payload": _new.excluded.payload, "state": "ready", "attempts": 0, "wanted": jobs.c.wanted + 1, "settled_at": None,
    "due_at": sa.case((jobs.c.due_at < _new.excluded.due_at, jobs.c.due_at), else_=_new.excluded.due_at),
    "told_until": _new.excluded.told_until,
}))
_CLAIMED = {"attempts": jobs.c.attempts + 1, "claim": jobs.c.claim + 1, "lease_until": bindparam("until"),
            "lease_owner": bindparam("new_owner")}
_CLAIM = Statement(sa.update(jobs).where(jobs.c.id == bindparam("job"), _DUE).values(_CLAIMED).returning(*_ALL))
_CLAIM_ANY = Statement(
    sa.update(jobs).where(jobs.c.id.in_(
        sa.select(jobs.c.id).where(_DUE).order_by(jobs.c.due_at).limit(bindparam("most")).with_for_update(skip_locked=True)
    )).values(_CLAIMED).returning(*_ALL)
)
_RENEW = Statement(sa.update(jobs).where(_MINE).values(lease_until=bindparam("until")))
_RESCHEDULE = Statement(sa.update(jobs).where(_MINE).values(
    due_at=sa.case((_AGAIN, jobs.c.due_at), else_=bindparam("new_due_at")), told_until=bindparam("new_told_until"),
    attempts=bindparam("new_attempts"), last_error=bindparam("error"), **_RELEASED,
))
_FINISH = Statement(sa.update(jobs).where(_MINE).values(
    state=sa.case((_AGAIN, "ready"), else_="done"), due_at=sa.case((_AGAIN, jobs.c.due_at), else_=sa.null()),
    settled_at=sa.case((_AGAIN, sa.null()), else_=bindparam("at")), attempts=0, last_error=None, told_until=0.0,
    **_RELEASED,
))
_BURY = Statement(
    sa.update(jobs).where(_MINE).values(state="dead", due_at=None, last_error=bindparam("error"), **_RELEASED)
)
_REVIVE = Statement(sa.update(jobs).where(
    jobs.c.tenant == bindparam("owner_tenant"), jobs.c.id == bindparam("job"), jobs.c.state == "dead",
).values(state="ready", attempts=0, due_at=bindparam("new_due_at"), told_until=0.0))
_FETCH = Statement(sa.select(*_ALL).where(jobs.c.tenant == bindparam("tenant"), jobs.c.id == bindparam("job")))
_DEAD = Statement(sa.select(*_ALL).where(
    jobs.c.tenant == bindparam("tenant"), jobs.c.state == "dead", jobs.c.last_error.is_not(None),
).order_by(jobs.c.id))
_FAILING = Statement(sa.select(*_ALL).where(
    jobs.c.tenant == bindparam("tenant"), jobs.c.state == "ready", jobs.c.last_error.is_not(None),
    jobs.c.attempts >= bindparam("least"),
).order_by(jobs.c.id))
_FORGOTTEN = Statement(
    sa.select(jobs.c.id).where(_DUE, jobs.c.told_until <= bindparam("now"))
    .order_by(jobs.c.due_at).limit(bindparam("most"))
)
_TELL = Statement(sa.update(jobs).where(jobs.c.id == bindparam("job")).values(told_until=bindparam("until")))
_PURGE = Statement(sa.delete(jobs).where(jobs.c.id.in_(
    sa.select(jobs.c.id).where(jobs.c.settled_at < bindparam("before")).limit(bindparam("most"))
), jobs.c.state == "done"))


def add(connection: Connection, tenant: str, kind: str, subject: str, *, due_at: float, payload: Document | None = None,
        grace: float = 1.0) -> str:
    """Ask for a job and return its id. The sweeper leaves it to whoever is told at once, for `grace` seconds."""
    id = f"{tenant}/{kind}/{subject}"
    _ADD.later(connection, {
        "id": id, "tenant": tenant, "kind": kind, "subject": subject, "payload": write(payload or {}),
        "due_at": due_at, "told_until": due_at + grace, "created_at": due_at,
    })
    return id


def claim(connection: Connection, ids: Sequence[str] | int, *, owner: str, lease_seconds: float,
          now: float) -> list[Job]:
    """Take jobs that are due and free, by their ids or so many of any; only those returned are the owner's."""
    values = {"new_owner": owner, "until": now + lease_seconds, "now": now}
    if isinstance(ids, int):
        rows = _CLAIM_ANY.rows(connection, values | {"most": ids})
    else:
        rows = [row for id in sorted(set(ids)) for row in _CLAIM.rows(connection, values | {"job": id})]
    return [_job(row) for row in rows]


def renew(connection: Connection, job: Job, *, until: float) -> bool:
    """Keep a job longer; false when it is no longer ours."""
    return _RENEW.change(connection, _mine(job) | {"until": until}) == 1


def reschedule(connection: Connection, job: Job, *, due_at: float, error: str | None = None,
               attempts: int | None = None, grace: float = 0.0) -> bool:
    """Let go of a job until later, or at once when it was asked for meanwhile. One that got on sets `attempts` to 0."""
    return _RESCHEDULE.change(connection, _mine(job) | {
        "seen": job.wanted, "new_due_at": due_at, "new_told_until": due_at + grace, "error": error,
        "new_attempts": job.attempts if attempts is None else attempts,
    }) == 1


def finish(connection: Connection, job: Job, *, now: float) -> bool:
    """The job is done, unless it was asked for meanwhile: then it is ready again. False when it is no longer ours."""
    return _FINISH.change(connection, _mine(job) | {"seen": job.wanted, "at": now}) == 1


def bury(connection: Connection, job: Job, *, error: str) -> bool:
    """The job cannot succeed."""
    return _BURY.change(connection, _mine(job) | {"error": error}) == 1


def revive(connection: Connection, tenant: str, id: str, *, now: float) -> bool:
    """Try a buried job again."""
    return _REVIVE.change(connection, {"owner_tenant": tenant, "job": id, "new_due_at": now}) == 1


def fetch(connection: Connection, tenant: str, id: str) -> Job | None:
    """A job of this tenant."""
    row = _FETCH.row(connection, {"tenant": tenant, "job": id})
    return None if row is None else _job(row)


def dead(connection: Connection, tenant: str) -> list[Job]:
    """The buried jobs of a tenant."""
    return [_job(row) for row in _DEAD.rows(connection, {"tenant": tenant})]


def failing(connection: Connection, tenant: str, *, attempts_least: int) -> list[Job]:
    """The jobs of a tenant that have failed so many times in a row, and are still tried."""
    return [_job(row) for row in _FAILING.rows(connection, {"tenant": tenant, "least": attempts_least})]


def forgotten(connection: Connection, now: float, limit: int) -> list[str]:
    """Ids of jobs that are due, free, and that nobody was told about lately: of all tenants, for the sweeper."""
    return [row[0] for row in _FORGOTTEN.rows(connection, {"now": now, "most": limit})]


def tell(connection: Connection, ids: Sequence[str], *, until: float) -> None:
    """Somebody was told about these jobs: they are not forgotten before `until`."""
    for id in sorted(set(ids)):
        _TELL.later(connection, {"job": id, "until": until})


def purge(connection: Connection, *, before: float, limit: int = 500) -> int:
    """Drop jobs that were done before a time; says how many."""
    return _PURGE.change(connection, {"before": before, "most": limit})


def _mine(job: Job) -> dict[str, Any]:
    return {"job": job.id, "held": job.claim, "owner": job.lease_owner}


def _job(row: tuple[Any, ...]) -> Job:
    return Job(*[*row[:4], read(row[4]), *row[5:]])
