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
TOLD_MOST = 300


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
        """Runs the command. Whatever goes wrong is told in a sentence; what is no mistake of an operator's says how to
        see where it came from."""
        from lso.cli.fault import sentence
        from lso.settings import Settings

        try:
            Settings()  # Wrong ones are told of; commands may still change the environment before they are kept.
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params["trace"]:
                raise
            for one in getattr(error, "findings", ()):
                click.echo(f"{one.pointer}: {one.code}: {one.reason}", err=True)
            if (told := sentence(error)) is not None:
                raise click.ClickException(told) from error
            command = ctx.invoked_subcommand or ""
            raise click.ClickException(
                f"{ctx.info_name} {command} failed unexpectedly ({type(error).__name__}: {str(error)[:TOLD_MOST]}). "
                f"`{ctx.info_name} --trace {command} …` shows where.") from error


@click.group(cls=Commands)
@click.option("--trace", is_flag=True, help="Show where an error came from.")
def main(trace: bool) -> None:
    """LSO Bridge: one network service order, many languages."""
