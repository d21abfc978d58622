"""`lso worker` and `lso beat`: the processes beside the layers, when there is a broker."""

from __future__ import annotations

import click

from lso.settings import settings


@click.command()
def worker() -> None:
    """Take jobs and deliver events until told to stop."""
    from lso.cli.composition import back_ends, foundation
    from lso.cli.layer import own_layer
    from lso.workflow import worker as workers

    chosen = settings()
    with foundation(chosen) as base, back_ends(base) as router, own_layer(base):
        raise SystemExit(workers.run(base.store, base.book, router, chosen, sign=base.sign, place=base.place))


@click.command()
def beat() -> None:
    """Ask workers to look for forgotten work, every so often."""
    from lso.workflow import beat as beats

    if settings().broker_url.startswith("memory:"):
        raise click.ClickException("A beat of its own needs a broker that workers listen to: set LSO_BROKER_URL.")
    beats.run(settings())
