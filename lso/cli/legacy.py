"""`lso legacy`: an emulated legacy system as a server of its own, spoken to in SOAP."""

from __future__ import annotations

from pathlib import Path

import click

from lso.cli.program import serve
from lso.settings import settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8091, show_default=True)
@click.option("--state", type=click.Path(path_type=Path), help="its SQLite file  [default: legacy.sqlite3 under var]")
@click.option("--repeatable/--not-repeatable", default=True, show_default=True,
              help="whether an order number that was taken before stands for the same order")
def legacy(host: str, port: int, state: Path | None, repeatable: bool) -> None:
    """Serve an emulated legacy system, until told to stop."""
    from lso.backends.sandbox.embedded import Sandbox
    from lso.backends.soap.legacy import Legacy, create_server

    chosen = settings()
    network = Sandbox(state or chosen.var / "legacy.sqlite3", lead_seconds=chosen.sandbox_lead_seconds)
    serve(create_server(Legacy(network, repeatable=repeatable)), network, host=host, port=port, name="legacy system",
          path="/serviceOrder")
