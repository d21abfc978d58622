"""`lso demo`: plays the stories against a running service, or one of its own, and shows orders in every language."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from lso.cli.token import CREDENTIALS, fetch, kept_secret
from lso.demo import alternate, connection, interruption, novelty, order, published, purchase, quoting, view
from lso.demo.client import Astray, Customer
from lso.demo.own import Own, answers
from lso.demo.story import Story
from lso.settings import settings

STORIES = (*published.STORIES, *order.STORIES, *purchase.STORIES, *quoting.STORIES, *alternate.STORIES,
           *novelty.STORIES, *interruption.STORIES, *connection.STORIES)
LEFT_OUT = "left out: it needs a service of the demo's own"


@click.command()
@click.option("--url", envvar="LSO_URL", help="a running service; default: the one on port 8080, else one of its own")
def demo(url: str | None) -> None:
    """Play the stories and show orders in every language."""
    console = Console()
    with service(url) as customer:
        console.print(f"against {customer.url}\n")
        played = play(console, customer)
        console.print(played.verdicts)
        console.print(played.moments)
        for language, id in played.wholes:
            console.rule(f"ordered by {language}")
            console.print(view.side_by_side(customer, id))
            console.print(view.losses(customer, language, id))
    if played.failed:
        raise click.ClickException(f"{len(played.failed)} of {len(STORIES)} stories did not end as they should: "
                                   f"{'; '.join(played.failed)}")


@contextmanager
def service(url: str | None) -> Iterator[Customer]:
    """A customer of a service that answers: the one that is named or usual, else one of the demo's own."""
    usual = url or f"http://127.0.0.1:{settings().port}"
    if url or ((settings().var / CREDENTIALS).is_file() and answers(usual)):
        yield customer_of(usual, settings().var)
        return
    with tempfile.TemporaryDirectory() as folder:
        own = Own(Path(folder))
        try:
            own.start()
            yield customer_of(own.url, own.folder, own)
        except Astray as astray:
            raise click.ClickException(str(astray)) from astray
        finally:
            own.stop()


def customer_of(url: str, folder: Path, own: Own | None = None) -> Customer:
    """A customer with the demo's credentials, which are in a folder."""
    return Customer(url, lambda client: fetch(url, client, kept_secret(client, folder)), own.revive if own else None)


@dataclass
class Played:
    """wholes: orders to be shown whole, with the language each was placed in. failed: the titles of the stories that
    did not end as they should."""

    moments: Table = field(default_factory=view.moments)
    verdicts: Table = field(default_factory=view.verdicts)
    wholes: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def play(console: Console, customer: Customer, stories: Sequence[Story] = STORIES) -> Played:
    """The stories with their progress."""
    played = Played()
    with Progress(*columns(), console=console, expand=True) as progress:
        for story in stories:
            task = progress.add_task(story.title, total=1, state="")
            if story.alone and not customer.owns:
                progress.update(task, total=1, completed=1, state=LEFT_OUT)
                continue
            state = said = ""
            try:
                for reached in story.play(customer):
                    state = reached.state
                    said = f"{state}: {reached.note}" if reached.note else state
                    progress.update(task, total=reached.steps, completed=reached.done, state=said)
                    if reached.whole:
                        played.wholes.append((reached.whole, reached.order))
                    if reached.verdict:
                        played.verdicts.add_row(*reached.verdict, end_section=reached.done == reached.steps)
                    if reached.moment:
                        played.moments.add_row(reached.moment, *view.words(customer, reached), end_section=True)
            except Astray as astray:
                state = said = str(astray)
            progress.update(task, total=1, completed=1, state=said)
            if state != story.ends:
                played.failed.append(story.title)
    return played


def columns() -> tuple[TextColumn, BarColumn, TextColumn, TimeElapsedColumn]:
    """Title, bar, state and time of a story; what is too long for its column goes on in the next line."""
    def folded(ratio: int) -> Column:
        return Column(ratio=ratio, overflow="fold")
    return (TextColumn("{task.description}", table_column=folded(5)), BarColumn(10),
            TextColumn("{task.fields[state]}", table_column=folded(4)), TimeElapsedColumn())
