"""`lso demo`: plays the stories against a running service, or one of its own, and shows one order in every language."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import requests
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lso.cli.token import CREDENTIALS, fetch, kept_secret
from lso.demo import connection, interruption, order, purchase, view
from lso.demo.client import Astray, Customer
from lso.demo.story import Story
from lso.settings import settings

STORIES = (*order.STORIES, *purchase.STORIES, *interruption.STORIES, *connection.STORIES)


@click.command()
@click.option("--url", envvar="LSO_URL", help="a running service; default: the one on port 8080, else one of its own")
def demo(url: str | None) -> None:
    """Play the stories and show one order in every language."""
    console = Console()
    with service(url) as (here, folder):
        console.print(f"against {here}\n")
        customer = Customer(here, lambda client: fetch(here, client, kept_secret(client, folder)))
        played = play(console, customer)
        console.print(played.moments)
        console.print(view.side_by_side(customer, played.first))
        console.print(view.losses(customer, played.first))
    if played.failed:
        raise click.ClickException(f"{len(played.failed)} of {len(STORIES)} stories did not end as they should: "
                                   f"{'; '.join(played.failed)}")


@contextmanager
def service(url: str | None) -> Iterator[tuple[str, Path]]:
    """The address of a service that answers, and where its demo credentials are."""
    usual = url or f"http://127.0.0.1:{settings().port}"
    if url or ((settings().var / CREDENTIALS).is_file() and answers(usual)):
        yield usual, settings().var
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        command = [sys.executable, "-c", "from lso.cli import main; main()", "serve", "--port", port]
        process = subprocess.Popen(command, env={"LSO_VAR": folder, "PATH": ""}, stdout=subprocess.DEVNULL,  # noqa: S603
                                   stderr=subprocess.DEVNULL)
        try:
            here = f"http://127.0.0.1:{port}"
            wait(here, process)
            yield here, Path(folder)
        finally:
            process.terminate()
            process.wait()


def answers(url: str) -> bool:
    """Whether a service there is ready."""
    try:
        return requests.get(f"{url}/ready", timeout=1).status_code == 200
    except requests.RequestException:
        return False


def wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Until the service takes requests."""
    until = time.monotonic() + seconds
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise click.ClickException("the service did not start")
        time.sleep(0.1)


@dataclass
class Played:
    """first: the id of the first order. failed: the titles of the stories that did not end as they should."""

    moments: Table
    first: str = ""
    failed: list[str] = field(default_factory=list)


def play(console: Console, customer: Customer, stories: Sequence[Story] = STORIES) -> Played:
    """The stories with their progress."""
    played = Played(view.moments())
    columns = (TextColumn("{task.description:58}"), BarColumn(20), TextColumn("{task.fields[state]:14}"),
               TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for story in stories:
            task = progress.add_task(story.title, total=1, state="")
            state = ""
            try:
                for reached in story.play(customer):
                    state = reached.state
                    progress.update(task, total=reached.steps, completed=reached.done, state=state)
                    played.first = played.first or reached.order
                    if reached.moment:
                        played.moments.add_row(reached.moment, *view.words(customer, reached), end_section=True)
            except Astray as astray:
                state = str(astray)
            progress.update(task, total=1, completed=1, state=state)
            if state != story.ends:
                played.failed.append(story.title)
    return played
