"""`lso token CLIENT`: a bearer token on standard output, for scripts and curl."""

from __future__ import annotations

import json
from pathlib import Path

import click
import requests

from lso.settings import settings

CREDENTIALS = "demo-credentials.json"


def kept_secret(client: str, folder: Path) -> str:
    """The secret of a demo client, as written when the demo data were seeded."""
    file = folder / CREDENTIALS
    if not file.is_file():
        raise click.ClickException(f"{file} is not there: start the service once, or give --secret")
    secrets: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    if client not in secrets:
        raise click.ClickException(f"{client} is not one of the demo clients: {', '.join(sorted(secrets))}")
    return secrets[client]


def fetch(url: str, client: str, secret: str, scope: str = "") -> str:
    """An access token from the token endpoint at `url`."""
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    try:
        answer = requests.post(f"{url}/oauth2/token", data=form, auth=(client, secret), timeout=10)
    except requests.ConnectionError as error:
        raise click.ClickException(f"nobody answers at {url}: is the service running?") from error
    except (requests.RequestException, ValueError) as error:
        raise click.ClickException(f"{url} cannot be asked: {error}") from error
    if answer.status_code != 200:
        raise click.ClickException(f"the token endpoint answered {answer.status_code}: {answer.text}")
    return str(answer.json()["access_token"])


@click.command()
@click.argument("client")
@click.option("--secret", envvar="LSO_CLIENT_SECRET", help="default: the demo client's, from var/")
@click.option("--scope", default="", help="operationIds, blank-separated; default: all of the client's")
@click.option("--url", envvar="LSO_URL", default="http://127.0.0.1:8080", show_default=True)
def token(client: str, secret: str | None, scope: str, url: str) -> None:
    """Print a bearer token for CLIENT."""
    click.echo(fetch(url, client, secret or kept_secret(client, settings().var), scope))
