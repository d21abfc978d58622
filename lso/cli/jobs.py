"""`lso jobs`: jobs that a back end which stays away, or something wrong with us, keeps from being done."""

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
    """Jobs that were given up, or fail again and again: see, revive."""


@jobs.command("list")
def show() -> None:
    """Print them: id, attempts, whether still tried, last error."""
    with open_store(settings().store_url) as store:
        for found in store.query_now(_troubled):
            said = "given up" if found.state == "dead" else "still tried"
            click.echo(f"{found.id}\t{found.attempts} attempts\t{said}\t{found.last_error or ''}")


@jobs.command()
@click.argument("identifier", metavar="ID")
def revive(identifier: str) -> None:
    """Try the job ID again, from its first attempt."""
    tenant = identifier.partition("/")[0]
    with open_store(settings().store_url) as store:
        if not store.commit_now(lambda connection: job.revive(connection, tenant, identifier, now=time.time())):
            raise click.ClickException("there is no such job among those given up")
    click.echo("revived")


def _troubled(connection: Connection) -> list[Job]:
    least = settings().attempts_most
    return [found for profile in tenants.profiles(connection)
            for found in (*job.dead(connection, profile.tenant),
                          *job.failing(connection, profile.tenant, attempts_least=least))]
