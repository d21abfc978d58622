"""`lso places`: the gazetteer that addresses are validated against, and the sites that buyers are shown."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lso.lifecycle.postal import is_country
from lso.settings import settings
from lso.store.engine import open_store

SHOWN_MOST = 50


@click.group()
def places() -> None:
    """Addresses and sites: import, index."""


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", help="whose they are; default: everybody's")
@click.option("--country", default="", callback=lambda _context, _option, said: iso(said),
              help="of rows that name none: its name or code (ISO 3166-1)")
def import_file(file: Path, tenant: str | None, country: str) -> None:
    """Keep the places in FILE, CSV or GeoJSON; rows that cannot be read are told by line and skipped."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from lso.canonical.price_row import EVERYBODY
    from lso.service.place_file import Reading
    from lso.service.place_import import import_places
    from lso.store import tenant as tenants
    from lso.store.gazetteer_filling import make_room

    reading, skipped = Reading(file), 0

    def report(line: int, why: str) -> None:
        nonlocal skipped
        skipped += 1
        if skipped <= SHOWN_MOST:
            click.echo(f"{reading.counted} {line}: {why}", err=True)

    with open_store(settings().store_url) as store:
        if tenant is not None and store.query_now(lambda c: tenants.newest_profile(c, tenant)) is None:
            raise click.ClickException(f"there is no tenant {tenant}")
        store.commit_now(make_room)
        bar = Progress(TextColumn(file.name), BarColumn(), MofNCompleteColumn(), TextColumn("bytes"),
                       TimeElapsedColumn(), disable=not sys.stderr.isatty())
        with bar:
            task = bar.add_task("", total=file.stat().st_size)
            found = import_places(store, reading.rows(lambda count: bar.advance(task, count)),
                                  tenant=tenant or EVERYBODY, country=country, report=report)
    if skipped > SHOWN_MOST:
        click.echo(f"{skipped - SHOWN_MOST} more", err=True)
    if reading.unread:
        click.echo(f"columns that nobody reads: {', '.join(reading.unread)[:500]}", err=True)
    click.echo(f"{found.addresses} addresses and {found.sites} sites kept, {found.skipped} rows skipped")


def iso(country: str) -> str:
    """A country that there is, as it was said; nothing where none was."""
    if country and not is_country(country):
        raise click.BadParameter(f"no country of ISO 3166-1 is called {country}")
    return country


@places.command()
def index() -> None:
    """Have PostgreSQL find misspelt names by trigrams, once its extension pg_trgm may be made."""
    from lso.store import likeness

    with open_store(settings().store_url) as store:
        store.commit_now(likeness.index)
    click.echo("names are found by trigrams")
