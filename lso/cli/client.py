"""`lso client add | rotate | revoke` and `lso key rotate`: who may call, and what we sign with."""

from __future__ import annotations

from pathlib import Path

import click

from lso.canonical.tenant import Audience
from lso.gateway.identity import client as clients
from lso.gateway.identity.key import PURPOSES, KeyRing, Purpose
from lso.gateway.identity.scope import BROAD, check
from lso.settings import settings
from lso.store.engine import open_store


@click.group()
def client() -> None:
    """Clients: the credentials of a tenant."""


@client.command()
@click.argument("tenant")
@click.argument("name")
@click.option("--audience", type=click.Choice(["pil", "sil"]), required=True, help="partners or enterprises")
@click.option("--scope", "scopes", multiple=True, default=("*",), help="operationId, read, write or *; repeatable")
@click.option("--buyer", "buyers", multiple=True, help="buyer id of the profile that it is bound to; repeatable")
@click.option("--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="its public keys")
def add(tenant: str, name: str, audience: Audience, scopes: tuple[str, ...], buyers: tuple[str, ...],
        jwks: Path | None) -> None:
    """Add client NAME to TENANT and print its secret, once."""
    if set(scopes) - BROAD:
        from lso.dialects.book import book

        check(scopes, book().editions, audience)
    keys = clients.public_keys(jwks.read_bytes()) if jwks else None
    with open_store(settings().store_url) as store:
        click.echo(clients.add(store, tenant, name, audience, scopes=scopes, buyer_ids=buyers, jwks=keys))


@client.command()
@click.argument("tenant")
@click.argument("name")
@click.option("--grace-hours", default=24.0, show_default=True, help="how long the old secret stays good")
def rotate(tenant: str, name: str, grace_hours: float) -> None:
    """Give client NAME of TENANT a new secret and print it, once."""
    with open_store(settings().store_url) as store:
        click.echo(clients.rotate(store, tenant, name, grace_hours * 3600))


@client.command()
@click.argument("tenant")
@click.argument("name")
def revoke(tenant: str, name: str) -> None:
    """Refuse client NAME of TENANT from now on, its tokens included."""
    with open_store(settings().store_url) as store:
        clients.revoke(store, tenant, name)


@click.group()
def key() -> None:
    """Signing keys."""


@key.command("rotate")
@click.argument("purpose", type=click.Choice(PURPOSES))
def rotate_key(purpose: Purpose) -> None:
    """Sign with a new key from now on; the old ones stay published."""
    with open_store(settings().store_url) as store:
        click.echo(KeyRing(store).rotate(purpose))
