"""`lso sandbox`: the pretend network as a server of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lso.cli.program import serve
from lso.settings import settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8090, show_default=True)
@click.option("--state", type=click.Path(path_type=Path), help="its SQLite file  [default: sandbox.sqlite3 under var]")
@click.option("--places", type=click.Path(exists=True, path_type=Path),
              help="YAML file of places: an id each, with ports, mbps, lead_seconds, behaviour, amount")
def sandbox(host: str, port: int, state: Path | None, places: Path | None) -> None:
    """Serve the pretend network over HTTP, until told to stop."""
    from lso.backends.sandbox.embedded import Sandbox
    from lso.backends.sandbox.server import create_server

    network = Sandbox(state or settings().var / "sandbox.sqlite3", lead_seconds=settings().sandbox_lead_seconds,
                      only_listed=settings().sandbox_only_listed)
    if places:
        network.keep_places(replace(network.usual(place_id), **described)
                            for place_id, described in _read(places).items())
    serve(create_server(network), network, host=host, port=port, name="sandbox network")


def _read(file: Path) -> dict[str, dict[str, Any]]:
    import yaml

    places: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return places
