"""`lso translate` and `lso explain`: a file in another dialect, and why it says what it says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

PARTS = ("document", "complement", "findings", "losses")
Command = TypeVar("Command", bound=Callable[..., Any])


def _ends(command: Command) -> Command:
    """The options that both commands share."""
    for option in (
        click.option("--from", "source", required=True, help="dialect or edition of FILE, or canonical"),
        click.option("--to", "target", required=True, help="dialect or edition wanted, or canonical"),
        click.option("--resource", default="order", show_default=True),
        click.option("--extended", is_flag=True, help="TM Forum with MEF facts as extension members"),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)),
    ):
        command = option(command)
    return command


@click.command()
@_ends
@click.option("--complement", "kept", type=click.File("rb"), help="complement of an earlier translation, to put back")
@click.option("--only", type=click.Choice(PARTS), help="print one part, as JSON")
def translate(*, source: str, target: str, resource: str, extended: bool, file: Path, kept: Any,
              only: str | None) -> None:
    """Print the document in FILE in another dialect, what that cannot hold, what it lacks, and what was lost."""
    from lso.dialects import passage

    ends = _open(source, target, resource, extended)
    document = _document(file)
    made = passage.translate(*ends, document, _object(kept.read(), kept.name) if kept else None)
    lacking = _lacking(target, resource, made.document, partial(passage.origins, *ends, document))
    parts = {"document": made.document, "complement": made.complement,
             "findings": [*(finding._asdict() for finding in made.findings), *lacking],
             "losses": [loss._asdict() for loss in made.losses]}
    click.echo(_json(parts[only] if only else parts))


@click.command()
@_ends
def explain(*, source: str, target: str, resource: str, extended: bool, file: Path) -> None:
    """Print each member of the translation with its source, row and conversion, then findings, lacks and losses."""
    from lso.dialects import passage

    ends = _open(source, target, resource, extended)
    document = _document(file)
    for trace in passage.explained(*ends, document):
        click.echo(f"{trace.target}\n    from {trace.source or '(nothing)'}\n    row  {trace.row}\n"
                   f"    how  {trace.conversion}")
    made = passage.translate(*ends, document)
    for finding in made.findings:
        click.echo(f"found {finding.pointer or '/'}: {finding.reason}")
    for lacking in _lacking(target, resource, made.document, partial(passage.origins, *ends, document)):
        click.echo(f"lacks {lacking['at']}: {lacking['reason']} See {lacking['pointer'] or '/'}.")
    for loss in made.losses:
        click.echo(f"lost {loss.at}: {loss.why}; kept in {loss.kept}")


def _open(source: str, target: str, resource: str, extended: bool) -> tuple[Any, Any]:
    from lso.dialects.book import book
    from lso.dialects.passage import end
    from lso.errors import NotUnderstood

    try:
        return (end(book(), source, resource, extended=extended), end(book(), target, resource, extended=extended))
    except NotUnderstood as error:
        raise click.ClickException(error.reason) from None


def _lacking(target: str, resource: str, document: dict[str, Any],
             origins: Callable[[], dict[str, str]]) -> list[dict[str, Any]]:
    """What the other dialect requires and the translation does not have."""
    from lso.dialects.book import book
    from lso.gateway.completeness import Completeness
    from lso.settings import data_folder

    return Completeness(book(), data_folder("specs")).findings(target, resource, document, origins)


def _document(file: Path) -> dict[str, Any]:
    return _object(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes(), str(file))


def _object(text: bytes, name: str) -> dict[str, Any]:
    """The object in a JSON text, read as the door would read it."""
    from lso.errors import BridgeError
    from lso.gateway.parser import Limits, parse

    try:
        document = parse(text, Limits())
    except BridgeError as error:
        raise click.ClickException(f"{name} is not JSON: {error.reason}") from None
    if not isinstance(document, dict):
        raise click.ClickException(f"{name} is not a JSON object")
    return document


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
