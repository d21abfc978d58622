"""`lso jobs`: jobs that were given up, because a back end stayed away or something was wrong with us."""

from __future__ import annotations

import time

import click
from sqlalchemy import Connection

from lso.settings import settings
from lso.store import job
from lso.store import tenant as tenants
from lso.store.engine import open_store
from lso.store.job import Job


@click.group()
def jobs() -> None:
    """Jobs that were given up: see, revive."""


@jobs.command("list")
def show() -> None:
    """Print them: id, attempts, last error."""
    with open_store(settings().store_url) as store:
        for found in store.query_now(_dead):
            click.echo(f"{found.id}\t{found.attempts} attempts\t{found.last_error or ''}")


@jobs.command()
@click.argument("identifier", metavar="ID")
def revive(identifier: str) -> None:
    """Try the job ID again, from its first attempt."""
    tenant = identifier.partition("/")[0]
    with open_store(settings().store_url) as store:
        if not store.commit_now(lambda connection: job.revive(connection, tenant, identifier, now=time.time())):
            raise click.ClickException("there is no such job among those given up")
    click.echo("revived")


def _dead(connection: Connection) -> list[Job]:
    return [found for profile in tenants.profiles(connection) for found in job.dead(connection, profile.tenant)]
