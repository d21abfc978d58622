"""`lso demo`: plays the stories against a running service, or one of its own, and shows one order in every language."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import requests
from rich.console import Console
from rich.json import JSON
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lso.cli.token import CREDENTIALS, fetch, kept_secret
from lso.demo.client import CANTATA, FINAL, SONATA, TMF, Customer, Document
from lso.demo.connection import STEPS, live
from lso.settings import data_folder, settings

LONG = 160
STORIES: tuple[tuple[str, str, str, str, str], ...] = (
    ("A carrier orders internet access by Sonata", SONATA, "demo-carrier", "sonata/internet_add.json", "completed"),
    ("A carrier orders an Ethernet private line with two ends", SONATA, "demo-carrier", "sonata/epl_add.json",
     "completed"),
    ("A carrier orders an Access E-Line", SONATA, "demo-carrier", "sonata/access_eline_add.json", "completed"),
    ("An enterprise may not: Cantata does not know that product", CANTATA, "demo-carrier-sil",
     "sonata/access_eline_add.json", "422"),
    ("An enterprise orders internet access by TMF622", TMF, "demo-enterprise", "tmf/internet_add.json", "completed"),
    ("An enterprise orders what no network can deliver", TMF, "demo-enterprise", "tmf/gift_card.json", "rejected"),
)
CONNECTION = "A developer has a connection, makes it faster and ends it"


@click.command()
@click.option("--url", envvar="LSO_URL", help="a running service; default: the one on port 8080, else one of its own")
def demo(url: str | None) -> None:
    """Play the stories and show one order in every language."""
    console = Console()
    with service(url) as (here, folder):
        console.print(f"against {here}\n")
        customer = Customer(here, lambda client: fetch(here, client, kept_secret(client, folder)))
        first, failed = play(console, customer)
        compare(console, customer, first)
    if failed:
        raise click.ClickException(f"{failed} of {len(STORIES) + 1} stories did not end as they should")


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


def sample(name: str) -> Document:
    """A document that travels with the code."""
    document: Document = json.loads((data_folder("samples") / name).read_text(encoding="utf-8"))
    return document


def play(console: Console, customer: Customer) -> tuple[str, int]:
    """All stories with their progress; the id of the first order, and how many stories did not end as they should."""
    first, failed = "", 0
    columns = (TextColumn("{task.description:58}"), BarColumn(20), TextColumn("{task.fields[state]:14}"),
               TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for title, base, client, name, expected in STORIES:
            task = progress.add_task(title, total=1, state="")
            answer = customer.place(base, client, sample(name))
            state, id = str(answer.status_code), ""
            if answer.status_code == 201:
                id = answer.json()["id"]
                for order in customer.watch(base, client, id):
                    items = order["productOrderItem"]
                    ended = sum(item.get("state") in FINAL for item in items)
                    state = order["state"]
                    progress.update(task, total=len(items), completed=ended, state=state)
            progress.update(task, total=1, completed=1, state=state)
            first = first or id
            failed += state != expected
        failed += connect(progress, customer)
    return first, failed


def connect(progress: Progress, customer: Customer) -> bool:
    """The story of a connection with its progress; whether it did not end as it should."""
    task = progress.add_task(CONNECTION, total=STEPS, state="")
    reached = ""
    for reached in live(customer, "demo-developer"):
        progress.update(task, advance=1, state=reached)
    return reached != "terminated"


def compare(console: Console, customer: Customer, id: str) -> None:
    """One order in every language, and what each of them cannot hold."""
    sonata = customer.read(SONATA, "demo-carrier", id).json()
    views = {"Sonata": sonata, "Cantata": customer.read(CANTATA, "demo-carrier-sil", id).json(),
             "TMF622": customer.read(TMF, "demo-carrier-sil", id).json()}
    table = Table.grid(expand=True)
    for _ in views:
        table.add_column(ratio=1)
    table.add_row(*(Panel(JSON(json.dumps(brief(view))), title=name) for name, view in views.items()))
    console.print(table)
    there = customer.translate("demo-carrier", "sonata", "tmf", sonata)
    lost = Table(title="What TMF622 cannot hold; kept in the complement, back on the way back", expand=True)
    lost.add_column("where in the Sonata document")
    lost.add_column("why")
    for loss in there["losses"]:
        lost.add_row(loss["at"], loss["why"])
    console.print(lost)


def brief(value: Any) -> Any:
    """A document that fits on a screen: the configuration of a product is told by its size."""
    if isinstance(value, dict):
        return {name: brief(inner) if name not in ("productConfiguration", "value") or len(json.dumps(inner)) < LONG
                else f"… {len(json.dumps(inner))} bytes" for name, inner in value.items()}
    return [brief(inner) for inner in value] if isinstance(value, list) else value
