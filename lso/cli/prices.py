"""`lso prices import | list | remove`: what offerings cost."""

from __future__ import annotations

from pathlib import Path

import click

from lso.canonical.price_row import EVERYBODY
from lso.settings import settings
from lso.store import price as books
from lso.store.engine import open_store

SHOWN_MOST = 100


@click.group()
def prices() -> None:
    """Price books: what offerings cost, by place, bandwidth, term and tenant."""


@prices.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Keep the rows of FILE (CSV). Rows that are wrong are reported with their line and skipped; the same file may be
    imported again."""
    from rich.console import Console
    from rich.progress import Progress

    from lso.service.price_book import Bad, import_file

    faults = 0
    console = Console(stderr=True)

    def bad(one: Bad) -> None:
        nonlocal faults
        faults += 1
        if faults <= SHOWN_MOST:
            click.echo(str(one), err=True)

    with open_store(settings().store_url) as store, Progress(console=console, transient=True) as progress:
        task = progress.add_task(file.name, total=max(1, file.stat().st_size))
        kept = import_file(store, file, bad=bad, done=lambda read: progress.update(task, completed=read))
    if faults > SHOWN_MOST:
        click.echo(f"… and {faults - SHOWN_MOST} faults more", err=True)
    click.echo(f"{kept} prices kept, {faults} faults")


@prices.command("list")
def list_prices() -> None:
    """Whose prices there are (* is everybody's), for which offering, and how many."""
    with open_store(settings().store_url) as store:
        for tenant, offering, count in store.query_now(books.offerings):
            click.echo(f"{tenant}\t{offering}\t{count}")


@prices.command()
@click.argument("offering")
@click.option("--tenant", default=EVERYBODY, help="Whose; by default those that are everybody's.")
def remove(offering: str, tenant: str) -> None:
    """Forget the prices of OFFERING. Quotes that were given stay as they are."""
    with open_store(settings().store_url) as store:
        gone = store.commit_now(lambda connection: books.drop(connection, tenant, offering))
    click.echo(f"{gone} prices removed")
