"""Named leases of the platform: of all processes, one at a time may do what a name stands for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.schema import leases
from lso.store.statement import Statement
from lso.store.upsert import upsert

_new = upsert(leases).values(name=bindparam("name"), owner=bindparam("owner"), until=bindparam("until"))
_TAKE = Statement(_new.on_conflict_do_update(
    index_elements=["name"], set_={"owner": _new.excluded.owner, "until": _new.excluded.until},
    where=sa.or_(leases.c.owner == bindparam("owner"), leases.c.until < bindparam("now")),
))
_RELEASE = Statement(
    sa.delete(leases).where(leases.c.name == bindparam("released"), leases.c.owner == bindparam("held_by"))
)


def take(connection: Connection, name: str, *, owner: str, seconds: float, now: float) -> bool:
    """Take or renew a lease; false while another owner has it."""
    return _TAKE.change(connection, {"name": name, "owner": owner, "until": now + seconds, "now": now}) == 1


def release(connection: Connection, name: str, *, owner: str) -> None:
    """Give a lease back, if it is ours."""
    _RELEASE.change(connection, {"released": name, "held_by": owner})
