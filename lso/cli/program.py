"""How a pretend system runs as a server of its own: until it is told to stop, and then cleanly."""

from __future__ import annotations

import signal
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

    from lso.backends.sandbox.embedded import Sandbox


def serve(app: Flask, network: Sandbox, *, host: str, port: int, name: str, path: str = "") -> None:
    """Serve until told to stop, and give the network back. `path` is where its first address is."""
    from werkzeug.serving import make_server

    server = make_server(host, port, app, threaded=True)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    click.echo(f"{name} on http://{host}:{server.port}{path}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo(f"{name} stopped")
    finally:
        network.close()
