"""`lso legacy`: an emulated legacy system as a server of its own, spoken to in SOAP."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import click

from lso.settings import settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8091, show_default=True)
@click.option("--state", type=click.Path(path_type=Path), help="its SQLite file  [default: legacy.sqlite3 under var]")
@click.option("--repeatable/--not-repeatable", default=True, show_default=True,
              help="whether an order number that was taken before stands for the same order")
def legacy(host: str, port: int, state: Path | None, repeatable: bool) -> None:
    """Serve an emulated legacy system, until told to stop."""
    from werkzeug.serving import make_server

    from lso.backends.sandbox.embedded import Sandbox
    from lso.backends.soap.legacy import Legacy, create_server

    chosen = settings()
    network = Sandbox(state or chosen.var / "legacy.sqlite3", lead_seconds=chosen.sandbox_lead_seconds)
    server = make_server(host, port, create_server(Legacy(network, repeatable=repeatable)), threaded=True)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    click.echo(f"legacy system on http://{host}:{server.port}/serviceOrder")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("legacy system stopped")
    finally:
        network.close()
