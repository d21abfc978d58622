"""`lso mapping`: checks the mapping tables against the specifications, and shows what they compile to."""

from __future__ import annotations

import sys

import click

from lso.settings import data_folder


@click.group()
def mapping() -> None:
    """The tables between a dialect and the canonical model."""


@mapping.command()
@click.argument("names", nargs=-1)
@click.option("--quiet", is_flag=True, help="Only what must be mended.")
def check(names: tuple[str, ...], quiet: bool) -> None:
    """Hold the tables (all, or those named) against their specifications; print coverage; fail on any error."""
    from lso.lens.catalogue import Specifications, lawful, tables
    from lso.lens.check import check as hold

    folder = data_folder("mappings")
    specifications = Specifications(data_folder("specs"))
    known = lawful(folder)
    found = {table.name: table for table in tables(folder)}
    if unknown := set(names) - set(found):
        raise click.ClickException(f"no mapping {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    errors = 0
    for table in (found[name] for name in (names or found)):
        report = hold(table, *specifications.of(table), tested=known)
        errors += len(report.errors)
        if not quiet:
            click.echo(report)
        elif report.errors:
            click.echo("\n".join(map(str, report.errors)))
    if errors:
        click.echo(f"{errors} to be mended", err=True)
        sys.exit(1)


@mapping.command()
@click.argument("name")
@click.option("--direction", type=click.Choice(["read", "write", "both"]), default="both", show_default=True)
def show(name: str, direction: str) -> None:
    """Print the Python that a table compiles to: reading it, writing it."""
    from lso.dialects.book import book

    try:
        found = book().mapping(name)
    except LookupError:
        raise click.ClickException(f"no mapping {name}") from None
    for label, lens in (("read", found.read), ("write", found.write)):
        if direction in (label, "both"):
            click.echo(f"# {name}: {label}\n{lens.source}")
