"""`lso activity ORDER`: what was said to back ends about an order, and what they answered."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy import Connection

from lso.settings import settings
from lso.store import activity as activities
from lso.store import tenant as tenants
from lso.store.activity import Activity
from lso.store.engine import open_store


@click.command()
@click.argument("order")
@click.option("--item", help="only what concerns this item")
@click.option("--bodies/--no-bodies", default=True, show_default=True)
def activity(order: str, item: str | None, bodies: bool) -> None:
    """Print every exchange with a back end about ORDER, both legs, without secrets and contact data."""
    def read(connection: Connection) -> list[Activity]:
        return [one for profile in tenants.profiles(connection)
                for one in activities.of_order(connection, profile.tenant, order)]

    with open_store(settings().store_url) as store:
        found = [one for one in store.query_now(read) if item in (None, one.item_id)]
    if not found:
        raise click.ClickException("nothing is recorded of such an order")
    for one in found:
        at = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds")
        end = one.outcome if one.status is None else str(one.status)
        click.echo(f"{at}  {one.backend}  item {one.item_id}  {one.request_line}  {end}  {one.seconds * 1000:.0f} ms")
        for mark, body in ((">", one.request), ("<", one.response)):
            if bodies and body:
                click.echo("\n".join(f"  {mark} {line}" for line in body.splitlines()))
