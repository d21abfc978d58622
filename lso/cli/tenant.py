"""`lso tenant apply FILE`, `show` and `list`: what was agreed with tenants, as versioned documents."""

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


@tenant.command()
@click.argument("name", metavar="TENANT")
@click.option("--version", type=click.IntRange(1), help="an earlier one; default: the newest")
def show(name: str, version: int | None) -> None:
    """Print the profile of TENANT as it was applied, in YAML. Secrets belong to clients and are not in it."""
    with open_store(settings().store_url) as store:
        found = store.query_now(lambda connection: tenants.newest_profile(connection, name) if version is None
                                else tenants.profile(connection, name, version))
    if found is None:
        of = f"tenant {name}" if version is None else f"version {version} of a tenant {name}"
        raise click.ClickException(f"There is no {of}.")
    said = found.model_dump(mode="json", exclude_defaults=True)
    click.echo(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120), nl=False)


@tenant.command("list")
def list_tenants() -> None:
    """Every tenant, the version of its profile, and its clients."""
    with open_store(settings().store_url) as store:
        profiles, clients = store.query_now(tenants.profiles), store.query_now(tenants.clients)
    for profile in profiles:
        names = ", ".join(c.id for c in clients if c.tenant == profile.tenant and c.revoked_at is None)
        click.echo(f"{profile.tenant}\t{profile.version}\t{profile.name}\t{names}")
