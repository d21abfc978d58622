"""The `lso` command. Each command is a module of its own, imported when it is called: `lso --help` stays quick."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "serve": "serve:serve",
    "worker": "process:worker",
    "beat": "process:beat",
    "sandbox": "sandbox:sandbox",
    "legacy": "legacy:legacy",
    "seed": "seed:seed",
    "token": "token:token",
    "tenant": "tenant:tenant",
    "places": "places:places",
    "prices": "prices:prices",
    "client": "client:client",
    "key": "client:key",
    "events": "events:events",
    "jobs": "jobs:jobs",
    "items": "items:items",
    "activity": "activity:activity",
    "translate": "translate:translate",
    "explain": "translate:explain",
    "mapping": "mapping:mapping",
    "spec": "spec:spec",
    "demo": "demo:demo",
}


class Commands(click.Group):
    """Finds a command by name and imports only its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of that name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"lso.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; what an operator can mend is told in a sentence, anything else looks like the bug it is."""
        from pydantic import ValidationError
        from sqlalchemy.exc import ArgumentError, OperationalError
        from yaml import YAMLError

        from lso.errors import BridgeError
        from lso.settings import Settings

        try:
            Settings()  # Wrong ones are told of; commands may still change the environment before they are kept.
            return super().invoke(ctx)
        except BridgeError as error:
            for finding in error.findings:
                click.echo(f"{finding.pointer}: {finding.code}: {finding.reason}", err=True)
            raise click.ClickException(error.reason) from error
        except ValidationError as error:
            said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise click.ClickException(f"{error.title}: {said}") from error
        except ArgumentError as error:
            raise click.ClickException("LSO_DATABASE_URL is not a database URL.") from error
        except OperationalError as error:
            raise click.ClickException(f"The database does not answer: {error.orig}") from error
        except YAMLError as error:
            raise click.ClickException(f"The file is not YAML: {error}") from error


@click.group(cls=Commands)
def main() -> None:
    """LSO Bridge: one network service order, many languages."""
