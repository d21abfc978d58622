"""`lso items`: items whose fate a back end left in the dark. A person finds out, and says it here."""

from __future__ import annotations

import dataclasses
import time

import click
from sqlalchemy import Connection

from lso.settings import settings
from lso.store import job as jobs
from lso.store import reference as references
from lso.store import tenant as tenants
from lso.store.document import indexed
from lso.store.engine import open_store
from lso.store.reference import Reference


@click.group()
def items() -> None:
    """Items that are parked: see, resolve."""


@items.command()
@click.option("--tenant", help="only this tenant's")
def parked(tenant: str | None) -> None:
    """Print them, the oldest first: order, item, back end, their id, why."""
    from lso.workflow.view import PARKED

    def read(connection: Connection) -> list[Reference]:
        named = [profile.tenant for profile in tenants.profiles(connection)] if tenant is None else [tenant]
        return [one for name in named for one in references.in_state(connection, name, PARKED)]

    with open_store(settings().store_url) as store:
        for one in store.query_now(read):
            click.echo("\t".join((one.tenant, one.order_id, one.item_id, one.backend, one.their_id or "-",
                                  one.reason or "")))


@items.command()
@click.argument("order")
@click.argument("item")
@click.option("--done", metavar="SERVICE_ID", help="it was done, and this is what the back end calls the service")
@click.option("--failed", metavar="REASON", help="it was not done and will not be; the buyer is told the reason")
@click.option("--repeat", is_flag=True, help="it was not done: ask the back end again")
def resolve(order: str, item: str, done: str | None, failed: str | None, repeat: bool) -> None:
    """Say what became of ITEM of ORDER; the order goes on from there."""
    from lso.workflow.view import AGAIN, TOLD_DONE, TOLD_FAILED

    if [done is not None, failed is not None, repeat].count(True) != 1:
        raise click.UsageError("give one of --done, --failed and --repeat")
    now = time.time()

    def settled(one: Reference) -> Reference:
        if done is not None:
            return dataclasses.replace(one, state=TOLD_DONE, their_id=done, reason=None)
        if failed is not None:
            return dataclasses.replace(one, state=TOLD_FAILED, reason=failed[:255])
        return dataclasses.replace(one, state=AGAIN, their_id=None, asked_at=now, reason=None)

    def work(connection: Connection) -> bool:
        found = _parked(connection, order, item)
        if found is None:
            return False
        references.put(connection, settled(found))
        jobs.add(connection, found.tenant, "order", found.order_id, due_at=now, grace=0.0)
        return True

    with open_store(settings().store_url) as store:
        if not store.commit_now(work):
            raise click.ClickException("there is no such item among those that are parked")
    click.echo("resolved")


def _parked(connection: Connection, order: str, item: str) -> Reference | None:
    from lso.workflow.view import PARKED

    for profile in tenants.profiles(connection):
        for one in references.of_order(connection, profile.tenant, order):
            if one.item_id == indexed(item) and one.state == PARKED:
                return one
    return None
