"""`lso spec`: are the specifications whole, what do they promise, and what of it do we serve.

The check puts the layers together as `lso serve` does, over a store of its own that is thrown away: what it says is
served is what would be served.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from lso.settings import data_folder, settings

if TYPE_CHECKING:
    from lso.gateway.world import World


@click.group()
def spec() -> None:
    """The specifications: what we promise."""


@spec.command("list")
def list_editions() -> None:
    """Print each edition: its name, version, audience, base path, document and mapping."""
    from lso.dialects.edition import load_editions

    for one in load_editions(data_folder("specs")):
        click.echo("\t".join((one.edition, one.version, one.audience, one.base_path or "/", one.document,
                              one.mapping or "-")))


@spec.command()
@click.option("--specs", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="another folder of specifications, to be tried in place of ours")
@click.option("--quiet", is_flag=True, help="Only what must be mended.")
def check(specs: Path | None, quiet: bool) -> None:
    """Load every document, resolve its references, compile its validators; print what is served; fail on any error."""
    from lso.cli.soundness import of_editions, of_products

    folder = specs or data_folder("specs")
    problems = [f"products: {reason}" for reason in of_products(folder)]
    if not problems:  # every edition that knows products rests on them
        with _world(folder) as world:
            problems = list(of_editions(world, (lambda _line: None) if quiet else click.echo))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo(f"{len(problems)} to be mended", err=True)
        sys.exit(1)


@contextmanager
def _world(specs: Path) -> Iterator[World]:
    """All that the layers need, over an empty store and with nobody at work."""
    from lso.cli.composition import foundation, world
    from lso.cli.soundness import described
    from lso.dialects.book import Book

    with TemporaryDirectory() as var:
        alone = {"var": Path(var), "database_url": "", "broker_url": "memory://", "worker_threads": 0}
        with foundation(settings().model_copy(update=alone)) as base:
            try:
                opened = Book(data_folder("mappings"), specs)
            except Exception as wrong:
                raise click.ClickException(f"editions.yaml: {described(wrong)}") from wrong
            with world(replace(base, book=opened)) as parts:
                yield replace(parts, specs=specs)
