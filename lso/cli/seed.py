"""`lso seed`: demo tenants, clients and products. Secrets go to a file for its owner only; the store has digests."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from lso.cli.token import CREDENTIALS
from lso.demo.seed import DemoClient, load_demo
from lso.demo.seed import seed as seed_data
from lso.gateway.identity import client as clients
from lso.settings import Settings, settings
from lso.store.engine import Store, open_store

ORDERS = {
    "demo-carrier": "/mefApi/sonata/productOrderingManagement/v10/productOrder",
    "demo-enterprise": "/tmf-api/productOrderingManagement/v4/productOrder",
    "demo-developer": "/internet-on-demand/connections",
}


@click.command()
def seed() -> None:
    """Put the demo data into the store; what is there stays."""
    chosen = settings()
    with open_store(chosen.store_url) as store:
        seed_demo(store, chosen)
    click.echo(f"demo credentials are in {chosen.var / CREDENTIALS}")


def seed_demo(store: Store, chosen: Settings) -> None:
    """Demo tenants, clients and products; a client whose secret is not in the file is given a new one."""
    file = chosen.var / CREDENTIALS
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def mint(client: DemoClient) -> str:
        return clients.add(store, client.tenant, client.id, client.audience, scopes=client.scopes)

    data = load_demo()
    secrets = known | seed_data(store, mint, data)
    for client in data.clients:
        if client.id not in secrets:
            secrets[client.id] = clients.rotate(store, client.tenant, client.id, grace_seconds=0)
    if secrets != known:
        write_secrets(file, secrets)


def write_secrets(file: Path, secrets: dict[str, str]) -> None:
    """All at once or not at all, and never readable by others."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(secrets, out, indent=1)
    fresh.replace(file)


def welcome(chosen: Settings) -> None:
    """What to try first: one working line per audience."""
    here = chosen.public_url
    command = Path(sys.argv[0])
    if command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    click.echo(f"LSO Bridge is starting on {here}  (documents: {here}{ORDERS['demo-carrier'].rpartition('/')[0]}/docs)")
    for client, path in ORDERS.items():
        click.echo(f'  curl -s -H "Authorization: Bearer $({command} token {client} --url {here})" {here}{path}')
