"""`lso tenant apply FILE`: what was agreed with a tenant, as a versioned document."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from lso.service.directory import apply_profile
from lso.settings import settings
from lso.store import tenant as tenants
from lso.store.engine import open_store


@click.group()
def tenant() -> None:
    """Tenants: whose data."""


@tenant.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply(file: Path) -> None:
    """Keep the profile in FILE (YAML or JSON) as its tenant's newest; orders under way keep theirs."""
    document = yaml.safe_load(file.read_bytes())
    if not isinstance(document, dict):
        raise click.ClickException(f"{file} does not hold a profile")
    with open_store(settings().store_url) as store:
        profile = apply_profile(store, document)
    click.echo(f"{profile.tenant} is at version {profile.version}")


@tenant.command("list")
def list_tenants() -> None:
    """Every tenant, the version of its profile, and its clients."""
    with open_store(settings().store_url) as store:
        profiles, clients = store.query_now(tenants.profiles), store.query_now(tenants.clients)
    for profile in profiles:
        names = ", ".join(c.id for c in clients if c.tenant == profile.tenant and c.revoked_at is None)
        click.echo(f"{profile.tenant}\t{profile.version}\t{profile.name}\t{names}")
